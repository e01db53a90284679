//! Values of keys whose value does not matter.

use serde_json::Value;

use super::ToValue;
use super::key_values::scalar_to_json;
use super::reader::{FromNode, Reader};
use crate::source::{Node, NodeValue};

/// Any value: the key has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anything(pub Value);

impl FromNode for Anything {
    const EXPECTS: &'static str = "anything";

    fn from_node(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(Self(value_of(node)))
    }
}

/// A node as JSON; a number that JSON does not support is converted to text.
pub(super) fn value_of(node: &Node) -> Value {
    match &node.value {
        NodeValue::Scalar(scalar) => {
            scalar_to_json(scalar).unwrap_or_else(|| scalar.text.clone().into())
        }
        NodeValue::Sequence(items) => items.iter().map(|item| value_of(item)).collect(),
        NodeValue::Mapping(mapping) => {
            let entries = mapping.iter();
            let entries = entries.map(|entry| (entry.key.value.clone(), value_of(&entry.value)));
            Value::Object(entries.collect())
        }
    }
}

impl ToValue for Anything {
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}
