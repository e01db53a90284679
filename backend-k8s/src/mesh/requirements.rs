//! The requirements of a mesh on the cluster, as data for tools that talk to a cluster.

/// The requirements of a mesh on the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirements {
    /// The oldest supported release, such as `2.18`; `None` if this is not a mesh.
    pub release: Option<&'static str>,
    /// What must exist before an apply. Definitions of custom resources are not listed here: they
    /// follow from the resources in an export.
    pub before: &'static [Before],
    /// What must be true of every Pod after an apply, because injection can fail silently.
    pub after: &'static [After],
}

impl Requirements {
    /// No requirements.
    pub const NONE: Self = Self { release: None, before: &[], after: &[] };
}

/// Something that must exist before an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Before {
    /// A webhook that changes Pods, by the beginning of its name, which may be followed by a
    /// revision.
    MutatingWebhook(&'static str),
    /// A `GatewayClass`.
    GatewayClass(&'static str),
    /// A kind of which no object may exist, because it would disable the exported resources:
    /// `GROUP/KIND`.
    Nothing(&'static str),
}

/// Something that must be true of every Pod after an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum After {
    /// It has a container, or an init container, of this name.
    Container(&'static str),
    /// It has an annotation of this value.
    Annotation(&'static str, &'static str),
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MutatingWebhook(name) => write!(f, "MutatingWebhookConfiguration `{name}`"),
            Self::GatewayClass(name) => write!(f, "GatewayClass `{name}`"),
            Self::Nothing(kind) => write!(f, "no object of `{kind}`"),
        }
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Container(name) => write!(f, "container `{name}`"),
            Self::Annotation(name, value) => write!(f, "annotation `{name}: {value}`"),
        }
    }
}
