//! Selects the document of a file, and determines its kind.

use std::borrow::Cow;
use std::sync::Arc;

use super::{ReadDocument, Reading, Source};
use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::flow::DOCUMENT_KEYS;
use crate::flow::rules::BAD_DOCUMENT;
use crate::keys::nearest;
use crate::source::{Budget, Limits, Mapping, Node, Section, data, parse, substitute};
use crate::sources::Sources;
use crate::span::Span;
use crate::values::{InlineExecutor, Reader};

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `jtype: Flow`.
    Flow,
    /// `jtype: Deployment`: one Executor without a gateway.
    Deployment,
    /// `jtype: CLASS`: the configuration of one Executor.
    Executor,
    /// A misspelled class, or none at all.
    Misspelled {
        /// Whether it has the keys of a Flow.
        looks_like_a_flow: bool,
    },
    /// Any other class.
    Other,
}

impl Kind {
    pub(super) fn of(root: &Node) -> Self {
        let Some(mapping) = root.as_mapping() else { return Self::Other };
        let looks_like_a_flow = ["executors", "pods", "deployments"];
        let looks_like_a_flow = looks_like_a_flow.iter().any(|key| mapping.get(key).is_some());
        match InlineExecutor::class_of(root) {
            None => Self::Misspelled { looks_like_a_flow },
            Some(class) => match class.value.as_str() {
                "Flow" | "AsyncFlow" => Self::Flow,
                "Deployment" => Self::Deployment,
                "Gateway" => Self::Other,
                other if looks_like_a_flow || probably_meant(other).is_some() => {
                    Self::Misspelled { looks_like_a_flow }
                }
                _ => Self::Executor,
            },
        }
    }
}

fn probably_meant(class: &str) -> Option<&'static str> {
    ["Flow", "Deployment"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(class) || nearest(class, [*known]).is_some())
}

impl Reading<'_> {
    /// The document of the Flow's own file, with every expression replaced.
    pub(super) fn root(&mut self, source: Source<'_>) -> Option<Arc<Node>> {
        let limits = self.options.limits;
        let text = match source {
            Source::Text(text) => Cow::Borrowed(text),
            Source::Value(value) => Cow::Owned(data::text(value)),
        };
        let text = text.as_ref();
        // A text that is too large is not stored: it would only be used to draw findings.
        let kept = if text.len() > limits.bytes { "" } else { text };
        let file = self.sources.add(self.name, kept);
        let (documents, found) = match source {
            Source::Text(_) => parse(file, text, &mut self.budget),
            Source::Value(value) => data::tree(file, text, value, &mut self.budget),
        };
        let is_broken = found.has_errors();
        if is_quotable(text, &documents) || kept.is_empty() {
            self.diagnostics.extend(found);
        } else {
            self.sources.hide(file);
            if is_broken {
                let at = found.iter().find_map(Diagnostic::span);
                let message = "the file is neither a Flow nor valid YAML";
                self.diagnostics.push(
                    Diagnostic::new(&BAD_DOCUMENT, message)
                        .at(at, "not valid YAML")
                        .note(NOT_SHOWN)
                        .help("begin the file with `jtype: Flow`"),
                );
                return None;
            }
        }
        if documents.is_empty() && is_broken {
            return None;
        }
        let root = match (self.options.document, documents.as_slice()) {
            (_, []) => {
                let finding = Diagnostic::new(&BAD_DOCUMENT, "the file is empty")
                    .at(Span::new(file, 0, 0), "expected `jtype: Flow`");
                self.diagnostics.push(finding);
                return None;
            }
            (None, [root]) => root,
            (None, [root, second, ..]) => {
                self.diagnostics.push(several(&documents, second));
                root
            }
            (Some(number), documents) => {
                let Some(root) = number.checked_sub(1).and_then(|index| documents.get(index))
                else {
                    let count = documents.len();
                    let message =
                        format!("`--document {number}` does not exist; this file has {count}");
                    let at = documents.last().map_or(Span::new(file, 0, 0), |last| last.span);
                    let start = Span { end: at.start, ..at };
                    let finding = Diagnostic::new(&BAD_DOCUMENT, message)
                        .at(start, "the last document begins here");
                    self.diagnostics.push(finding);
                    return None;
                };
                root
            }
        };
        let root = self.substituted(root);
        self.check_kind(&root);
        Some(root)
    }

    pub(super) fn substituted(&mut self, written: &Arc<Node>) -> Arc<Node> {
        let section = match Kind::of(written) {
            Kind::Executor => Section::Configuration,
            Kind::Flow | Kind::Deployment | Kind::Misspelled { .. } | Kind::Other => {
                Section::Document
            }
        };
        let variables = self.options.variables;
        let (resolved, used) =
            substitute(written, section, variables, &mut self.budget, &mut self.diagnostics);
        self.variables.extend(used);
        self.documents.push(ReadDocument {
            file: written.span.file,
            written: Arc::clone(written),
            resolved: Arc::clone(&resolved),
        });
        resolved
    }

    /// Reports a document that is not a Flow.
    fn check_kind(&mut self, root: &Node) {
        let Some(mapping) = root.as_mapping() else {
            let message = format!("a Flow is a mapping, not {}", root.kind());
            self.diagnostics.push(
                Diagnostic::new(&BAD_DOCUMENT, message)
                    .at(root.span, "expected keys such as `jtype` and `executors`"),
            );
            return;
        };
        let class = InlineExecutor::class_of(root);
        let finding = match (Kind::of(root), &class) {
            (Kind::Flow | Kind::Deployment | Kind::Executor, _) => return,
            (Kind::Misspelled { .. }, Some(class)) => {
                let word = probably_meant(&class.value).unwrap_or("Flow");
                Diagnostic::new(&BAD_DOCUMENT, format!("`{}` is not a Flow", class.value))
                    .at(class.span, format!("expected `{word}`"))
            }
            (Kind::Other, Some(class)) => {
                let message = format!("a `{}` is not a Flow", class.value);
                Diagnostic::new(&BAD_DOCUMENT, message).at(class.span, "expected `Flow`")
            }
            (_, None) => {
                let message = "the document does not say that it is a Flow";
                let start = Span { end: root.span.start, ..root.span };
                Diagnostic::new(&BAD_DOCUMENT, message).at(start, missing_jtype(mapping))
            }
        };
        self.diagnostics.push(finding.help("begin the file with `jtype: Flow`"));
    }
}

