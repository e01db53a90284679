//! The command line of Jina's processes. No other module writes arguments.

mod list;
mod size;
mod wiring;
mod write;

pub use list::Argument;
pub(crate) use size::RULES;
pub use size::{ARGUMENT_TOO_LONG, check_argument, check_total, check_variable, variable_length};
pub use wiring::{RuntimeOptions, Wiring};
pub use write::{arguments, words};
