//! From the text of a Flow to its Plan, with every mistake found on the way.
//!
//! [`compile`] walks the whole road for the CLI and for other tools; [`rules()`](rules::rules) is what is
//! looked for. Nothing here draws text or knows a backend.

mod compile;
mod fates;
pub mod rules;

pub use compile::{Compiled, Options, compile};
pub use fates::fates;
