//! Values of keys whose value does not matter.

use serde_json::Value;

use super::ToValue;
use super::reader::{FromNode, Reader};
use crate::source::Node;

/// Any value: the key has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anything(pub Value);

impl FromNode for Anything {
    const EXPECTS: &'static str = "anything";

    fn from_node(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(Self(node.to_json()))
    }
}

impl ToValue for Anything {
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}
