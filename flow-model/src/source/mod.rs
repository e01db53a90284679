//! YAML text as a tree that remembers where everything stood.
//!
//! `granit-parser` reads the syntax; what scalars mean, anchors, merge keys and limits are ours,
//! because serde-based readers stop at the first mistake and lose positions.

mod build;
mod expression;
pub(crate) mod json;
mod limits;
mod parse;
mod rules;
mod scalar;
mod substitute;
mod tree;
mod variables;

pub(crate) use expression::holds_expression;
pub use limits::Limits;
pub use parse::parse;
pub use rules::{
    BAD_EXPRESSION, BAD_KEY, BAD_MERGE, DUPLICATE_KEY, ENDLESS_SUBSTITUTION, KEPT_DOLLAR, RULES,
    SYNTAX_ERROR, TOO_DEEP, TOO_LARGE, TOO_MANY_NODES, UNDEFINED_VARIABLE, UNKNOWN_ANCHOR,
};
pub use scalar::ScalarValue;
pub use substitute::substitute;
pub use tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
pub use variables::{UsedVariables, Variables};
