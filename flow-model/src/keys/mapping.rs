//! Reading the keys of one mapping.

use super::info::Scope;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{DUPLICATE_KEY, Entry, Mapping, Node, ScalarValue, is_own};
use crate::span::Spanned;

/// A key that the table does not hold for its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key as written.
    pub name: Spanned<String>,
    /// The mapping that has it.
    pub kind: MappingKind,
    /// Its value is a list of mappings or of text, as that of `executors` is.
    pub holds_entries: bool,
}

/// A mapping of a Flow whose keys are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingKind {
    /// The document itself: `jtype`, `with`, `executors`, …
    Document,
    /// A Deployment: `jtype`, `with`.
    Deployment,
    /// A mapping of a scope of the table.
    Scope(Scope),
    /// The configuration of an Executor or a gateway as the value of `uses`: `jtype`, `with`, …
    Configuration,
    /// The configuration of an Executor in a file of its own.
    ConfigurationFile,
    /// An endpoint of `uses_dynamic_batching`.
    Batching,
    /// `uses_metas`, which holds what else the Executor likes.
    Metas,
    /// `docker_kwargs`.
    DockerKwargs,
    /// `uvicorn_kwargs`.
    UvicornKwargs,
}

/// Offers every entry to `take`, which answers with the key's own name, and returns those that it
/// does not know. What merge keys bring comes first, so that the mapping's own entries win in any
/// spelling. Reports a key that stands there in two of its spellings. Keys that begin with `x-` are
/// the user's own business.
pub(crate) fn read_keys(
    mapping: &Mapping,
    kind: MappingKind,
    diagnostics: &mut Diagnostics,
    mut take: impl FnMut(&Entry, &mut Diagnostics) -> Option<&'static str>,
) -> Vec<UnknownKey> {
    let mut unknown = Vec::new();
    let mut known: Vec<(&str, &Spanned<String>)> = Vec::new();
    let merged = mapping.iter().filter(|entry| entry.merged.is_some());
    for entry in merged.chain(mapping.iter().filter(|entry| entry.merged.is_none())) {
        let written = &entry.key;
        let Some(name) = take(entry, diagnostics) else {
            if !is_own(written) {
                let holds_entries = holds_entries(&entry.value);
                unknown.push(UnknownKey { name: written.clone(), kind, holds_entries });
            }
            continue;
        };
        if entry.merged.is_some() {
            continue;
        }
        match known.iter().find(|(before, _)| *before == name) {
            Some((_, before)) => diagnostics.push(twice(name, before, written)),
            None => known.push((name, written)),
        }
    }
    unknown
}

fn holds_entries(node: &Node) -> bool {
    let is_entry = |item: &Node| {
        item.as_mapping().is_some()
            || item.as_scalar().is_some_and(|s| matches!(s.resolve(), ScalarValue::String(_)))
    };
    node.as_sequence()
        .is_some_and(|items| !items.is_empty() && items.iter().all(|item| is_entry(item)))
}

/// The finding about a key that is written twice.
pub(crate) fn twice(name: &str, before: &Spanned<String>, again: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` and `{}` are the same key", before.value, again.value);
    Diagnostic::new(&DUPLICATE_KEY, message)
        .at(again.span, "written again")
        .at(before.span, "first written here")
        .help(format!("keep one of them, as `{name}`"))
}
