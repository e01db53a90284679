//! Reading the keys of one mapping.

use super::info::Scope;
use crate::source::{Mapping, Node};
use crate::span::{Span, Spanned};

/// A key that the table does not hold for its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key as written.
    pub name: Spanned<String>,
    /// Where it stands.
    pub place: Place,
}

/// A mapping of a Flow whose keys are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The document itself: `jtype`, `with`, `executors`, …
    Document,
    /// A Deployment: `jtype`, `with`.
    Deployment,
    /// A mapping of a scope of the table.
    Scope(Scope),
}

/// Offers every entry to `take`, which answers whether it knows the key, and returns the others.
/// Keys that begin with `x-` are the user's own business.
pub(crate) fn read_keys(
    mapping: &Mapping,
    place: Place,
    mut take: impl FnMut(&str, Option<Span>, &Node) -> bool,
) -> Vec<UnknownKey> {
    let mut unknown = Vec::new();
    for entry in mapping.iter() {
        let name = &entry.key;
        if !take(&name.value, name.span, &entry.value) && !name.starts_with("x-") {
            unknown.push(UnknownKey { name: name.clone(), place });
        }
    }
    unknown
}
