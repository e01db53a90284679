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
    /// For a name that is no name of a variable, for one that comes twice, and for names and keys that
    /// no Secret can have.
    pub fn new<K: Into<String>>(
        pairs: impl IntoIterator<Item = (K, SecretKey)>,
    ) -> Result<Self, BadValue> {
        let variables = by_variable(pairs)?;
        for secret in variables.values() {
            if !SecretKey::is_name(&secret.name) {
                return Err(BadValue::new(&secret.name, SecretKey::NAME));
            }
            if !SecretKey::is_key(&secret.key) {
                return Err(BadValue::new(&secret.key, SecretKey::KEY));
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

impl SecretKey {
    /// What [`SecretKey::is_name`] takes, for people.
    pub const NAME: &'static str = "lower-case letters, digits, `-` and `.`, 253 at most";
    const KEY: &'static str = "letters, digits, `-`, `_` and `.`, 253 at most";

    /// Whether Kubernetes takes it for the name of a Secret: DNS labels joined by `.`.
    pub fn is_name(name: &str) -> bool {
        let is_label = |label: &str| {
            let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !(label.is_empty() || label.starts_with('-') || label.ends_with('-'))
                && label.chars().all(inside)
        };
        name.len() <= 253 && name.split('.').all(is_label)
    }

    /// Whether Kubernetes takes it for a key in a Secret: the name of a file.
    fn is_key(key: &str) -> bool {
        let inside = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        (1..=253).contains(&key.len())
            && key.chars().all(inside)
            && key != "."
            && !key.starts_with("..")
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
            let why = format!("does not say the `{name}` of the Secret behind `{variable}`");
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
    let name = field("name", SecretKey::is_name, SecretKey::NAME, help);
    let help = "write it as `kubectl describe secret` lists it";
    let key = field("key", SecretKey::is_key, SecretKey::KEY, help);
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

#[cfg(test)]
mod tests {
    use super::SecretKey;

    #[test]
    fn names_and_keys_are_those_of_kubernetes() {
        for (text, is_name, is_key) in [
            ("db-credentials", true, true),
            ("db.example.com", true, true),
            ("1", true, true),
            ("", false, false),
            ("Db", false, true),
            ("tls_key", false, true),
            ("a b", false, false),
            ("-a", false, true),
            ("a-.b", false, true),
            ("a..b", false, true),
            (".", false, false),
            ("..a", false, false),
            (".a", false, true),
            (&"a".repeat(253), true, true),
            (&"a".repeat(254), false, false),
        ] {
            assert_eq!(
                (SecretKey::is_name(text), SecretKey::is_key(text)),
                (is_name, is_key),
                "{text}"
            );
        }
    }
}
