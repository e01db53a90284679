//! Free-form mappings: arguments of an Executor, options, filters.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::reader::{FromNode, Reader};
use super::{ArgumentValue, ToArguments, ToValue};
use crate::source::{Entry, Node, NodeValue, Scalar, ScalarStyle, json};
use crate::span::{Span, Spanned};

/// A free-form mapping, in the order in which it was written.
///
/// Jina takes these forms (its `KVAppendAction`): a mapping, a list of `key=value` or `key: value`,
/// or one such text; instead of such a text, a mapping in JSON. A quoted scalar stays text; Jina
/// would turn it into a number.
///
/// Two are equal if their entries are equal, wherever they were written. Clones share their
/// entries.
#[derive(Debug, Clone, Default)]
pub struct KeyValues(Arc<Tree>);

/// The entries and their places, both in the same order.
#[derive(Debug, Clone, Default)]
struct Tree {
    map: Map<String, Value>,
    spans: IndexMap<String, Spans>,
}

/// The place of an entry or an item, with the places of its parts.
#[derive(Debug, Clone, Default)]
struct Spans {
    name: Option<Span>,
    value: Option<Span>,
    within: Vec<Self>,
}

/// A value within a [`KeyValues`]: an entry of a mapping or an item of a list.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The key of an entry; `None` for an item.
    pub name: Option<Spanned<&'a str>>,
    /// The value.
    pub value: Spanned<&'a Value>,
    within: &'a [Spans],
}

impl<'a> Part<'a> {
    fn new(name: Option<&'a str>, value: &'a Value, spans: Option<&'a Spans>) -> Self {
        Self {
            name: name.map(|name| Spanned { value: name, span: spans.and_then(|s| s.name) }),
            value: Spanned { value, span: spans.and_then(|spans| spans.value) },
            within: spans.map_or(&[], |spans| &spans.within),
        }
    }

    /// The entries of a mapping or the items of a list; nothing for any other value.
    pub fn parts(self) -> Vec<Self> {
        let spans = |index: usize| self.within.get(index);
        match self.value.value {
            Value::Object(map) => {
                let entries = map.iter().enumerate();
                entries
                    .map(|(index, (name, value))| Self::new(Some(name), value, spans(index)))
                    .collect()
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, value)| Self::new(None, value, spans(index))).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl PartialEq for KeyValues {
    fn eq(&self, other: &Self) -> bool {
        self.0.map == other.0.map
    }
}

impl Eq for KeyValues {}

impl std::ops::Deref for KeyValues {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0.map
    }
}

impl KeyValues {
    /// A mapping that was never written.
    pub fn new(map: Map<String, Value>) -> Self {
        Self(Arc::new(Tree { map, spans: IndexMap::new() }))
    }

    /// The entries, in the order in which they were written.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let Tree { map, spans } = &*self.0;
        map.iter().map(|(name, value)| Part::new(Some(name), value, spans.get(name)))
    }

