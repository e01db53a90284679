//! The one table of keys: what may be written in a Flow, what type it has, what it becomes.
//!
//! Parsing, did-you-mean, the docs and the runtime arguments all come from the rows in
//! `flow.rs`, `gateway.rs` and `executor.rs`. To add a key, add a row; every backend's
//! `fate` then fails to compile until it says what it does with it.

mod executor;
mod flow;
mod gateway;
mod info;
mod macros;
mod mapping;
mod replaced;
mod setting;
mod suggest;
mod written;

pub use executor::{ExecutorKey, ExecutorSettings};
pub use flow::{FlowKey, FlowSettings};
pub use gateway::{GatewayKey, GatewaySettings};
pub(crate) use info::SetFlag;
pub use info::{Flag, Key, KeyInfo, Role, Roles, Scope};
pub use mapping::{MappingKind, UnknownKey};
pub(crate) use mapping::{read_keys, twice};
pub(crate) use replaced::Replaced;
pub use setting::Setting;
pub use suggest::{Candidates, Reason, Suggestion, is_clear, nearest, suggest};
pub use written::Written;
