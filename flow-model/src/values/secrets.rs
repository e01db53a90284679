//! Environment variables whose values are kept in Secrets.

use indexmap::IndexMap;

use serde_json::{Map, Value};

use super::environment::{VARIABLE_NAME, by_variable, is_variable_name};
use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::source::Node;
use crate::span::Spanned;

/// Variables and where their values are kept, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretReferences(IndexMap<String, Spanned<SecretKey>>);

impl std::ops::Deref for SecretReferences {
    type Target = IndexMap<String, Spanned<SecretKey>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl SecretReferences {
    /// Where the values of variables are kept, by their names.
    ///
    /// # Errors
    ///
    /// For a name that is no name of a variable, and for one that comes twice.
    pub fn new<K: Into<String>>(
        pairs: impl IntoIterator<Item = (K, SecretKey)>,
    ) -> Result<Self, BadValue> {
        by_variable(pairs).map(Self)
    }
}

impl<K: Into<String>, const N: usize> TryFrom<[(K, SecretKey); N]> for SecretReferences {
    type Error = BadValue;

    fn try_from(pairs: [(K, SecretKey); N]) -> Result<Self, BadValue> {
        Self::new(pairs)
    }
}

/// One value in a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretKey {
    /// The Secret.
    pub name: String,
    /// The key of the value in it.
    pub key: String,
    /// The container starts without it; Jina drops this field.
    pub optional: Option<bool>,
}

impl FromNode for SecretReferences {
    const EXPECTS: &'static str = "a mapping of names to `{name: SECRET, key: KEY}`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(mapping) = node.as_mapping() else {
            reader.wrong_type(node, Self::EXPECTS);
            return None;
        };
        let mut variables = IndexMap::new();
        let mut complete = true;
        for entry in mapping.iter() {
            if !is_variable_name(&entry.key) {
                let why = format!("has a variable named `{}`", entry.key.value);
                let span = entry.key.span.unwrap_or(entry.value.span);
                reader.wrong_value(span, &why, &format!("expected {VARIABLE_NAME}"));
                complete = false;
            }
            match secret_key(&entry.value, &entry.key, reader) {
                Some(secret) => {
                    let secret = Spanned::new(secret, entry.value.span);
                    variables.insert(entry.key.value.clone(), secret);
                }
                None => complete = false,
            }
        }
        complete.then_some(Self(variables))
    }
}

fn secret_key(node: &Node, variable: &str, reader: &mut Reader<'_>) -> Option<SecretKey> {
    const EXPECTS: &str = "`{name: SECRET, key: KEY}`";
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, EXPECTS);
        return None;
    };
    let mut field = |name: &str| {
        let Some(entry) = mapping.get(name) else {
            let why = format!("does not say the `{name}` of the Secret behind `{variable}`");
            reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
            return None;
        };
        reader.text(&entry.value, "text")
    };
    let (name, key) = (field("name"), field("key"));
    let optional = match mapping.get("optional") {
        None => None,
        Some(entry) => Some(super::Toggle::from_node(&entry.value, reader)?.0),
    };
    for entry in mapping.iter() {
        if !matches!(entry.key.value.as_str(), "name" | "key" | "optional") {
            let why = format!("has an unknown field `{}` for `{variable}`", entry.key.value);
            reader.wrong_value(entry.key.span.unwrap_or(node.span), &why, "no such field");
        }
    }
    Some(SecretKey { name: name?, key: key?, optional })
}

impl ToValue for SecretReferences {
    fn to_value(&self) -> Value {
        let secret = |secret: &SecretKey| {
            let mut map = Map::new();
            map.insert("name".to_owned(), secret.name.clone().into());
            map.insert("key".to_owned(), secret.key.clone().into());
            map.extend(secret.optional.map(|optional| ("optional".to_owned(), optional.into())));
            Value::Object(map)
        };
        let pairs = self.0.iter().map(|(name, key)| (name.clone(), secret(key)));
        Value::Object(pairs.collect())
    }
}
