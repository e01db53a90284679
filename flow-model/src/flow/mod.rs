//! The Flow as its author meant it: typed, with the place of every field.

mod read;
mod rules;

use std::sync::Arc;

pub use read::read;
pub use rules::{BAD_DOCUMENT, RULES};

use crate::keys::{ExecutorKeys, FlowKeys, GatewayKeys, UnknownKey};
use crate::span::{Span, Spanned};
use crate::values::{Needs, Positive, Toggle};

/// The keys of the document itself.
pub const DOCUMENT_KEYS: &[&str] =
    &["jtype", "version", "with", "gateway", "executors", "deployments"];

/// A pipeline of Executors behind a gateway.
///
/// What `with:` hands down has been handed down: entries hold all that applies to them, and the
/// span of an inherited value lies in `with:`.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Flow {
    /// What `with:` says of the Flow itself.
    pub settings: FlowKeys,
    /// The Flow's door.
    pub gateway: Gateway,
    /// In the order in which they were declared.
    pub executors: Vec<Executor>,
    /// Keys without effect, wherever they were written.
    pub unknown_keys: Vec<UnknownKey>,
    /// The document.
    pub span: Option<Span>,
}

/// The Flow's door.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Gateway {
    /// What `gateway:` and `with:` say; a Plan shares it.
    pub settings: Arc<GatewayKeys>,
    /// `gateway:`, where it was written.
    pub span: Option<Span>,
}

/// One entry of `executors:`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Executor {
    /// As written, or `executor` and its number.
    pub name: Spanned<String>,
    /// What the entry and `with:` say; a Plan shares it.
    pub settings: Arc<ExecutorKeys>,
    /// The entry.
    pub span: Option<Span>,
}

impl Executor {
    /// An Executor with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: Spanned::unwritten(name.into()), settings: Arc::default(), span: None }
    }

    /// What it waits for, as written.
    pub fn needs(&self) -> &[Spanned<String>] {
        self.settings.needs.as_ref().map_or(&[], |needs| {
            let Needs(names) = &needs.value;
            names
        })
    }

    /// Into how many parts its data is split.
    pub fn shards(&self) -> u32 {
        self.settings.shards.as_ref().map_or(1, |shards| shards.get())
    }

    /// How many Pods serve each shard.
    pub fn replicas(&self) -> Spanned<Positive> {
        self.settings.replicas.unwrap_or(Spanned { value: Positive::ONE, span: self.span })
    }

    /// Whether it runs somewhere else.
    pub fn is_external(&self) -> bool {
        is_on(self.settings.external)
    }

    /// Whether no answer waits for it.
    pub fn is_floating(&self) -> bool {
        is_on(self.settings.floating)
    }
}

fn is_on(toggle: Option<Spanned<Toggle>>) -> bool {
    toggle.is_some_and(|toggle| toggle.value.0)
}
