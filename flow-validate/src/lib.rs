//! From a Flow to the files of a backend, with every mistake found on the way.
//!
//! [`compile`] runs all steps: it takes a text, or a Flow built in code, and returns everything
//! that it computed, including the files of a backend. [`rules()`](rules::rules) lists all rules.
//! This crate does not draw findings and does not know any backend.

mod allowances;
mod compile;
mod fates;
mod fix;
mod layout;
pub mod rules;

pub use compile::{Compiled, Input, Options, compile, compile_each, plan};
pub use fix::{Fixed, fix};
