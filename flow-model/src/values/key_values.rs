//! Free mappings: what an Executor is constructed with, options, filters.

use serde_json::{Map, Number, Value};

use super::ToArguments;
use super::reader::{FromNode, Reader};
use crate::arguments::ArgumentValue;
use crate::source::{Node, NodeValue, Scalar, ScalarStyle, ScalarValue};
use crate::span::Spanned;

/// A mapping whose meaning belongs to someone else, in the order in which it was written.
///
/// Jina takes three forms (its `KVAppendAction`): a mapping, a list of `key=value` or
/// `key: value`, or one such text. A quoted scalar stays text; Jina would turn it into a number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeyValues(pub Map<String, Value>);

impl FromNode for KeyValues {
    const EXPECTS: &'static str = "a mapping, or a list of `key=value`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut map = Map::new();
        for (key, value) in entries(node, reader, Self::EXPECTS)? {
            let value = match value {
                EntryValue::Node(node) => to_json(node, reader)?,
                EntryValue::Text(text) => {
                    let scalar = Scalar { text, style: ScalarStyle::Plain };
                    scalar_to_json(&scalar).unwrap_or_else(|| Value::String(scalar.text.clone()))
                }
            };
            map.insert(key.value, value);
        }
        Some(Self(map))
    }
}

impl ToArguments for KeyValues {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::json(&self.0)
    }
}

/// The value of one entry: a node, or the rest of `key=value`.
pub(super) enum EntryValue<'a> {
    Node(&'a Node),
    Text(String),
}

/// The entries of a mapping in any of the three forms that Jina takes, with their spans.
pub(super) fn entries<'a>(
    node: &'a Node,
    reader: &mut Reader<'_>,
    expected: &str,
) -> Option<Vec<(Spanned<String>, EntryValue<'a>)>> {
    if let NodeValue::Mapping(mapping) = &node.value {
        let entries = mapping.iter();
        return Some(
            entries.map(|entry| (entry.key.clone(), EntryValue::Node(&entry.value))).collect(),
        );
    }
    let mut list = Vec::new();
    for item in reader.one_or_many(node) {
        let Some(scalar) = item.as_scalar() else {
            reader.wrong_type(item, expected);
            return None;
        };
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
    match &node.value {
        NodeValue::Scalar(scalar) => {
            let value = scalar_to_json(scalar);
            if value.is_none() {
                reader.wrong_value_with_help(
                    node.span,
                    "holds a number that JSON does not have",
                    "not a finite number",
                    "quote it to hand it on as text",
                );
            }
            value
        }
        NodeValue::Sequence(items) => {
            items.iter().map(|item| to_json(item, reader)).collect::<Option<_>>().map(Value::Array)
        }
        NodeValue::Mapping(mapping) => {
            let mut map = Map::new();
            for entry in mapping.iter() {
                map.insert(entry.key.value.clone(), to_json(&entry.value, reader)?);
            }
            Some(Value::Object(map))
        }
    }
}

fn scalar_to_json(scalar: &Scalar) -> Option<Value> {
    Some(match scalar.resolve() {
        ScalarValue::Null => Value::Null,
        ScalarValue::Bool(value) => Value::Bool(value),
        ScalarValue::Int(value) => Value::Number(value.into()),
        ScalarValue::Float(value) => Value::Number(Number::from_f64(value)?),
        ScalarValue::String(text) => Value::String(text.to_owned()),
    })
}
