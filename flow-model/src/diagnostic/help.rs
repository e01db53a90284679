//! What to write or do instead.

/// What to write or do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Help {
    /// An instruction about the input.
    Text(String),
    /// An option of the program that compiles the Flow. The program that shows the finding turns it
    /// into text for its users; [`Display`](std::fmt::Display) does not name any program's flags.
    Option(Advice),
}

/// An option of the program that compiles a Flow, with a value that would help.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Choose an image for an Executor, the gateway, or a value of `uses`; `None` if the value must
    /// not be shown.
    Image(Option<String>),
    /// Choose the image for gateways, heads and Executors without `uses`, of this release (such as
    /// `3.20`) if one is given.
    GatewayImage(Option<String>),
    /// Choose one of the documents of the file.
    Document,
    /// Let the Flow refer to files outside its folder.
    AllowOutside,
    /// Define an environment variable.
    Variable(String),
    /// Define a value of the context.
    Context(String),
    /// Choose the namespace.
    Namespace,
    /// Set the number of GPUs for `gpus: all`.
    GpuAll,
    /// Say what spot machines, shared GPUs and kinds of storage are on the cluster.
    ClusterProfile,
    /// Remove a policy, or choose another mesh.
    WithoutPolicy(MeshPolicy),
    /// Name the endpoints whose calls the mesh may retry.
    NameEndpoints,
    /// Do not let the mesh retry calls of this endpoint.
    WithoutEndpoint(String),
    /// Let the mesh retry fewer endpoints and, if true, use fewer attempts for each.
    FewerRetries(bool),
    /// Switch all retries off.
    NoRetries,
    /// Allow the findings of a rule, by its code.
    Allow(&'static str),
}

/// A policy of a mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeshPolicy {
    /// Retry failed calls.
    Retries,
    /// Stop sending calls to replicas that keep failing.
    CircuitBreaking,
    /// Refuse unencrypted calls.
    RequireMtls,
}

impl std::fmt::Display for MeshPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Retries => "retries",
            Self::CircuitBreaking => "circuit breaking",
            Self::RequireMtls => "required mTLS",
        })
    }
}

impl std::fmt::Display for Advice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image(Some(name)) => write!(f, "choose an image for `{name}`"),
            Self::Image(None) => f.write_str("choose an image for this value"),
            Self::GatewayImage(None) => f.write_str("choose another image for the gateway"),
            Self::GatewayImage(Some(release)) => {
                write!(f, "choose an image of Jina {release} for the gateway")
            }
            Self::Document => f.write_str("choose one document of the file"),
            Self::AllowOutside => f.write_str("allow files outside the folder of the Flow"),
            Self::Variable(name) => write!(f, "define the environment variable `{name}`"),
            Self::Context(name) => write!(f, "define `{name}` in the context"),
            Self::Namespace => f.write_str("choose a namespace"),
            Self::GpuAll => f.write_str("choose the number of GPUs for `gpus: all`"),
            Self::ClusterProfile => f.write_str("describe the cluster in a profile"),
            Self::WithoutPolicy(policy) => write!(f, "choose no {policy}, or another mesh"),
            Self::NameEndpoints => f.write_str("name the endpoints that may run twice"),
            Self::WithoutEndpoint(endpoint) => write!(f, "do not retry calls of `{endpoint}`"),
            Self::FewerRetries(true) => f.write_str("retry less often, or fewer endpoints"),
            Self::FewerRetries(false) => f.write_str("retry fewer endpoints"),
            Self::NoRetries => f.write_str("choose no retries"),
            Self::Allow(code) => write!(f, "allow `{code}` if this is what you mean"),
        }
    }
}

impl std::fmt::Display for Help {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Option(advice) => advice.fmt(f),
        }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Advice> for Help {
    fn from(advice: Advice) -> Self {
        Self::Option(advice)
    }
}
