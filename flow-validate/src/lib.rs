//! From the text of a Flow to its Plan, with every mistake found on the way.
//!
//! [`compile`] walks the whole road for the CLI and for other tools, [`check`] the part of it that a Flow
//! built in code has before it; [`rules()`](rules::rules) is what is looked for. Nothing here draws text or knows a backend.

mod compile;
mod fates;
pub mod rules;

pub use compile::{Compiled, Options, check, compile};
pub use fates::fates;
