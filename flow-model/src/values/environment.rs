//! Environment variables.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::key_values::{EntryValue, entries};
use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::names::{VARIABLE, is_variable};
use crate::source::Node;
use crate::span::Spanned;

/// Environment variables in the order in which they were written.
///
/// A value is the text of the file: `1.10` stays `1.10` and `"01234"` keeps its zero, while Jina
/// writes `1.1` and `1234`. A clone shares what it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment(Arc<IndexMap<String, Spanned<String>>>);

impl std::ops::Deref for Environment {
    type Target = IndexMap<String, Spanned<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Environment {
    /// Variables by their names.
    ///
    /// # Errors
    ///
    /// For an invalid name of a variable, and for a name that comes twice.
    pub fn new<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, BadValue> {
        let variables = by_variable(pairs.into_iter().map(|(name, text)| (name, text.into())))?;
        Ok(Self(Arc::new(variables)))
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> TryFrom<[(K, V); N]> for Environment {
    type Error = BadValue;

    fn try_from(pairs: [(K, V); N]) -> Result<Self, BadValue> {
        Self::new(pairs)
    }
}

impl FromNode for Environment {
    const EXPECTS: &'static str = "a mapping of names to text, or a list of `NAME=text`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut variables = IndexMap::new();
        let mut complete = true;
        for (name, value) in entries(node, reader, Self::EXPECTS)? {
            let (text, span) = match value {
                EntryValue::Text(text) => (text, name.span.unwrap_or(node.span)),
                EntryValue::Node(value) => match value.as_scalar() {
                    // A substituted value is text, whatever it looks like.
                    Some(scalar) if !value.is_null() || value.span.substituted => {
                        (scalar.text.clone(), value.span)
                    }
                    Some(_) => {
                        reader.wrong_value_with_help(
                            value.span,
                            &format!("has no value for {}", reader.quoted(value.span, &name.value)),
                            "null is not text",
                            "write \"\" for an empty variable",
                        );
                        complete = false;
                        continue;
                    }
                    None => {
                        reader.wrong_type(&value, "text");
                        complete = false;
                        continue;
                    }
                },
            };
            if !is_variable(&name) {
                let at = name.span.unwrap_or(span);
                let why = format!("has a variable named {}", reader.quoted(at, &name.value));
                reader.wrong_value(at, &why, &format!("expected {VARIABLE}"));
                complete = false;
            }
            variables.insert(name.value, Spanned::new(text, span));
        }
        complete.then(|| Self(Arc::new(variables)))
    }
}

/// Values by the names of variables, when they are names of variables.
pub(super) fn by_variable<K: Into<String>, V>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Result<IndexMap<String, Spanned<V>>, BadValue> {
    let mut variables = IndexMap::new();
    for (name, value) in pairs {
        let name = name.into();
        if !is_variable(&name) {
            return Err(BadValue::new(name, VARIABLE));
        }
        if variables.contains_key(&name) {
            return Err(BadValue::new(format!("{name}, {name}"), "each variable once"));
        }
        variables.insert(name, Spanned::unwritten(value));
    }
    Ok(variables)
}

impl ToValue for Environment {
    fn to_value(&self) -> Value {
        let pairs = self.0.iter().map(|(name, text)| (name.clone(), text.value.clone().into()));
        Value::Object(pairs.collect())
    }
}
