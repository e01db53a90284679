//! Errors for invalid values.

use std::borrow::Cow;

/// A value that a Flow cannot have, and what is expected instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    written: String,
    expected: Cow<'static, str>,
}

impl BadValue {
    /// `expected` continues "expected …".
    pub(crate) fn new(
        written: impl std::fmt::Display,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { written: written.to_string(), expected: expected.into() }
    }
}

impl std::fmt::Display for BadValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected {}, not `{}`", self.expected, self.written)
    }
}

impl std::error::Error for BadValue {}
