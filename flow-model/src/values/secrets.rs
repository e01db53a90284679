//! Environment variables with values from Secrets.

use indexmap::IndexMap;

use serde_json::{Map, Value};

use super::environment::by_variable;
use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::names::{
    DNS_SUBDOMAIN, SECRET_KEY, VARIABLE, is_dns_subdomain, is_secret_key, is_variable,
};
use crate::source::Node;
use crate::span::Spanned;

/// Variables with the Secrets of their values, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretReferences(IndexMap<String, Spanned<SecretKey>>);

impl std::ops::Deref for SecretReferences {
    type Target = IndexMap<String, Spanned<SecretKey>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl SecretReferences {
    /// The Secrets of variables, by the names of the variables.
    ///
    /// # Errors
    ///
    /// For an invalid name of a variable, for a name that comes twice, and for invalid names and
    /// keys of Secrets.
    pub fn new<K: Into<String>>(
        pairs: impl IntoIterator<Item = (K, SecretKey)>,
    ) -> Result<Self, BadValue> {
        let variables = by_variable(pairs)?;
        for secret in variables.values() {
            if !is_dns_subdomain(&secret.name) {
                return Err(BadValue::new(&secret.name, DNS_SUBDOMAIN));
            }
            if !is_secret_key(&secret.key) {
                return Err(BadValue::new(&secret.key, SECRET_KEY));
            }
        }
        Ok(Self(variables))
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
    /// Whether the container starts without it; Jina drops this field.
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
            if !is_variable(&entry.key) {
                let why = format!("has a variable named `{}`", entry.key.value);
                let span = entry.key.span.unwrap_or(entry.value.span);
                reader.wrong_value(span, &why, &format!("expected {VARIABLE}"));
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
    let mut field = |name: &str, is_good: fn(&str) -> bool, expected: &str, help: &str| {
        let Some(entry) = mapping.get(name) else {
            let why = format!("has no `{name}` of the Secret for `{variable}`");
            reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
            return None;
        };
        let text = reader.inside(name).text(&entry.value, "text")?;
        if is_good(&text) {
            return Some(text);
        }
        let span = entry.value.span;
        let why = match text.as_str() {
            "" => format!("of `{variable}` is empty"),
            _ => format!("of `{variable}` cannot be {}", reader.quoted(span, &text)),
        };
        let label = format!("expected {expected}");
        reader.inside(name).wrong_value_with_help(span, &why, &label, help);
        None
    };
    let help = "write it as `kubectl get secrets` lists it";
    let name = field("name", is_dns_subdomain, DNS_SUBDOMAIN, help);
    let help = "write it as `kubectl describe secret` lists it";
    let key = field("key", is_secret_key, SECRET_KEY, help);
    let mut complete = true;
    let optional = match mapping.get("optional") {
        None => None,
        Some(entry) => {
            let optional = super::Toggle::from_node(&entry.value, &mut reader.inside("optional"));
            complete &= optional.is_some();
            optional.map(|optional| optional.0)
        }
    };
    for entry in mapping.iter() {
        if !matches!(entry.key.value.as_str(), "name" | "key" | "optional") {
            let why = format!("has an unknown field `{}` for `{variable}`", entry.key.value);
            reader.wrong_value(entry.key.span.unwrap_or(node.span), &why, "no such field");
        }
    }
    let secret = SecretKey { name: name?, key: key?, optional };
    complete.then_some(secret)
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
