//! The user's own keys.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::BadValue;
use crate::source::{Entry, is_own};
use crate::span::{Span, Spanned};

/// Keys that begin with `x-`, which Jina ignores, with their values: expressions are replaced, and
/// a number that JSON does not support is converted to text.
///
/// They have no effect. They are kept for programs that read Flows, and when a Flow is printed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(IndexMap<String, ExtraValue>);

/// The value of one of the user's own keys.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExtraValue {
    /// The place of the key in the source.
    pub key: Option<Span>,
    /// The value.
    pub value: Spanned<Value>,
}

/// Equal if the values are equal; the place is ignored.
impl PartialEq for ExtraValue {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl std::ops::Deref for Extra {
    type Target = IndexMap<String, ExtraValue>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Extra {
    /// Adds an entry if its key is the user's own, else does nothing.
    pub(crate) fn keep(&mut self, entry: &Entry) {
        if is_own(&entry.key.value) {
            let value = Spanned::new(entry.value.to_json(), entry.value.span);
            self.0.insert(entry.key.value.clone(), ExtraValue { key: entry.key.span, value });
        }
    }

    /// Keeps the keys of which `keep` is true.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str, &Value) -> bool) {
        self.0.retain(|key, extra| keep(key, &extra.value.value));
    }

    /// Adds missing keys.
    pub(crate) fn add_missing(&mut self, other: Self) {
        for (key, value) in other.0 {
            self.0.entry(key).or_insert(value);
        }
    }

    /// Adds the keys to a mapping.
    pub(crate) fn write_to(&self, map: &mut Map<String, Value>) {
        map.extend(self.0.iter().map(|(key, extra)| (key.clone(), extra.value.value.clone())));
    }
}

impl<K: Into<String>, V: Into<Value>, const N: usize> TryFrom<[(K, V); N]> for Extra {
    type Error = BadValue;

    fn try_from(pairs: [(K, V); N]) -> Result<Self, BadValue> {
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into()));
        pairs.collect::<Map<_, _>>().try_into()
    }
}

impl TryFrom<Map<String, Value>> for Extra {
    type Error = BadValue;

    fn try_from(map: Map<String, Value>) -> Result<Self, BadValue> {
        let pairs = map.into_iter().map(|(key, value)| {
            if !is_own(&key) {
                return Err(BadValue::new(key, "a key that begins with `x-`"));
            }
            Ok((key, ExtraValue { key: None, value: Spanned::unwritten(value) }))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }
}
