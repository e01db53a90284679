//! What an Executor waits for.

use serde_json::Value;

use super::ToValue;
use super::names::Names;
use super::reader::{FromNode, Reader};
use crate::source::Node;
use crate::span::Spanned;

/// The Executors (or `gateway`) whose results an Executor takes, as written.
///
/// An empty list, or empty text, means the same as no `needs` at all (Jina's default chaining).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs(pub Vec<Spanned<String>>);

impl FromNode for Needs {
    const EXPECTS: &'static str = "the name of an Executor, or a list of names";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut names = Names::from_node(node, reader)?.0;
        // Jina takes a quoted `"[a, b]"` for a list; files rely on it.
        if let [only] = names.as_slice()
            && let Some(inner) = only.value.strip_prefix('[').and_then(|s| s.strip_suffix(']'))
        {
            let span = only.span;
            let parts = inner.split(',').map(str::trim);
            names = parts.map(|name| Spanned { value: name.to_owned(), span }).collect();
        }
        names.retain(|name| !name.is_empty());
        Some(Self(names))
    }
}

impl ToValue for Needs {
    fn to_value(&self) -> Value {
        self.0.iter().map(|name| name.value.clone()).collect()
    }
}
