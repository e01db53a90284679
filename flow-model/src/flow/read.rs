//! From the source tree to a Flow.

use std::sync::Arc;

use super::rules::BAD_DOCUMENT;
use super::{Executor, Flow, Gateway};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::keys::{
    ExecutorKey, ExecutorKeys, FlowKey, GatewayKey, GatewayKeys, Place, Scope, read_keys,
};
use crate::source::{Mapping, Node};
use crate::span::{FileId, Span, Spanned};
use crate::values::Reader;

/// Reads the documents of one file as a Flow. Whatever can be read is; `diagnostics` holds the
/// rest. An empty Flow comes out of a file that holds none.
pub fn read(file: FileId, documents: &[Arc<Node>], diagnostics: &mut Diagnostics) -> Flow {
    let Some(root) = documents.first() else {
        let finding = Diagnostic::new(&BAD_DOCUMENT, "the file is empty")
            .at(Span::new(file, 0, 0), "expected `jtype: Flow`");
        diagnostics.push(finding);
        return Flow::default();
    };
    if let Some(second) = documents.get(1) {
        let message = format!("the file holds {} documents", documents.len());
        diagnostics.push(
            Diagnostic::new(&BAD_DOCUMENT, message)
                .at(second.span, "the second document begins here")
                .help("keep each Flow in a file of its own"),
        );
    }
    let Some(mapping) = root.as_mapping() else {
        let message = format!("a Flow is a mapping, not {}", root.kind());
        diagnostics.push(
            Diagnostic::new(&BAD_DOCUMENT, message)
                .at(root.span, "expected keys such as `jtype` and `executors`"),
        );
        return Flow::default();
    };
    if !is_flow(root, mapping, diagnostics) {
        return Flow::default();
    }

    let mut flow = Flow { span: Some(root.span), ..Flow::default() };
    let mut common = Common::default();
    if let Some(with) = mapping_of(mapping, "with", diagnostics) {
        common.read(with, &mut flow, diagnostics);
    }
    read_gateway(mapping, &common, &mut flow, diagnostics);
    read_executors(mapping, &common, &mut flow, diagnostics);
    let unknown = read_keys(mapping, Place::Document, |key, _, node| match key {
        "version" => {
            check_version(node, diagnostics);
            true
        }
        _ => super::DOCUMENT_KEYS.contains(&key),
    });
    flow.unknown_keys.extend(unknown);
    flow
}

/// What `with:` hands down.
#[derive(Default)]
struct Common {
    gateway: GatewayKeys,
    executor: ExecutorKeys,
}

impl Common {
    fn read(&mut self, with: &Mapping, flow: &mut Flow, diagnostics: &mut Diagnostics) {
        let unknown = read_keys(with, Place::Scope(Scope::Flow), |name, _, node| {
            let mut known = false;
            if let Some(key) = FlowKey::named(name) {
                known = true;
                flow.settings.read(key, node, diagnostics);
            }
            if let Some(key) = GatewayKey::named(name).filter(|key| key.info().inherited) {
                known = true;
                self.gateway.read(key, node, diagnostics);
            }
            if let Some(key) = ExecutorKey::named(name).filter(|key| key.info().inherited) {
                known = true;
                self.executor.read(key, node, diagnostics);
            }
            known
        });
        flow.unknown_keys.extend(unknown);
    }
}

fn read_gateway(
    document: &Mapping,
    common: &Common,
    flow: &mut Flow,
    diagnostics: &mut Diagnostics,
) {
    let mut settings = GatewayKeys::default();
    let mut span = None;
    if let Some(mapping) = mapping_of(document, "gateway", diagnostics) {
        span = document.get("gateway").map(|entry| entry.value.span);
        let place = Place::Scope(Scope::Gateway);
        let unknown = read_keys(mapping, place, |name, _, node| {
            let key = GatewayKey::named(name);
            if let Some(key) = key {
                settings.read(key, node, diagnostics);
            }
            key.is_some()
        });
        flow.unknown_keys.extend(unknown);
    }
    settings.inherit(&common.gateway);
    if settings.env.is_none() {
        settings.env.clone_from(&flow.settings.env);
    }
    flow.gateway = Gateway { settings: Arc::new(settings), span };
}

