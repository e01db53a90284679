//! Values of keys whose value does not matter.

use serde_json::Value;

use super::ToValue;
use super::key_values::to_json;
use super::reader::{FromNode, Reader};
use crate::source::Node;

/// Any value at all: the key has no effect, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anything(pub Value);

impl FromNode for Anything {
    const EXPECTS: &'static str = "anything";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        to_json(node, reader).map(Self)
    }
}

impl ToValue for Anything {
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}
