//! The state of the folder before and after an export, and the steps between.

mod history;
mod situations;
mod tree;
