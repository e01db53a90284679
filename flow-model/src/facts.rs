//! Facts about a Bundle.

use std::collections::BTreeSet;
use std::fmt;

use crate::bundle::Document;
use crate::demand::Demand;

/// The identity of a Flow on a platform.
///
/// Objects and files with another identity, or without one, belong to somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId {
    /// The namespace, if the platform has namespaces.
    pub namespace: Option<String>,
    /// The Flow's name: [`Plan::flow_name`](crate::Plan::flow_name).
    pub name: String,
}

/// `NAMESPACE/NAME`, or `NAME` without a namespace.
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
    /// The Flow that the files belong to.
    pub flow: FlowId,
    /// The custom resources, for which the cluster needs definitions (CRDs).
    pub definitions: BTreeSet<CustomKind>,
    /// The Secrets or variables that must exist before anything starts.
    pub secrets: BTreeSet<RequiredSecret>,
    /// What the Flow asks of the platform in total, if the backend knows.
    pub demand: Option<Demand>,
}

impl Facts {
    /// Facts about files of a Flow without requirements.
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

/// The kind of a custom resource, for which the cluster needs a definition (CRD).
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

/// A Secret or a variable that must exist before a start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequiredSecret {
    /// A Secret of the cluster, or a variable of the environment.
    pub name: String,
    /// The key in the Secret; `None` for a variable, and for a Secret that is used as a whole.
    pub key: Option<String>,
}
