//! The requirements of a mesh on the cluster, as data for tools that talk to a cluster.

/// The requirements of a mesh on the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirements {
    /// The oldest release that reads what is written, as `2.18`; `None` for what is no mesh.
    pub release: Option<&'static str>,
    /// What must be there before anything is applied. Resources that need a definition are not
    /// listed: the definitions that an export needs are those of the resources that are in it.
    pub before: &'static [Before],
    /// What must be true of every Pod afterwards: injection may have failed in silence.
    pub after: &'static [After],
}

impl Requirements {
    /// Nothing.
    pub const NONE: Self = Self { release: None, before: &[], after: &[] };
}

/// What must be there before anything is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Before {
    /// A webhook that changes Pods. Where its name holds a revision, the name begins with this.
    MutatingWebhook(&'static str),
    /// A `GatewayClass`.
    GatewayClass(&'static str),
    /// Objects of this kind disable what is written, and must not be there: `GROUP/KIND`.
    Nothing(&'static str),
}

/// What must be true of every Pod afterwards.
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
