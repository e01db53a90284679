//! Reads a text as a Flow.

mod document;
mod entries;
mod file;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Flow, Gateway};
use crate::diagnostic::Diagnostics;
use crate::keys::{
    FlowKey, GatewayKey, GatewaySettings, MappingKind, Scope, Setting, UnknownKey, read_keys,
};
use crate::loader::{Loader, resolve};
use crate::print::dollars;
use crate::source::{Budget, Limits, Mapping, Node, Spent, UsedVariables, Variables, over_budget};
use crate::sources::Sources;
use crate::span::{FileId, Span};
use crate::values::{KubernetesBlock, Reader};

pub use document::is_flow;

use document::Kind;

/// The name of the list of Executors before Jina 3.
pub const LEGACY_LIST: &str = "pods";

/// The inputs of reading besides the text.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The values of expressions.
    pub variables: &'a Variables,
    /// Reads the files that the Flow refers to.
    pub loader: &'a dyn Loader,
    /// The limits of a compilation.
    pub limits: &'a Limits,
    /// Which document of the file to read, from 1; `None` for the only one.
    pub document: Option<usize>,
}

/// A Flow, and the documents that it was read from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Read {
    /// The Flow as far as it could be read; empty and without a span if nothing could.
    pub flow: Flow,
    /// The Flow's own document, then those of the files that it refers to, in the order in which
    /// they were read. Empty if the Flow's own document could not be read.
    pub documents: Vec<ReadDocument>,
    /// The budget that is left for rendering.
    pub budget: Budget,
}

/// A Flow built in code has no documents.
impl From<Flow> for Read {
    fn from(flow: Flow) -> Self {
        Self { flow, documents: Vec::new(), budget: Budget::new(&Limits::default()) }
    }
}

/// The document of one file, before and after substitution.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReadDocument {
    /// The file.
    pub file: FileId,
    /// The document as it was written.
    pub written: Arc<Node>,
    /// The same document with every expression replaced; parts without expressions are shared.
    pub resolved: Arc<Node>,
}

/// Reads a text as a Flow: a Flow, a Deployment or the configuration of a single Executor.
///
/// Reads as much as possible, and reports the rest as findings. The texts of all files that were
/// read are added to `sources`.
pub fn read(
    name: &str,
    text: &str,
    options: &ReadOptions<'_>,
    sources: &mut Sources,
) -> (Read, Diagnostics) {
    read_source(name, Source::Text(text), options, sources)
}

/// As [`read`], for a Flow that a program holds as values, such as a YAML file that was read by
/// another library. Values keep their types: text is never read as a number. Findings show the value
/// as YAML.
pub fn read_value(
    name: &str,
    value: &Value,
    options: &ReadOptions<'_>,
    sources: &mut Sources,
) -> (Read, Diagnostics) {
    read_source(name, Source::Value(value), options, sources)
}

/// Where a Flow's own document comes from.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    Text(&'a str),
    Value(&'a Value),
}

fn read_source(
    name: &str,
    source: Source<'_>,
    options: &ReadOptions<'_>,
    sources: &mut Sources,
) -> (Read, Diagnostics) {
    let mut reading = Reading {
        name,
        options,
        sources,
        diagnostics: Diagnostics::new(),
        variables: Vec::new(),
        documents: Vec::new(),
        files: BTreeMap::new(),
        budget: Budget::new(options.limits),
    };
    let root = reading.root(source);
    let mut flow = match root.filter(|_| reading.budget.spent().is_none()) {
        Some(root) => reading.flow(&root),
        None => Flow::nothing(),
    };
    if reading.budget.spent().is_some() {
        // Only a part was read, and rules would report the missing parts.
        flow = Flow::nothing();
    }
    let Reading { documents, budget, diagnostics, .. } = reading;
    flow.variables = reading.variables;
    dollars::forget(&mut flow.extra);
    (Read { flow, documents, budget }, diagnostics)
}

/// One reading of a Flow and of the files that it refers to.
struct Reading<'a> {
    /// The name of the Flow's own file in findings.
    name: &'a str,
    options: &'a ReadOptions<'a>,
    sources: &'a mut Sources,
    diagnostics: Diagnostics,
    variables: UsedVariables,
    documents: Vec<ReadDocument>,
    /// The files that were named, by path.
    files: BTreeMap<String, file::Loaded>,
    budget: Budget,
}