    /// Every value at any depth, each before its parts.
    pub fn all_parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut next: Vec<_> = self.parts().collect();
        next.reverse();
        std::iter::from_fn(move || {
            let part = next.pop()?;
            next.extend(part.parts().into_iter().rev());
            Some(part)
        })
    }

    /// Removes an entry. Returns false if there is none.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        let tree = Arc::make_mut(&mut self.0);
        tree.spans.shift_remove(key);
        tree.map.shift_remove(key).is_some()
    }

    /// Adds the entries of another mapping; existing keys win.
    pub(crate) fn lay_over(&mut self, below: &Self) {
        let above = std::mem::replace(self, below.clone());
        let tree = Arc::make_mut(&mut self.0);
        for (name, value) in &above.0.map {
            tree.map.insert(name.clone(), value.clone());
            match above.0.spans.get(name) {
                Some(spans) => tree.spans.insert(name.clone(), spans.clone()),
                None => tree.spans.shift_remove(name),
            };
        }
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for KeyValues {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self::new(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl From<Map<String, Value>> for KeyValues {
    fn from(map: Map<String, Value>) -> Self {
        Self::new(map)
    }
}

from_lists!(KeyValues of (K, V) where K: Into<String>, V: Into<Value>);

impl FromNode for KeyValues {
    const EXPECTS: &'static str = "a mapping, or a list of `key=value`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut tree = Tree::default();
        let mut complete = true;
        for (key, value) in entries(node, reader, Self::EXPECTS)? {
            let read = match value {
                EntryValue::Node(node) => convert(&node, reader),
                EntryValue::Text(text) => {
                    let scalar = Scalar { text, style: ScalarStyle::Plain };
                    let value = scalar.to_json();
                    let value = value.unwrap_or_else(|| Value::String(scalar.text.clone()));
                    Some((value, Spans { value: key.span, ..Spans::default() }))
                }
            };
            let Some((value, spans)) = read else {
                complete = false;
                continue;
            };
            tree.spans.insert(key.value.clone(), Spans { name: key.span, ..spans });
            tree.map.insert(key.value, value);
        }
        complete.then(|| Self(Arc::new(tree)))
    }
}

impl ToArguments for KeyValues {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::json(self)
    }
}

/// The value of one entry: a node, or the rest of `key=value`.
pub(super) enum EntryValue<'a> {
    Node(Cow<'a, Node>),
    Text(String),
}

/// The entries of a mapping in any of the forms that Jina takes, with their spans. A key that a
/// list contains twice is reported; its last value comes last.
pub(super) fn entries<'a>(
    node: &'a Node,
    reader: &mut Reader<'_>,
    expected: &str,
) -> Option<Vec<(Spanned<String>, EntryValue<'a>)>> {
    if let NodeValue::Mapping(mapping) = &node.value {
        let entries = mapping.iter();
        let value = |node| EntryValue::Node(Cow::Borrowed(node));
        return Some(entries.map(|entry| (entry.key.clone(), value(&*entry.value))).collect());
    }
    let mut list: Vec<(Spanned<String>, EntryValue<'_>)> = Vec::new();
    let mut first = IndexMap::new();
    let mut complete = true;
    for item in reader.one_or_many(node) {
        let Some(scalar) = item.as_scalar() else {
            reader.wrong_type(item, expected);
            complete = false;
            continue;
        };
        let before = list.len();
        let mut again = Vec::new();
        if let Some(mapping) = json::mapping(&scalar.text, item.span, &mut again) {
            for key in again {
                reader.twice(&key, item.span, item.span);
            }
            let value = |entry: &Entry| EntryValue::Node(Cow::Owned(Node::clone(&entry.value)));
            list.extend(mapping.iter().map(|entry| (entry.key.clone(), value(entry))));
        } else if let Some((key, value)) =
            scalar.text.split_once('=').or_else(|| scalar.text.split_once(": "))
        {
            let key = Spanned::new(key.trim().to_owned(), item.span);
            list.push((key, EntryValue::Text(value.trim().to_owned())));
        } else {
            reader.wrong_type(item, expected);
            complete = false;
        }
        for (key, _) in &list[before..] {
            if let Some(before) = first.insert(key.value.clone(), item.span) {
                reader.twice(key, before, item.span);
            }
        }
    }
    complete.then_some(list)
}

/// A node as JSON. Reports every number that JSON does not support.
fn convert(node: &Node, reader: &mut Reader<'_>) -> Option<(Value, Spans)> {
    let mut spans = Spans { value: Some(node.span), ..Spans::default() };
    let value = match &node.value {
        NodeValue::Scalar(scalar) => {
            let value = scalar.to_json();
            if value.is_none() {
                reader.wrong_value_with_help(
                    node.span,
                    "has a number that JSON does not support",
                    "expected a finite number, or an integer of at most 64 bits",
                    "quote it to pass it as text",
                );
            }
            value
        }
        NodeValue::Sequence(items) => {
            let mut list = Some(Vec::new());
            for item in items.iter() {
                let read = convert(item, reader);
                list = list.zip(read).map(|(mut list, (value, within))| {
                    list.push(value);
                    spans.within.push(within);
                    list
                });
            }
            list.map(Value::Array)
        }
        NodeValue::Mapping(mapping) => {
            let mut map = Some(Map::new());
            for entry in mapping.iter() {
                let read = convert(&entry.value, reader);
                map = map.zip(read).map(|(mut map, (value, within))| {
                    map.insert(entry.key.value.clone(), value);
                    spans.within.push(Spans { name: entry.key.span, ..within });
                    map
                });
            }
            map.map(Value::Object)
        }
    };
    value.map(|value| (value, spans))
}

impl ToValue for KeyValues {
    fn to_value(&self) -> Value {
        Value::Object(self.0.map.clone())
    }
}
