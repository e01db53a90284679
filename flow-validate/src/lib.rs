//! From a Flow to the files of a backend, with every mistake found on the way.
//!
//! [`compile`] is the whole road: a text, or a Flow that was built in code, becomes everything that is
//! known of it, the files of a backend included. [`rules()`](rules::rules) lists what is looked for.
//! Nothing here draws text or knows a particular backend.

mod compile;
mod fates;
pub mod rules;

pub use compile::{Compiled, Input, Options, compile, compile_each, plan};
