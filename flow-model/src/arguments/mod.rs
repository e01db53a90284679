//! The command line of Jina's processes. Nothing else writes an argument.

mod list;
mod wiring;
mod write;

pub use list::{ArgumentValue, Arguments};
pub use wiring::{Address, RuntimeOptions, Wiring};
pub use write::arguments;
