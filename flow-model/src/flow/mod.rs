//! The Flow as its author meant it: typed, with the place of every field.

mod builder;
mod inline;
mod inspect;
mod names;
mod read;
mod rules;

use std::sync::Arc;

pub use builder::{ExecutorBuilder, FlowBuilder, GatewayBuilder};
pub use read::{LEGACY_LIST, Read, ReadDocument, ReadOptions, read};
pub use rules::{BAD_DOCUMENT, BAD_REFERENCE, INLINE_EXECUTOR, REPLACED_SETTING, RULES};

use crate::keys::{ExecutorSettings, FlowSettings, GatewaySettings, UnknownKey};
use crate::source::UsedVariables;
use crate::span::{Span, Spanned};
use crate::values::{Extra, Positive, Text, Toggle};

/// The keys of the document itself.
pub const DOCUMENT_KEYS: &[&str] =
    &["jtype", "version", "with", "gateway", "executors", "deployments"];

/// A pipeline of Executors behind a gateway, or a single Executor without one.
///
/// What `with:` hands down has been handed down: entries hold all that applies to them, and the
/// span of an inherited value lies in `with:`.
///
/// Two Flows are equal when they say the same: places, keys that Jina does not know, and the order
/// within mappings do not count.
///
/// It is made by [`read`] or by [`Flow::builder`]. Without a gateway it is one Executor by itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Flow {
    /// What `with:` says of the Flow itself.
    pub settings: FlowSettings,
    /// The Flow's door; a Deployment, or an Executor by itself, has none.
    pub gateway: Option<Gateway>,
    /// In the order in which they were declared.
    pub executors: Vec<Executor>,
    /// The user's own keys (`x-…`) of the document; those of `with`, of the gateway and of Executors
    /// are in their settings.
    pub extra: Extra,
    /// Keys without effect, wherever they were written.
    pub unknown_keys: Vec<UnknownKey>,
    /// Variables that took part, each at the value that it went into.
    pub variables: UsedVariables,
    /// The document.
    pub span: Option<Span>,
    /// The key `executors`.
    pub executors_span: Option<Span>,
}

impl Flow {
    /// The kind of a text that is not a Flow.
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

/// The Flow's door.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Gateway {
    /// What `gateway:` and `with:` say; a Plan shares it.
    pub settings: Arc<GatewaySettings>,
    /// The key `gateway`, where it was written.
    pub span: Option<Span>,
}

impl Gateway {
    /// A gateway of the Flow that says `common` of itself.
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
    /// As written, or `executor` and its number.
    pub name: Spanned<String>,
    /// What the entry and `with:` say; a Plan shares it.
    pub settings: Arc<ExecutorSettings>,
    /// Written as a Deployment, which says all about itself and inherits nothing.
    pub is_deployment: bool,
    /// The entry.
    pub span: Option<Span>,
}

impl Executor {
    /// An Executor after those declared `before` it, which tell what a nameless one is called.
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

    /// What it waits for, as written.
    pub fn needs(&self) -> &[Spanned<String>] {
        self.settings.needs.as_ref().map_or(&[], |needs| &needs.value)
    }

    /// Into how many parts its data is split.
    pub fn shards(&self) -> u32 {
        self.settings.shards.as_ref().map_or(1, |shards| shards.get())
    }

    /// The number of Pods of each shard.
    pub fn replicas(&self) -> Spanned<Positive> {
        self.settings.replicas.unwrap_or(Spanned { value: Positive::ONE, span: self.span })
    }

    /// Whether it runs somewhere else.
    pub fn is_external(&self) -> bool {
        is_on(*self.settings.external)
    }

    /// Whether no answer waits for it.
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
