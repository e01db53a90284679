//! Values of any form, with the place of every part in the source.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::source::{Node, NodeValue};
use crate::span::{Span, Spanned};

/// A value of any form whose parts know their places in the source.
///
/// Trees are equal if they say the same, wherever it is written.
pub type Tree = Spanned<TreeValue>;

/// The content of a [`Tree`].
#[derive(Debug, Clone, PartialEq)]
pub enum TreeValue {
    /// Null, a boolean, a number or text.
    Scalar(TreeScalar),
    /// A list.
    List(Vec<Tree>),
    /// A mapping, in the order in which it was written.
    Mapping(IndexMap<String, TreeEntry>),
}

/// A scalar, and how it was written.
#[derive(Debug, Clone)]
pub struct TreeScalar {
    /// The value: null, a boolean, a number or text.
    pub value: Value,
    /// The text that was written, without quotes: `1.10` of the number 1.1.
    pub text: String,
    /// Whether it was substituted: then it may be text too.
    pub(super) substituted: bool,
}

/// Equal if the values are equal, however they are written; of a substituted value, if the texts are.
impl PartialEq for TreeScalar {
    fn eq(&self, other: &Self) -> bool {
        let is_substituted = self.substituted || other.substituted;
        self.value == other.value || is_substituted && self.text == other.text
    }
}

/// An entry of a mapping.
#[derive(Debug, Clone)]
pub struct TreeEntry {
    /// The place of the key.
    pub key: Option<Span>,
    /// The value.
    pub value: Tree,
}

/// Equal if the values are equal; the place of the key is ignored.
impl PartialEq for TreeEntry {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl TreeValue {
    /// A node of a document.
    pub(super) fn of(node: &Node) -> Tree {
        let value = match &node.value {
            NodeValue::Scalar(scalar) => Self::Scalar(TreeScalar {
                value: scalar.to_json().unwrap_or_else(|| scalar.text.clone().into()),
                text: scalar.text.clone(),
                substituted: node.span.substituted,
            }),
            NodeValue::Sequence(items) => {
                Self::List(items.iter().map(|item| Self::of(item)).collect())
            }
            NodeValue::Mapping(mapping) => {
                let entries = mapping.iter();
                let entries = entries.map(|entry| {
                    let value = TreeEntry { key: entry.key.span, value: Self::of(&entry.value) };
                    (entry.key.value.clone(), value)
                });
                Self::Mapping(entries.collect())
            }
        };
        Spanned::new(value, node.span)
    }

    /// The entries, if it is a mapping.
    pub fn as_mapping(&self) -> Option<&IndexMap<String, TreeEntry>> {
        match self {
            Self::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Tree]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&TreeScalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar that is not null; of a number as it was written.
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| !scalar.value.is_null()).map(|scalar| scalar.text.as_str())
    }

    /// The value of a key, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.as_mapping()?.get(key).map(|entry| &entry.value)
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.value.is_null())
    }

    /// The form of the value, with an article, as findings name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Mapping(_) => "a mapping",
            Self::List(_) => "a list",
            Self::Scalar(scalar) => match &scalar.value {
                Value::Null => "null",
                Value::Bool(_) => "a boolean",
                Value::Number(number) if number.is_f64() => "a number",
                Value::Number(_) => "an integer",
                _ => "text",
            },
        }
    }
}

/// The value as it is written in a Flow. A substituted scalar becomes text, which whoever reads it
/// as another type accepts too.
pub(super) fn to_value(tree: &Tree) -> Value {
    match &tree.value {
        TreeValue::Scalar(scalar) if tree.is_substituted() && !scalar.value.is_null() => {
            scalar.text.clone().into()
        }
        TreeValue::Scalar(scalar) => scalar.value.clone(),
        TreeValue::List(items) => items.iter().map(to_value).collect(),
        TreeValue::Mapping(entries) => Value::Object(entries_to_map(entries)),
    }
}

/// Gives a tree and all parts of it one place.
pub(super) fn place(tree: &mut Tree, span: Option<Span>) {
    tree.span = span;
    match &mut tree.value {
        TreeValue::Scalar(_) => {}
        TreeValue::List(items) => items.iter_mut().for_each(|item| place(item, span)),
        TreeValue::Mapping(entries) => {
            for entry in entries.values_mut() {
                entry.key = span;
                place(&mut entry.value, span);
            }
        }
    }
}

/// The entries of a mapping as they are written in a Flow.
pub(super) fn entries_to_map(entries: &IndexMap<String, TreeEntry>) -> Map<String, Value> {
    entries.iter().map(|(key, entry)| (key.clone(), to_value(&entry.value))).collect()
}

/// A value that was never written.
impl From<&Value> for TreeValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Spanned::unwritten(item.into())).collect())
            }
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| {
                    (key.clone(), TreeEntry { key: None, value: Spanned::unwritten(value.into()) })
                });
                Self::Mapping(entries.collect())
            }
            scalar => {
                let text = match scalar {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                Self::Scalar(TreeScalar { value: scalar.clone(), text, substituted: false })
            }
        }
    }
}