fn missing_jtype(mapping: &Mapping) -> &'static str {
    let is_ours = |key: &str| DOCUMENT_KEYS.contains(&key);
    if mapping.iter().any(|entry| is_ours(&entry.key.value)) {
        "no `jtype` here"
    } else {
        "neither `jtype` nor any other key of a Flow"
    }
}

/// The note of findings in a file that is not [`is_quotable`].
pub(super) const NOT_SHOWN: &str = "the line is not shown because the file may contain secrets";

/// True if findings may quote a text. They must not quote a file that was named by mistake, such as
/// `.env` or a file of credentials. A text that cannot be read to its end is judged by its words.
pub(super) fn is_quotable(text: &str, documents: &[Arc<Node>]) -> bool {
    let is_ours = |root: &Arc<Node>| {
        let has = |key| root.as_mapping().is_some_and(|mapping| mapping.get(key).is_some());
        InlineExecutor::class_of(root).is_some()
            || ["jtype", "executors", "deployments", "gateway"].into_iter().any(has)
    };
    documents.iter().any(is_ours)
        || documents.is_empty()
            && ["jtype", "executors", "!Flow"].iter().any(|word| text.contains(word))
}

/// Whether a text is a Flow or a Deployment; used to find them among other files. A text that is not
/// valid YAML counts if a line begins as a Flow does.
pub fn is_flow(text: &str) -> bool {
    if !["jtype", "!Flow", "!AsyncFlow", "!Deployment"].iter().any(|word| text.contains(word)) {
        return false;
    }
    let file = Sources::new().add("", "");
    let (documents, found) = parse(file, text, &mut Budget::new(&Limits::default()));
    if found.has_errors() {
        let begins = ["jtype: Flow", "jtype: Deployment", "!Flow", "!AsyncFlow", "!Deployment"];
        return text.lines().any(|line| begins.iter().any(|word| line.starts_with(word)));
    }
    documents.iter().any(|root| matches!(Kind::of(root), Kind::Flow | Kind::Deployment))
}

/// Several documents, and none was chosen.
fn several(documents: &[Arc<Node>], second: &Node) -> Diagnostic {
    let message = format!("the file has {} documents", documents.len());
    Diagnostic::new(&BAD_DOCUMENT, message)
        .at(second.span, "the second document begins here")
        .help("keep each Flow in a file of its own")
        .help(Advice::Document)
}

/// Reports a version that Jina does not support: it reads the part before the first dot, and only
/// supports 1.
pub(super) fn check_version(node: &Node, diagnostics: &mut Diagnostics) {
    let mut reader = Reader::new("version", diagnostics);
    if node.is_null() {
        return;
    }
    let Some(version) = reader.text(node, "a version such as `1`") else { return };
    if !matches!(version.split('.').next(), Some("" | "0" | "1")) {
        let why = format!("cannot be {}", reader.quoted(node.span, &version));
        reader.wrong_value(node.span, &why, "expected `1`");
    }
}
