//! Reads YAML text as a tree with the span of every value.
//!
//! `granit-parser` reads the syntax; scalar types, anchors, merge keys and limits are implemented
//! here, because serde-based readers stop at the first error and lose positions.

mod budget;
mod build;
pub(crate) mod data;
mod expression;
pub(crate) mod json;
mod limits;
mod parse;
mod rules;
mod scalar;
mod section;
mod substitute;
mod tag;
mod tree;
mod variables;

pub(crate) use budget::Size;
pub use budget::{Budget, Spent};
pub(crate) use expression::holds_expression;
pub use limits::Limits;
pub(crate) use parse::over_budget;
pub use parse::parse;
pub use rules::{
    BAD_EXPRESSION, BAD_KEY, BAD_MERGE, BAD_TAG, DUPLICATE_KEY, ENDLESS_SUBSTITUTION, KEPT_DOLLAR,
    RULES, SYNTAX_ERROR, TOO_DEEP, TOO_LARGE, TOO_MANY_NODES, UNDEFINED_VARIABLE, UNKNOWN_ANCHOR,
};
pub use scalar::ScalarValue;
pub use section::Section;
pub(crate) use section::is_own;
pub use substitute::substitute;
pub use tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
pub use variables::{UsedVariables, Variables};
