//! Reading the keys of one mapping.

use super::info::Scope;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{DUPLICATE_KEY, Mapping, Node};
use crate::span::Spanned;

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

/// Offers every entry to `take`, which answers with the key's own name, and returns those that it
/// does not know. What merge keys bring comes first, so that the mapping's own entries win in any
/// spelling. Reports a key that stands there in two of its spellings. Keys that begin with `x-` are
/// the user's own business.
pub(crate) fn read_keys(
    mapping: &Mapping,
    place: Place,
    diagnostics: &mut Diagnostics,
    mut take: impl FnMut(&str, &Node, &mut Diagnostics) -> Option<&'static str>,
) -> Vec<UnknownKey> {
    let mut unknown = Vec::new();
    let mut known: Vec<(&str, &Spanned<String>)> = Vec::new();
    let merged = mapping.iter().filter(|entry| entry.merged);
    for entry in merged.chain(mapping.iter().filter(|entry| !entry.merged)) {
        let written = &entry.key;
        let Some(name) = take(&written.value, &entry.value, diagnostics) else {
            if !written.starts_with("x-") {
                unknown.push(UnknownKey { name: written.clone(), place });
            }
            continue;
        };
        if entry.merged {
            continue;
        }
        match known.iter().find(|(before, _)| *before == name) {
            Some((_, before)) => diagnostics.push(twice(name, before, written)),
            None => known.push((name, written)),
        }
    }
    unknown
}

fn twice(name: &str, before: &Spanned<String>, again: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` and `{}` are one key", before.value, again.value);
    Diagnostic::new(&DUPLICATE_KEY, message)
        .at(again.span, "written again")
        .at(before.span, "first written here")
        .help(format!("keep one of them, as `{name}`"))
}
