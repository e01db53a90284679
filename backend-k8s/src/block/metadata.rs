//! `labels` and `annotations` of blocks.

use std::collections::BTreeMap;

use flow_model::names::is_dns_subdomain;
use flow_model::plan::{Layer, Workload};
use flow_model::values::{BlockWord, Tree, TreeEntry, WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::mesh::Metadata;
use crate::rules::OWNED_FIELD;

/// Labels or annotations with their places.
pub(crate) type Texts = BTreeMap<String, Spanned<String>>;

/// The labels and annotations that blocks add to the objects of a workload.
#[derive(Debug, Default)]
pub(crate) struct BlockMetadata {
    pub(crate) labels: Texts,
    pub(crate) annotations: Texts,
}

impl BlockMetadata {
    /// Those of a workload; later blocks win, and null removes what an earlier one adds.
    pub(crate) fn of(workload: &Workload) -> Self {
        Self::of_layers(&workload.blocks)
    }

    pub(crate) fn of_layers(layers: &[Layer]) -> Self {
        let mut metadata = Self::default();
        for layer in layers {
            for (word, texts) in [
                (BlockWord::Labels, &mut metadata.labels),
                (BlockWord::Annotations, &mut metadata.annotations),
            ] {
                for (name, entry) in entries(layer, word) {
                    match text(&entry.value) {
                        _ if entry.value.value.is_null() => drop(texts.remove(name)),
                        Some(text) => {
                            let span = entry.value.span;
                            texts.insert(name.clone(), Spanned { value: text.to_owned(), span });
                        }
                        None => {}
                    }
                }
            }
        }
        metadata
    }

    /// The texts without their places.
    pub(crate) fn plain(&self) -> Metadata {
        let plain = |texts: &Texts| {
            texts.iter().map(|(name, text)| (name.clone(), text.value.clone())).collect()
        };
        Metadata { labels: plain(&self.labels), annotations: plain(&self.annotations) }
    }

    /// Each label and annotation with its pointer in the metadata of an object.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&'static str, &str, Option<Span>)> {
        let labels = self.labels.iter().map(|(name, text)| ("labels", name.as_str(), text.span));
        let annotations = self.annotations.iter();
        labels.chain(annotations.map(|(name, text)| ("annotations", name.as_str(), text.span)))
    }
}

/// The entries of a word of a block.
fn entries(layer: &Layer, word: BlockWord) -> impl Iterator<Item = (&String, &TreeEntry)> {
    let mapping = layer.block.get(word).and_then(|entry| entry.value.as_mapping());
    mapping.into_iter().flatten()
}

/// The text of a label: a text, or what a variable contains.
fn text(tree: &Tree) -> Option<&str> {
    let scalar = tree.value.as_scalar()?;
    (scalar.value.is_string() || tree.is_substituted() && !scalar.value.is_null())
        .then_some(scalar.text.as_str())
}

/// The most bytes that the annotations of an object have.
const LARGEST: usize = 256 * 1024;

/// Reports labels and annotations that the API server refuses, and those that flowship sets.
pub(super) fn check(layers: &[Layer], owned: &Metadata, diagnostics: &mut Diagnostics) {
    for layer in layers {
        for (word, owned) in
            [(BlockWord::Labels, &owned.labels), (BlockWord::Annotations, &owned.annotations)]
        {
            let bytes = entries(layer, word)
                .map(|(name, entry)| name.len() + entry.value.value.as_text().map_or(0, str::len));
            if word == BlockWord::Annotations && bytes.sum::<usize>() > LARGEST {
                let span = layer.block.get(word).and_then(|entry| entry.value.span);
                let finding = Diagnostic::new(&WRONG_VALUE, "`annotations` are too large")
                    .at(span, "expected at most 256 KiB in total");
                diagnostics.push(finding.help("mount a file instead: `files`"));
            }
            for (name, entry) in entries(layer, word) {
                let is_hidden = entry.key.is_some_and(|key| key.substituted);
                let shown = if is_hidden { "a name".to_owned() } else { format!("`{name}`") };
                check_entry(word, name, &shown, entry, diagnostics);
                if owned.contains_key(name) {
                    let one = if word == BlockWord::Labels { "label" } else { "annotation" };
                    let message = format!("the {one} {shown} is set by flowship");
                    diagnostics.push(
                        Diagnostic::new(&OWNED_FIELD, message)
                            .at(entry.key, "cannot be changed in a block")
                            .help("choose another name"),
                    );
                }
            }
        }
    }
}

fn check_entry(
    word: BlockWord,
    name: &str,
    shown: &str,
    entry: &TreeEntry,
    diagnostics: &mut Diagnostics,
) {
    if !is_qualified_name(name) {
        let message = format!("`{}` has the name {shown}", word.name());
        diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(
            entry.key,
            "expected at most 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if any",
        ));
    }
    let tree = &entry.value;
    if tree.value.is_null() {
        return;
    }
    let Some(text) = text(tree) else {
        let message = format!("{shown} of `{}` takes text, not {}", word.name(), tree.value.kind());
        let finding = Diagnostic::new(&WRONG_TYPE, message).at(tree.span, "expected text");
        diagnostics.push(match tree.value.as_text() {
            Some(text) if !tree.is_substituted() => finding.help(format!("quote it: \"{text}\"")),
            _ => finding,
        });
        return;
    };
    if word == BlockWord::Labels && !(text.is_empty() || is_name(text)) {
        let message = format!("{shown} of `labels` has a value that no label can have");
        diagnostics.push(
            Diagnostic::new(&WRONG_VALUE, message)
                .at(tree.span, "expected at most 63 letters, digits, `-`, `_` and `.`")
                .help("write it under `annotations`, which take any text"),
        );
    }
    if text.contains('\0') {
        let message = format!("{shown} of `{}` contains the character NUL", word.name());
        diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(tree.span, "remove `\\0`"));
    }
}

/// True for the name of a label or an annotation: `team`, `example.com/team`.
pub(super) fn is_qualified_name(name: &str) -> bool {
    match name.split_once('/') {
        Some((domain, name)) => is_dns_subdomain(domain) && is_name(name),
        None => is_name(name),
    }
}

/// True for the value of a label that is not empty.
pub(super) fn is_name(text: &str) -> bool {
    let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && is_end(text.chars().next())
        && is_end(text.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_qualified_name};

    #[test]
    fn names_are_those_of_the_api_server() {
        let long = "a".repeat(64);
        for (name, expected) in [
            ("team", true),
            ("example.com/team", true),
            ("Example.com/team", false),
            ("a/b/c", false),
            ("/team", false),
            ("team/", false),
            ("", false),
            ("-a", false),
            ("a.b_c-D1", true),
            (long.as_str(), false),
            ("é", false),
        ] {
            assert_eq!(is_qualified_name(name), expected, "{name}");
        }
        assert!(is_name("1"));
        assert!(!is_name("a b"));
    }
}