impl Reading<'_> {
    /// Charges the value at `span`. `None` if the budget is exceeded, with a finding the first
    /// time.
    fn spend(
        &mut self,
        charge: impl FnOnce(&mut Budget) -> Result<(), Spent>,
        span: Span,
    ) -> Option<()> {
        let was_spent = self.budget.spent().is_some();
        let charged = charge(&mut self.budget);
        if let (Err(spent), false) = (charged, was_spent) {
            self.diagnostics.push(over_budget(spent, span));
        }
        charged.ok()
    }

    fn flow(&mut self, root: &Node) -> Flow {
        let mut flow = Flow { span: Some(root.span), ..Flow::nothing() };
        match Kind::of(root) {
            Kind::Flow => {
                flow.gateway = Some(Gateway::default());
                let mut common = entries::Common::default();
                if let Some(mapping) = root.as_mapping() {
                    self.read_flow(mapping, &mut common, &mut flow);
                }
                super::inspect::settle(&mut flow, common.executor);
            }
            Kind::Deployment => {
                let executor = self.deployment(root, "", &mut flow);
                flow.executors.extend(executor);
            }
            Kind::Executor => {
                let executor = self.lone_executor(root, &mut flow);
                flow.executors.extend(executor);
            }
            Kind::Misspelled { looks_like_a_flow: true } => {
                flow.gateway = Some(Gateway::default());
                if let Some(mapping) = root.as_mapping() {
                    self.read_flow(mapping, &mut entries::Common::default(), &mut flow);
                }
            }
            Kind::Misspelled { .. } | Kind::Other => return Flow::nothing(),
        }
        flow
    }

    fn read_flow(&mut self, mapping: &Mapping, common: &mut entries::Common, flow: &mut Flow) {
        if let Some(with) = mapping_of(mapping, "with", &mut self.diagnostics) {
            common.read(with, flow, &mut self.diagnostics);
        }
        self.read_gateway(mapping, &common.gateway, flow);
        self.read_executors(mapping, common, flow);
        let kind = MappingKind::Document;
        let unknown = read_keys(mapping, kind, &mut self.diagnostics, |entry, diagnostics| {
            let name = entry.key.value.as_str();
            if name == "version" {
                document::check_version(&entry.value, diagnostics);
            }
            flow.extra.keep(entry);
            let beside = [FlowKey::Jcloud, FlowKey::Kubernetes, FlowKey::Compose];
            if let Some(key) = beside.into_iter().find(|key| key.info().name == name) {
                flow.settings.read_beside(key, entry, diagnostics);
            }
            match name {
                "deployments" => Some("executors"),
                _ => super::DOCUMENT_KEYS.iter().copied().find(|key| *key == name),
            }
        });
        let is_listed = ["executors", "deployments"].iter().any(|key| mapping.get(key).is_some());
        flow.unknown_keys.extend(unknown.into_iter().map(|key| UnknownKey {
            holds_entries: key.holds_entries && (!is_listed || key.name.value == LEGACY_LIST),
            ..key
        }));
        self.load_texts(&mut flow.settings.kubernetes, "");
    }

    fn read_gateway(&mut self, document: &Mapping, common: &GatewaySettings, flow: &mut Flow) {
        let mut settings = GatewaySettings::default();
        let mut span = None;
        if let Some(mapping) = mapping_of(document, "gateway", &mut self.diagnostics) {
            span = document.get("gateway").and_then(|entry| entry.key.span);
            settings = self.gateway_settings(mapping, flow);
        }
        let replaced = settings.inherit(common);
        self.diagnostics.extend(replaced.iter().map(|replaced| replaced.finding("the gateway")));
        flow.gateway = Some(Gateway::new(settings, span, &flow.settings));
    }

    fn gateway_settings(&mut self, mapping: &Mapping, flow: &mut Flow) -> GatewaySettings {
        let mut settings = GatewaySettings::default();
        let kind = MappingKind::Scope(Scope::Gateway);
        let unknown = read_keys(mapping, kind, &mut self.diagnostics, |entry, diagnostics| {
            settings.extra.keep(entry);
            let key = GatewayKey::named(&entry.key.value)?;
            settings.read(key, entry, diagnostics);
            Some(key.info().name)
        });
        flow.unknown_keys.extend(unknown);
        self.load_texts(&mut settings.kubernetes, "");
        let inline = settings.uses.as_ref().and_then(|uses| uses.inline());
        flow.unknown_keys.extend(inline.into_iter().flat_map(|inline| inline.unknown_keys.clone()));
        settings
    }

    /// Loads the files that a block names; `from` is the file of the block.
    fn load_texts(&mut self, block: &mut Setting<KubernetesBlock>, from: &str) {
        // Most entries have no block, and one that is looked at takes more room.
        if block.is_none() {
            return;
        }
        let Some(block) = &mut **block else { return };
        self.load_texts_of(&mut block.value, from);
        if let Some(mut head) = block.head().cloned() {
            self.load_texts_of(&mut head.value, from);
            block.value.set_head(head);
        }
    }

    fn load_texts_of(&mut self, block: &mut KubernetesBlock, from: &str) {
        // As for `uses`, so that the path means the same wherever the entry is printed.
        if !from.is_empty() {
            block.map_paths(|path| resolve(from, path));
        }
        for path in block.paths() {
            if let Some(text) = self.text(&path) {
                let resolved = resolve("", &path);
                *block = std::mem::take(block).with_file(path.value, resolved, text.into());
            }
        }
    }

    fn read_executors(&mut self, document: &Mapping, common: &entries::Common, flow: &mut Flow) {
        // Jina reads `deployments` as the same list if there is no `executors`. It does not read
        // `pods`, but its entries are checked too, to report everything that has to change.
        let keys = ["executors", "deployments", LEGACY_LIST];
        let found = keys.into_iter().find_map(|key| Some((key, document.get(key)?)));
        let Some((name, entry)) = found else { return };
        flow.executors_span = entry.key.span;
        if entry.value.is_null() {
            return;
        }
        if let Some(entries) = entry.value.as_mapping().filter(|_| name == LEGACY_LIST) {
            return self.named_entries(entries, common, flow);
        }
        let Some(items) = entry.value.as_sequence() else {
            Reader::new(name, &mut self.diagnostics)
                .wrong_type(&entry.value, "a list of Executors");
            return;
        };
        for node in items {
            let executor = self.entry(name, node, common, flow);
            flow.executors.extend(executor);
        }
    }
}

/// The mapping of a key of the document; `None` if there is none.
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
