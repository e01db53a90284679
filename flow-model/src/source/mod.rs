//! YAML text as a tree that remembers where everything stood.
//!
//! `granit-parser` reads the syntax; what scalars mean, anchors, merge keys and limits are ours,
//! because serde-based readers stop at the first mistake and lose positions.

mod build;
mod limits;
mod parse;
mod rules;
mod scalar;
mod tree;

pub use limits::Limits;
pub use parse::parse;
pub use rules::{
    BAD_KEY, BAD_MERGE, DUPLICATE_KEY, RULES, SYNTAX_ERROR, TOO_DEEP, TOO_LARGE, TOO_MANY_NODES,
    UNKNOWN_ANCHOR,
};
pub use scalar::ScalarValue;
pub use tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
