//! What the folder held, what it should hold, and what happens.

mod history;
mod situations;
mod tree;
