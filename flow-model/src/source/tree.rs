//! The tree of a YAML document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::budget::Size;
use super::scalar::ScalarValue;
use crate::span::{Span, Spanned};

/// A value of a YAML document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value's text: for a scalar its quotes too, for a collection from its first child to
    /// its last. The value of an alias has the span of its anchor's value.
    pub span: Span,
    /// The alias (`*name`) that repeats the value here.
    pub alias: Option<Span>,
    /// The value that a `${{ root.KEY }}` or `${{ this.KEY }}` here refers to, where the whole
    /// value is one such expression.
    pub refers_to: Option<Span>,
    /// A tag such as `!Flow`, without the first `!`. Tags of YAML's own types have been applied.
    pub tag: Option<Box<Spanned<String>>>,
    /// The value.
    pub value: NodeValue,
}

/// The content of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// Text that may contain expressions.
    Scalar(Scalar),
    /// A list; aliases share it.
    Sequence(Arc<Vec<Arc<Node>>>),
    /// Keys and values; aliases share them.
    Mapping(Arc<Mapping>),
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
    /// In quotes: text, unless it is one whole expression.
    Quoted,
    /// As a block (`|`, `>`): text.
    Block,
    /// With the tag `!!str`: text, whatever the value of an expression in it.
    Text,
}

/// Keys and values in the order in which they were written, each key once; entries of a merge key
/// (`<<`) follow.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// The places of the entries, where these are [`MANY`].
    places: BTreeMap<String, usize>,
}

/// Fewer entries are found faster by looking at each, and most mappings have fewer.
const MANY: usize = 16;

/// Equal whatever the order.
impl PartialEq for Mapping {
    fn eq(&self, other: &Self) -> bool {
        let is_there = |entry: &Entry| other.get(&entry.key.value) == Some(entry);
        self.len() == other.len() && self.iter().all(is_there)
    }
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: Spanned<String>,
    /// The value.
    pub value: Arc<Node>,
    /// The value of the merge key (`<<`) that adds the entry from another mapping.
    pub merged: Option<Span>,
}

impl Mapping {
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.place(key).map(|place| &self.entries[place])
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry; an earlier one of the same key is replaced where it stands, and returned.
    pub(super) fn insert(&mut self, entry: Entry) -> Option<Entry> {
        if let Some(place) = self.place(&entry.key.value) {
            return Some(std::mem::replace(&mut self.entries[place], entry));
        }
        self.add(entry);
        None
    }

    /// Adds an entry of a merge key, unless the key exists.
    pub(super) fn insert_missing(&mut self, entry: &Entry, merged: Span) {
        if self.place(&entry.key.value).is_none() {
            self.add(Entry { merged: Some(merged), ..entry.clone() });
        }
    }

    /// Gives back memory that was kept for more entries.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() < MANY {
            self.entries.iter().position(|entry| entry.key.value == key)
        } else {
            self.places.get(key).copied()
        }
    }

    /// Adds an entry whose key is not there.
    fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() >= MANY {
            let new = self.entries.iter().enumerate().skip(self.places.len());
            self.places.extend(new.map(|(place, entry)| (entry.key.value.clone(), place)));
        }
    }
}

impl Node {
    /// A value with its span in the source.
    pub(super) fn new(span: Span, value: NodeValue) -> Self {
        Self { span, alias: None, refers_to: None, tag: None, value }
    }

    /// The size of the value.
    pub(crate) fn size(&self) -> Size {
        let mut size = match &self.value {
            NodeValue::Scalar(scalar) => return Size::of_text(&scalar.text),
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => Size::COLLECTION,
        };
        for item in self.as_sequence().into_iter().flatten() {
            size += item.size();
        }
        for entry in self.as_mapping().into_iter().flat_map(Mapping::iter) {
            size += Size::of_text(&entry.key.value);
            size += entry.value.size();
        }
        size
    }

    /// The value as JSON. A number that JSON does not support is converted to text.
    pub fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Scalar(scalar) => {
                scalar.to_json().unwrap_or_else(|| scalar.text.clone().into())
            }
            NodeValue::Sequence(items) => items.iter().map(|item| item.to_json()).collect(),
            NodeValue::Mapping(mapping) => {
                let entries = mapping.iter();
                let entries = entries.map(|entry| (entry.key.value.clone(), entry.value.to_json()));
                Value::Object(entries.collect())
            }
        }
    }

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

    /// The path of the innermost value or key that contains a span: `executors[0].replicas`. Empty
    /// for the node itself.
    pub fn path_of(&self, span: Span) -> String {
        let mut path = String::new();
        let mut node = self;
        loop {
            match &node.value {
                NodeValue::Scalar(_) => return path,
                NodeValue::Sequence(items) => {
                    let found = items.iter().enumerate().find(|(_, item)| item.holds(span));
                    let Some((index, item)) = found else { return path };
                    path.extend(["[", &index.to_string(), "]"]);
                    node = item;
                }
                NodeValue::Mapping(mapping) => {
                    let is_key =
                        |entry: &Entry| entry.key.span.is_some_and(|key| key.contains(span));
                    let found =
                        mapping.iter().find(|entry| is_key(entry) || entry.value.holds(span));
                    let Some(entry) = found else { return path };
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&entry.key.value);
                    if is_key(entry) {
                        return path;
                    }
                    node = &entry.value;
                }
            }
        }
    }

    /// True if a span is in this value, or in the alias that repeats it here.
    fn holds(&self, span: Span) -> bool {
        self.span.contains(span) || self.alias.is_some_and(|alias| alias.contains(span))
    }

    /// True for `null`, `~` and an empty value.
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
                ScalarValue::Float(_) if scalar.is_integer() => "an integer too large for 64 bits",
                ScalarValue::Float(_) => "a number",
                ScalarValue::String(_) => "text",
            },
        }
    }
}
