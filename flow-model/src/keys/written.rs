//! Where a key is written.

use crate::source::Entry;
use crate::span::Span;

/// Where a key of a file is written, and what brings it where it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The key.
    pub key: Option<Span>,
    /// The value. Where an alias repeats it, its text at the anchor.
    pub value: Span,
    /// The alias that repeats the value, or the value of the merge key (`<<`) that brings the key.
    pub used_at: Option<Span>,
    /// The value that the expression here refers to.
    pub refers_to: Option<Span>,
}

impl Written {
    pub(crate) fn of(entry: &Entry) -> Self {
        let node = &entry.value;
        Self {
            key: entry.key.span,
            value: node.span,
            used_at: entry.merged.or(node.alias),
            refers_to: node.refers_to,
        }
    }
}
