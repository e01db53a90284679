//! Why something is no value.

use std::borrow::Cow;

/// Something that no Flow could say, and what could stand there instead.
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
