//! Free mappings: what an Executor is constructed with, options, filters.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::reader::{FromNode, Reader};
use super::{ToArguments, ToValue};
use crate::arguments::ArgumentValue;
use crate::source::{Entry, Node, NodeValue, Scalar, ScalarStyle, ScalarValue, json};
use crate::span::{Span, Spanned};

/// A value with a name, somewhere in a [`KeyValues`].
#[derive(Debug, Clone)]
pub struct NamedValue {
    /// The name, and where it stands.
    pub name: Spanned<String>,
    /// Where the value stands; `None` for what was never written.
    pub span: Option<Span>,
    /// True for text and numbers that are not empty.
    pub says_something: bool,
}

/// Named values; where something stands is no part of what it means.
#[derive(Debug, Clone, Default)]
struct NamedValues(Vec<NamedValue>);

impl NamedValues {
    fn push(&mut self, name: &Spanned<String>, node: &Node) {
        let value = node.as_scalar().map(Scalar::resolve);
        let says_something = match value {
            Some(ScalarValue::String(text)) => !text.is_empty(),
            Some(ScalarValue::Int(_) | ScalarValue::Float(_)) => true,
            Some(ScalarValue::Null | ScalarValue::Bool(_)) | None => false,
        };
        self.0.push(NamedValue { name: name.clone(), span: Some(node.span), says_something });
    }

    fn push_unwritten(&mut self, map: &Map<String, Value>) {
        for (name, value) in map {
            let says_something = match value {
                Value::String(text) => !text.is_empty(),
                Value::Number(_) => true,
                _ => false,
            };
            let name = Spanned::unwritten(name.clone());
            self.0.push(NamedValue { name, span: None, says_something });
            self.push_unwritten_within(value);
        }
    }

    fn push_unwritten_within(&mut self, value: &Value) {
        match value {
            Value::Object(map) => self.push_unwritten(map),
            Value::Array(items) => items.iter().for_each(|item| self.push_unwritten_within(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

impl PartialEq for NamedValues {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for NamedValues {}

/// A mapping whose meaning belongs to someone else, in the order in which it was written.
///
/// Jina takes these forms (its `KVAppendAction`): a mapping, a list of `key=value` or `key: value`,
/// or one such text; instead of such a text, a mapping in JSON. A quoted scalar stays text; Jina
/// would turn it into a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyValues(Map<String, Value>, NamedValues);

impl std::ops::Deref for KeyValues {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl KeyValues {
    /// A mapping that was never written.
    pub fn new(map: Map<String, Value>) -> Self {
        let mut named = NamedValues::default();
        named.push_unwritten(&map);
        Self(map, named)
    }

    /// Every value that has a name, at any depth, in the order in which they were written.
    pub fn named_values(&self) -> &[NamedValue] {
        &self.1.0
    }

    /// Takes an entry out. False where there is none.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        self.0.shift_remove(key).is_some()
    }

    /// Lays this mapping over another one: its own keys win.
    pub(crate) fn lay_over(&mut self, below: &Self) {
        let above = std::mem::replace(self, below.clone());
        self.0.extend(above.0);
        self.1.0.extend(above.1.0);
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
        let mut map = Map::new();
        let mut named = NamedValues::default();
        for (key, value) in entries(node, reader, Self::EXPECTS)? {
            let value = match value {
                EntryValue::Node(node) => {
                    named.push(&key, &node);
                    convert(&node, reader, &mut named)?
                }
                EntryValue::Text(text) => {
                    let span = key.span.unwrap_or(node.span);
                    let says_something = !text.is_empty();
                    named.0.push(NamedValue {
                        name: key.clone(),
                        span: Some(span),
                        says_something,
                    });
                    let scalar = Scalar { text, style: ScalarStyle::Plain };
                    scalar_to_json(&scalar).unwrap_or_else(|| Value::String(scalar.text.clone()))
                }
            };
            map.insert(key.value, value);
        }
        Some(Self(map, named))
    }
}

impl ToArguments for KeyValues {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::json(&self.0)
    }
}

/// The value of one entry: a node, or the rest of `key=value`.
pub(super) enum EntryValue<'a> {
    Node(Cow<'a, Node>),
    Text(String),
}

/// The entries of a mapping in any of the forms that Jina takes, with their spans.
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
    let mut list = Vec::new();
    for item in reader.one_or_many(node) {
        let Some(scalar) = item.as_scalar() else {
            reader.wrong_type(item, expected);
            return None;
        };
        if let Some(mapping) = json::mapping(&scalar.text, item.span) {
            let value = |entry: &Entry| EntryValue::Node(Cow::Owned(Node::clone(&entry.value)));
            list.extend(mapping.iter().map(|entry| (entry.key.clone(), value(entry))));
            continue;
        }
        let pair = scalar.text.split_once('=').or_else(|| scalar.text.split_once(": "));
        let Some((key, value)) = pair else {
            reader.wrong_type(item, expected);
            return None;
        };
        let key = Spanned::new(key.trim().to_owned(), item.span);
        list.push((key, EntryValue::Text(value.trim().to_owned())));
    }
    Some(list)
}

/// A node as JSON. Reports numbers that JSON does not have.
pub(super) fn to_json(node: &Node, reader: &mut Reader<'_>) -> Option<Value> {
    convert(node, reader, &mut NamedValues::default())
}

fn convert(node: &Node, reader: &mut Reader<'_>, named: &mut NamedValues) -> Option<Value> {
    match &node.value {
        NodeValue::Scalar(scalar) => {
            let value = scalar_to_json(scalar);
            if value.is_none() {
                reader.wrong_value_with_help(
                    node.span,
                    "holds a number that cannot be handed on as it is",
                    "expected a finite number; an integer of 64 bits",
                    "quote it to hand it on as text",
                );
            }
            value
        }
        NodeValue::Sequence(items) => {
            let items = items.iter().map(|item| convert(item, reader, named));
            items.collect::<Option<_>>().map(Value::Array)
        }
        NodeValue::Mapping(mapping) => {
            let mut map = Map::new();
            for entry in mapping.iter() {
                named.push(&entry.key, &entry.value);
                map.insert(entry.key.value.clone(), convert(&entry.value, reader, named)?);
            }
            Some(Value::Object(map))
        }
    }
}

/// `None` for a number that JSON does not have, or that would become another one on the way.
fn scalar_to_json(scalar: &Scalar) -> Option<Value> {
    Some(match scalar.resolve() {
        ScalarValue::Null => Value::Null,
        ScalarValue::Bool(value) => Value::Bool(value),
        ScalarValue::Int(value) => Value::Number(value.into()),
        ScalarValue::Float(value) => Value::Number(match scalar.unsigned() {
            Some(whole) => whole.into(),
            None if scalar.is_integer() => return None,
            None => Number::from_f64(value)?,
        }),
        ScalarValue::String(text) => Value::String(text.to_owned()),
    })
}

impl ToValue for KeyValues {
    fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}
