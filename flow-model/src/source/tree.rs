//! The tree.

use std::sync::Arc;

use indexmap::IndexMap;

use super::scalar::ScalarValue;
use crate::span::{Span, Spanned};

/// A value of a YAML document.
///
/// An alias shares the node of its anchor, so its span is where the value was written, not where
/// the alias stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value's text: for a scalar its quotes too, for a collection from its first child to
    /// its last.
    pub span: Span,
    /// A local tag such as `!Flow`, without the `!`.
    pub tag: Option<Spanned<String>>,
    /// The value.
    pub value: NodeValue,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// Text that may stand for something else.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Arc<Node>>),
    /// Keys and values.
    Mapping(Mapping),
}

/// Text, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// Without quotes, escapes resolved.
    pub text: String,
    /// How it was written.
    pub style: ScalarStyle,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes: it may be a number, a boolean or null.
    Plain,
    /// In quotes, or with the tag `!!str`: text.
    Quoted,
    /// As a block (`|`, `>`): text.
    Block,
}

/// Keys and values in the order in which they were written, each key once; what a merge key
/// (`<<`) brings follows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    entries: IndexMap<String, Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: Spanned<String>,
    /// The value.
    pub value: Arc<Node>,
    /// A merge key (`<<`) brings it from another mapping.
    pub merged: bool,
}

impl Mapping {
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry; an earlier one of the same key is replaced where it stands, and returned.
    pub(super) fn insert(&mut self, entry: Entry) -> Option<Entry> {
        self.entries.insert(entry.key.value.clone(), entry)
    }

    /// Adds an entry unless the key is there.
    pub(super) fn insert_missing(&mut self, entry: &Entry) {
        if !self.entries.contains_key(&entry.key.value) {
            let entry = Entry { merged: true, ..entry.clone() };
            self.entries.insert(entry.key.value.clone(), entry);
        }
    }
}

impl Node {
    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_sequence(&self) -> Option<&[Arc<Node>]> {
        match &self.value {
            NodeValue::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            NodeValue::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// True for `null`, `~` and nothing at all.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.resolve() == ScalarValue::Null)
    }

    /// The form of the value, with an article, as findings name it.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            NodeValue::Mapping(_) => "a mapping",
            NodeValue::Sequence(_) => "a list",
            NodeValue::Scalar(scalar) => match scalar.resolve() {
                ScalarValue::Null => "null",
                ScalarValue::Bool(_) => "a boolean",
                ScalarValue::Int(_) => "an integer",
                ScalarValue::Float(_) if scalar.is_integer() => "an integer of so many digits",
                ScalarValue::Float(_) => "a number",
                ScalarValue::String(_) => "text",
            },
        }
    }
}