fn read_executors(
    document: &Mapping,
    common: &Common,
    flow: &mut Flow,
    diagnostics: &mut Diagnostics,
) {
    // Jina takes `deployments` for the same list, where there is no `executors`.
    let (name, entry) = match (document.get("executors"), document.get("deployments")) {
        (Some(entry), _) => ("executors", entry),
        (None, Some(entry)) => ("deployments", entry),
        (None, None) => return,
    };
    if entry.value.is_null() {
        return;
    }
    let Some(items) = entry.value.as_sequence() else {
        Reader::new(name, diagnostics).wrong_type(&entry.value, "a list of Executors");
        return;
    };
    for node in items {
        let Some(mapping) = node.as_mapping() else {
            Reader::new(name, diagnostics)
                .wrong_type(node, "a list of mappings such as `{name: …, uses: …}`");
            continue;
        };
        let mut settings = ExecutorKeys::default();
        let place = Place::Scope(Scope::Executor);
        let unknown = read_keys(mapping, place, |name, _, node| {
            let key = ExecutorKey::named(name);
            if let Some(key) = key {
                settings.read(key, node, diagnostics);
            }
            key.is_some()
        });
        flow.unknown_keys.extend(unknown);
        settings.inherit(&common.executor);
        let name = match &settings.name {
            Some(name) if !name.value.is_empty() => {
                Spanned { value: name.value.0.clone(), span: name.span }
            }
            _ => Spanned::new(format!("executor{}", flow.executors.len()), node.span),
        };
        let settings = Arc::new(settings);
        flow.executors.push(Executor { name, settings, span: Some(node.span) });
    }
}

/// The mapping behind a key of the document; `None` where there is none to read.
fn mapping_of<'a>(
    document: &'a Mapping,
    key: &'static str,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Mapping> {
    let node = &document.get(key)?.value;
    if node.is_null() {
        return None;
    }
    let mapping = node.as_mapping();
    if mapping.is_none() {
        Reader::new(key, diagnostics).wrong_type(node, "a mapping");
    }
    mapping
}

/// Reports a document that is no Flow. One that does not say what it is may be read all the same
/// where it looks like a Flow.
fn is_flow(root: &Node, document: &Mapping, diagnostics: &mut Diagnostics) -> bool {
    let jtype = match (document.get("jtype"), &root.tag) {
        (Some(entry), _) => {
            let text = entry.value.as_scalar().map_or("", |scalar| scalar.text.as_str());
            Some((text, entry.value.span))
        }
        (None, Some(tag)) => Some((tag.value.as_str(), tag.span.unwrap_or(root.span))),
        (None, None) => None,
    };
    let (finding, is_flow) = match jtype {
        Some(("Flow" | "AsyncFlow", _)) => return true,
        Some((other, span)) => {
            let finding = Diagnostic::new(&BAD_DOCUMENT, format!("`{other}` is no Flow"));
            (finding.at(span, "expected `Flow`"), false)
        }
        None => {
            let message = "the document does not say that it is a Flow";
            let start = Span { end: root.span.start, ..root.span };
            let finding = Diagnostic::new(&BAD_DOCUMENT, message).at(start, "no `jtype` here");
            (finding, document.get("executors").is_some())
        }
    };
    diagnostics.push(finding.help("begin the file with `jtype: Flow`"));
    is_flow
}

/// Jina reads the part before the first dot, and knows version 1 alone.
fn check_version(node: &Node, diagnostics: &mut Diagnostics) {
    let mut reader = Reader::new("version", diagnostics);
    if node.is_null() {
        return;
    }
    let Some(version) = reader.text(node, "a version such as `1`") else { return };
    if !matches!(version.split('.').next(), Some("" | "0" | "1")) {
        reader.wrong_value(node.span, &format!("cannot be `{version}`"), "expected `1`");
    }
}
