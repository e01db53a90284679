//! gRPC metadata.

use serde_json::Map;

use serde_json::Value;

use super::key_values::{EntryValue, entries};
use super::reader::{FromNode, Reader};
use super::{ArgumentValue, ToArguments, ToValue};
use crate::source::Node;

/// gRPC metadata that is sent with each call. All values are text: a number makes every request
/// hang in Jina.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata(pub indexmap::IndexMap<String, String>);

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }
}

from_lists!(Metadata of (K, V) where K: Into<String>, V: Into<String>);

impl FromNode for Metadata {
    const EXPECTS: &'static str = "a mapping of names to text";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut metadata = indexmap::IndexMap::new();
        let mut complete = true;
        for (name, value) in entries(node, reader, Self::EXPECTS)? {
            let text = match value {
                EntryValue::Text(text) => Some(text),
                EntryValue::Node(value) => reader.text(&value, "text"),
            };
            complete &= text.is_some();
            metadata.extend(text.map(|text| (name.value, text)));
        }
        complete.then_some(Self(metadata))
    }
}

impl ToArguments for Metadata {
    fn to_arguments(&self) -> ArgumentValue {
        let pairs = self.0.iter();
        let map: Map<_, _> =
            pairs.map(|(name, text)| (name.clone(), text.as_str().into())).collect();
        ArgumentValue::json(&map)
    }
}

impl ToValue for Metadata {
    fn to_value(&self) -> Value {
        let pairs = self.0.iter().map(|(name, text)| (name.clone(), text.clone().into()));
        Value::Object(pairs.collect())
    }
}
