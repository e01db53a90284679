//! Facts about a Bundle.

use std::collections::BTreeSet;
use std::fmt;

use crate::bundle::Document;

/// What tells one Flow from another in the place that it is brought to.
///
/// Objects and files that carry another identity, or none, belong to somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId {
    /// The namespace, where the place has such.
    pub namespace: Option<String>,
    /// The Flow's name: [`Plan::flow_name`](crate::Plan::flow_name).
    pub name: String,
}

/// `NAMESPACE/NAME`, or `NAME` where there are no namespaces.
impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

/// Facts about the files that a backend rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// Whose files they are.
    pub flow: FlowId,
    /// The kinds that a cluster knows only through definitions of their own (CRDs).
    pub definitions: BTreeSet<CustomKind>,
    /// The values that are kept elsewhere, and have to be there before anything starts.
    pub secrets: BTreeSet<RequiredSecret>,
}

impl Facts {
    /// Files of a Flow that need nothing.
    pub fn new(flow: FlowId) -> Self {
        Self { flow, ..Self::default() }
    }

    /// The kind of a document, if it is one of [`Facts::definitions`].
    pub fn custom_kind(&self, document: &Document) -> Option<&CustomKind> {
        let id = document.id.as_ref()?;
        let is_this =
            |known: &&CustomKind| known.kind == id.kind && known.api_version == id.api_version;
        self.definitions.iter().find(is_this)
    }
}

/// A kind that a cluster knows only through a definition of its own (CRD).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomKind {
    /// `GRPCRoute`.
    pub kind: String,
    /// `gateway.networking.k8s.io/v1`.
    pub api_version: String,
}

/// `GRPCRoute (gateway.networking.k8s.io/v1)`.
impl fmt::Display for CustomKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.api_version)
    }
}

/// A value that is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequiredSecret {
    /// A Secret of the cluster, or a variable of the environment.
    pub name: String,
    /// Which of its keys; `None` for a variable, and for a Secret that is used as a whole.
    pub key: Option<String>,
}
