//! The typed Flow, with the span of every field.

mod builder;
mod inline;
mod inspect;
mod names;
mod read;
mod rules;

use std::sync::Arc;

pub use builder::{ExecutorBuilder, FlowBuilder, GatewayBuilder};
pub use read::{LEGACY_LIST, Read, ReadDocument, ReadOptions, is_flow, read, read_value};
pub use rules::{BAD_DOCUMENT, BAD_REFERENCE, INLINE_EXECUTOR, REPLACED_SETTING, RULES};

use crate::keys::{ExecutorSettings, FlowSettings, GatewaySettings, UnknownKey};
use crate::source::UsedVariables;
use crate::span::{Span, Spanned};
use crate::values::{Extra, Positive, Text, Toggle};

/// The keys of the document itself.
pub const DOCUMENT_KEYS: &[&str] = &[
    "jtype",
    "version",
    "with",
    "gateway",
    "executors",
    "deployments",
    "jcloud",
    "kubernetes",
    "compose",
];

/// A pipeline of Executors behind a gateway, or a single Executor without one.
///
/// Inherited values are resolved: entries contain all settings that apply to them, and the span of
/// an inherited value is in `with:`.
///
/// Two Flows are equal if their settings are equal; spans, unknown keys and the order within
/// mappings are ignored.
///
/// It is made by [`read`], [`read_value`] or [`Flow::builder`]. Without a gateway it is a standalone Executor.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Flow {
    /// The settings under `with:` that belong to the Flow itself.
    pub settings: FlowSettings,
    /// The gateway; a Deployment or a standalone Executor has none.
    pub gateway: Option<Gateway>,
    /// The Executors, in the order of the file.
    pub executors: Vec<Executor>,
    /// The user's own keys (`x-…`) of the document; those of `with`, of the gateway and of Executors
    /// are in their settings.
    pub extra: Extra,
    /// Keys without effect, wherever they were written.
    pub unknown_keys: Vec<UnknownKey>,
    /// The variables that were used, each with the place of the value that it was substituted into.
    pub variables: UsedVariables,
    /// The span of the document.
    pub span: Option<Span>,
    /// The span of the key `executors`.
    pub executors_span: Option<Span>,
}

impl Flow {
    /// An empty Flow, for a text that is not a Flow.
    fn nothing() -> Self {
        Self {
            settings: FlowSettings::default(),
            gateway: None,
            executors: Vec::new(),
            extra: Extra::default(),
            unknown_keys: Vec::new(),
            variables: UsedVariables::new(),
            span: None,
            executors_span: None,
        }
    }
}

impl PartialEq for Flow {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
            && self.gateway == other.gateway
            && self.executors == other.executors
            && self.extra == other.extra
    }
}

/// The gateway of a Flow.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Gateway {
    /// The settings from `gateway:` and `with:`; a Plan shares them.
    pub settings: Arc<GatewaySettings>,
    /// The span of the key `gateway`, if it was written.
    pub span: Option<Span>,
}

impl Gateway {
    /// A gateway with its own settings and those of the Flow, `common`.
    fn new(mut settings: GatewaySettings, span: Option<Span>, common: &FlowSettings) -> Self {
        inline::apply_gateway(&mut settings);
        if settings.env.is_none() {
            settings.env.clone_from(&common.env);
        }
        Self { settings: settings.into(), span }
    }
}

impl PartialEq for Gateway {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
    }
}

/// One entry of `executors:`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Executor {
    /// The name as written, or `executor` and a number.
    pub name: Spanned<String>,
    /// The settings from the entry and from `with:`; a Plan shares them.
    pub settings: Arc<ExecutorSettings>,
    /// True if it was written as a Deployment, which inherits nothing.
    pub is_deployment: bool,
    /// The span of the entry.
    pub span: Option<Span>,
}

impl Executor {
    /// An Executor after those declared `before` it, which determine its default name.
    fn new(mut settings: ExecutorSettings, span: Option<Span>, before: &[Self]) -> Self {
        inline::apply(&mut settings);
        let name = match &*settings.name {
            Some(name) if !name.value.is_empty() => name.clone().map(|Text(name)| name),
            _ => Spanned { value: names::default(&settings, before), span },
        };
        settings.name = name.clone().map(Text).into();
        settings.written.shrink_to_fit();
        Self { name, settings: settings.into(), is_deployment: false, span }
    }

    /// The names of `needs`, as written.
    pub fn needs(&self) -> &[Spanned<String>] {
        self.settings.needs.as_ref().map_or(&[], |needs| &needs.value)
    }

    /// The number of shards.
    pub fn shards(&self) -> u32 {
        self.settings.shards.as_ref().map_or(1, |shards| shards.get())
    }

    /// The number of Pods of each shard.
    pub fn replicas(&self) -> Spanned<Positive> {
        self.settings.replicas.unwrap_or(Spanned { value: Positive::ONE, span: self.span })
    }

    /// True if it runs outside the Flow.
    pub fn is_external(&self) -> bool {
        is_on(*self.settings.external)
    }

    /// True if the answer does not wait for it.
    pub fn is_floating(&self) -> bool {
        is_on(*self.settings.floating)
    }
}

impl PartialEq for Executor {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.settings == other.settings
    }
}

fn is_on(toggle: Option<Spanned<Toggle>>) -> bool {
    toggle.is_some_and(|toggle| toggle.value.0)
}
