//! Entries of `executors:`, and the settings that they inherit from `with:`.

use std::sync::Arc;

use super::document::Kind;
use super::file::resolve_uses;
use super::{Reading, mapping_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flow::names::name_alone;
use crate::flow::rules::{BAD_DOCUMENT, INLINE_EXECUTOR};
use crate::flow::{Executor, Flow};
use crate::keys::{
    ExecutorKey, ExecutorSettings, FlowKey, GatewayKey, GatewaySettings, MappingKind, Scope,
    UnknownKey, read_keys,
};
use crate::source::{Mapping, Node, ScalarValue, Size};
use crate::span::{Span, Spanned};
use crate::values::{Extra, FromNode as _, InlineExecutor, Reader, Text, Uses, name_in_metas};

/// The settings that entries inherit from `with:`.
#[derive(Default)]
pub(super) struct Common {
    pub(super) gateway: GatewaySettings,
    pub(super) executor: ExecutorSettings,
    /// The size of the settings that each entry inherits.
    pub(super) size: Size,
}

impl Common {
    pub(super) fn read(&mut self, with: &Mapping, flow: &mut Flow, diagnostics: &mut Diagnostics) {
        // Jina reads `kwargs` as more keys; keys beside it win.
        if let Some(kwargs) = mapping_of(with, "kwargs", diagnostics) {
            self.read(kwargs, flow, diagnostics);
        }
        let kind = MappingKind::Scope(Scope::Flow);
        let unknown = read_keys(with, kind, diagnostics, |entry, diagnostics| {
            let name = entry.key.value.as_str();
            let mut known = (name == "kwargs").then_some("kwargs");
            flow.settings.extra.keep(entry);
            if let Some(key) = FlowKey::named(name) {
                known = Some(key.info().name);
                flow.settings.read(key, entry, diagnostics);
            }
            if let Some(key) = GatewayKey::named(name).filter(|key| key.info().inherited) {
                known = Some(key.info().name);
                self.gateway.read(key, entry, diagnostics);
            }
            if let Some(key) = ExecutorKey::named(name).filter(|key| key.info().inherited) {
                known = Some(key.info().name);
                self.executor.read(key, entry, diagnostics);
                self.size += entry.value.size().since(Size::COLLECTION);
            }
            known
        });
        flow.unknown_keys.extend(unknown);
        flow.unknown_keys.extend(unknown_in_uses(&self.executor));
    }
}

impl Reading<'_> {
    /// An entry of `executors:` in any of its forms.
    pub(super) fn entry(
        &mut self,
        list: &'static str,
        node: &Arc<Node>,
        common: &Common,
        flow: &mut Flow,
    ) -> Option<Executor> {
        self.spend(|budget| budget.copy(common.size), node.span)?;
        if let Some(scalar) = node.as_scalar()
            && let ScalarValue::String(_) = scalar.resolve()
        {
            return self.referenced(list, node, flow);
        }
        let Some(mapping) = node.as_mapping() else {
            Reader::new(list, &mut self.diagnostics)
                .wrong_type(node, "a list of mappings such as `{name: …, uses: …}`");
            return None;
        };
        match (Kind::of(node), InlineExecutor::class_of(node)) {
            (Kind::Deployment, _) => return self.deployment(node, "", flow),
            (kind, Some(class)) if mapping.get("with").is_some() => {
                let message = format!("`{}` is not a Deployment", class.value);
                let finding =
                    Diagnostic::new(&BAD_DOCUMENT, message).at(class.span, "expected `Deployment`");
                if kind == Kind::Executor {
                    let help = "write the configuration of an Executor under `uses`";
                    self.diagnostics.push(finding.help(help));
                    return self.lone_executor(node, flow);
                }
                self.diagnostics.push(finding.help("write `jtype: Deployment`"));
                return self.deployment(node, "", flow);
            }
            _ => {}
        }
        let mut settings = self.executor_settings(mapping, flow);
        self.load_texts(&mut settings.kubernetes, "");
        let replaced = settings.inherit(&common.executor);
        let executor = self.executor(settings, node.span, &flow.executors);
        let of = format!("`{}`", executor.name.value);
        self.diagnostics.extend(replaced.iter().map(|replaced| replaced.finding(&of)));
        Some(executor)
    }

    /// The entries of a mapping by name, as `pods:` was in Jina 0.
    pub(super) fn named_entries(&mut self, entries: &Mapping, common: &Common, flow: &mut Flow) {
        for entry in entries.iter() {
            let charged = self.spend(|budget| budget.copy(common.size), entry.value.span);
            if charged.is_none() {
                return;
            }
            let mut settings = match entry.value.as_mapping() {
                Some(mapping) => self.executor_settings(mapping, flow),
                None => ExecutorSettings::default(),
            };
            self.load_texts(&mut settings.kubernetes, "");
            settings.name.get_or_insert_with(|| entry.key.clone().map(Text));
            settings.inherit(&common.executor);
            let executor = self.executor(settings, entry.value.span, &flow.executors);
            flow.executors.push(executor);
        }
    }

    /// A Deployment: the keys of an Executor under `with:`. It inherits nothing.
    pub(super) fn deployment(
        &mut self,
        root: &Node,
        path: &str,
        flow: &mut Flow,
    ) -> Option<Executor> {
        let document = root.as_mapping()?;
        let diagnostics = &mut self.diagnostics;
        let mut extra = Extra::default();
        let unknown = read_keys(document, MappingKind::Deployment, diagnostics, |entry, _| {
            extra.keep(entry);
            let known = ["jtype", "version", "with", "needs", "jcloud", "kubernetes", "compose"];
            known.into_iter().find(|key| *key == entry.key.value)
        });
        flow.unknown_keys.extend(unknown);
        let mut settings = match mapping_of(document, "with", &mut self.diagnostics) {
            Some(with) => self.executor_settings(with, flow),
            None => ExecutorSettings::default(),
        };
        // A standalone Deployment is the document, which has its own keys.
        if flow.gateway.is_none() {
            flow.extra = extra;
        } else {
            settings.extra.add_missing(extra);
        }
        if settings.needs.is_none()
            && let Some(needs) = document.get("needs")
        {
            settings.read(ExecutorKey::Needs, needs, &mut self.diagnostics);
        }
        for key in [ExecutorKey::Jcloud, ExecutorKey::Kubernetes, ExecutorKey::Compose] {
            if let Some(block) = document.get(key.info().name) {
                settings.read_beside(key, block, &mut self.diagnostics);
            }
        }
        self.load_texts(&mut settings.kubernetes, path);
        resolve_uses(&mut settings, path);
        if flow.gateway.is_none() {
            name_alone(&mut settings, Some(root.span));
        }
        let executor = self.executor(settings, root.span, &flow.executors);
        Some(Executor { is_deployment: true, ..executor })
    }

    /// The configuration of an Executor, as an Executor.
    pub(super) fn lone_executor(&mut self, root: &Node, flow: &mut Flow) -> Option<Executor> {
        let mut reader = Reader::new("uses", &mut self.diagnostics);
        reader.check_text(root);
        let mut inline = InlineExecutor::from_node(root, &mut reader)?;
        let unknown = std::mem::take(&mut inline.unknown_keys).into_iter();
        let of_file = |key| UnknownKey { kind: MappingKind::ConfigurationFile, ..key };
        flow.unknown_keys.extend(unknown.map(of_file));
        let name = name_in_metas(root);
        let uses = Spanned::new(Uses::Inline(Arc::new(inline)), root.span);
        let mut extra = Extra::default();
        root.as_mapping().into_iter().flat_map(Mapping::iter).for_each(|entry| extra.keep(entry));
        let mut settings = ExecutorSettings {
            uses: uses.into(),
            name: name.into(),
            ..ExecutorSettings::default()
        };
        if flow.gateway.is_none() {
            flow.extra = extra;
        } else {
            settings.extra = extra;
        }
        name_alone(&mut settings, Some(root.span));
        Some(self.executor(settings, root.span, &[]))
    }

    fn executor_settings(&mut self, mapping: &Mapping, flow: &mut Flow) -> ExecutorSettings {
        let mut settings = ExecutorSettings::default();
        let kind = MappingKind::Scope(Scope::Executor);
        let unknown = read_keys(mapping, kind, &mut self.diagnostics, |entry, diagnostics| {
            settings.extra.keep(entry);
            let key = ExecutorKey::named(&entry.key.value)?;
            settings.read(key, entry, diagnostics);
            Some(key.info().name)
        });
        flow.unknown_keys.extend(unknown);
        flow.unknown_keys.extend(unknown_in_uses(&settings));
        settings
    }

    fn executor(
        &mut self,
        mut settings: ExecutorSettings,
        span: Span,
        before: &[Executor],
    ) -> Executor {
        // Findings show the names of Executors, so a value that is not a valid name must not become
        // one.
        if let Some(name) =
            settings.name.take_if(|name| name.is_substituted() && !may_be_name(&name.value.0))
            && let Some(span) = name.span
        {
            let label = "expected letters, digits and `_`: a letter first, no `_` last";
            Reader::new("name", &mut self.diagnostics).wrong_value(
                span,
                "cannot be this value",
                label,
            );
        }
        if let Some(Spanned { value: Uses::Inline(inline), .. }) = &*settings.uses
            && let Some(py_modules) = &inline.py_modules
        {
            let message = "`py_modules` of an inline Executor has no effect in a container";
            self.diagnostics.push(
                Diagnostic::new(&INLINE_EXECUTOR, message)
                    .at(py_modules.span, "the files of the Executor are in the image"),
            );
        }
        Executor::new(settings, Some(span), before)
    }
}

/// True if Jina accepts the text as the name of an Executor: letters, digits, `_` and `-`.
fn may_be_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Keys without effect in configurations under `uses` and similar keys.
fn unknown_in_uses(settings: &ExecutorSettings) -> Vec<UnknownKey> {
    [&settings.uses, &settings.uses_before, &settings.uses_after]
        .into_iter()
        .filter_map(|uses| uses.as_ref()?.inline())
        .flat_map(|inline| inline.unknown_keys.clone())
        .collect()
}
