//! The `needs` of an Executor.

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
pub struct Needs(Vec<Spanned<String>>);

/// The maximum number of pairs of brackets around the names of a text.
const MOST_BRACKETS: usize = 8;

impl Needs {
    /// Splits texts of several names: Jina reads a quoted `"[a, b]"` as a list, and files rely on
    /// it. Names are never empty.
    fn of(mut names: Vec<Spanned<String>>) -> Self {
        names.retain(|name| !name.is_empty());
        // Nested lists in quotes are rare, and each level takes another pass over the text.
        for _ in 0..MOST_BRACKETS {
            let [only] = names.as_slice() else { break };
            let Some(inner) = only.value.strip_prefix('[').and_then(|s| s.strip_suffix(']')) else {
                break;
            };
            let span = only.span;
            let parts = inner.split(',').map(str::trim).filter(|name| !name.is_empty());
            names = parts.map(|name| Spanned { value: name.to_owned(), span }).collect();
        }
        Self(names)
    }
}

impl std::ops::Deref for Needs {
    type Target = [Spanned<String>];

    fn deref(&self) -> &[Spanned<String>] {
        &self.0
    }
}

impl<T: Into<String>> FromIterator<T> for Needs {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        Self::of(names.into_iter().map(|name| Spanned::unwritten(name.into())).collect())
    }
}

impl From<&str> for Needs {
    fn from(name: &str) -> Self {
        Self::from_iter([name])
    }
}

from_lists!(Needs of T where T: Into<String>);

impl FromNode for Needs {
    const EXPECTS: &'static str = "the name of an Executor, or a list of names";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let names = Names::from_node(node, reader)?.0;
        if let [only] = names.as_slice() {
            reader.listed(only.span.unwrap_or(node.span), only.split(','))?;
        }
        Some(Self::of(names))
    }
}

impl ToValue for Needs {
    fn to_value(&self) -> Value {
        self.0.iter().map(|name| name.value.clone()).collect()
    }
}
