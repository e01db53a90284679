//! Text and switches.

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{ArgumentValue, ToArguments, ToValue};
use crate::source::{Node, ScalarValue};

/// Any text; a number is kept as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub String);

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromNode for Text {
    const EXPECTS: &'static str = "text";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.text(node, Self::EXPECTS).map(Self)
    }
}

impl ToArguments for Text {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::Words(vec![self.0.clone()])
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Toggle(pub bool);

impl FromNode for Toggle {
    const EXPECTS: &'static str = "`true` or `false`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(scalar) = node.as_scalar() {
            match scalar.resolve() {
                ScalarValue::Bool(value) => return Some(Self(value)),
                // A quoted boolean is parsed. Any other text means *on* in Jina, even `"no"`, so it
                // is refused.
                ScalarValue::String("true" | "True" | "TRUE") => return Some(Self(true)),
                ScalarValue::String("false" | "False" | "FALSE") => return Some(Self(false)),
                _ => {}
            }
        }
        reader.wrong_type(node, Self::EXPECTS);
        None
    }
}

impl From<bool> for Toggle {
    fn from(is_on: bool) -> Self {
        Self(is_on)
    }
}

impl ToArguments for Toggle {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::Switch(self.0)
    }
}

impl ToValue for Text {
    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}

impl ToValue for Toggle {
    fn to_value(&self) -> Value {
        self.0.into()
    }
}
