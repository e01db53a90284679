//! What to write or do instead.

/// What to write or do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Help {
    /// An instruction about the input.
    Text(String),
    /// An option of the program that compiles the Flow. Whoever shows the finding says how its own
    /// users choose it; [`Display`](std::fmt::Display) names no program's flags.
    Option(Advice),
}

/// An option of the program that compiles a Flow, and the value that would help.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Choose an image for an Executor, the gateway, or a value of `uses`; `None` where the value
    /// must not be shown.
    Image(Option<String>),
    /// Choose the image for gateways, heads and Executors without `uses`; of a release such as
    /// `3.20` where it matters.
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
    /// Say how many GPUs `gpus: all` means.
    GpuAll,
    /// Allow the findings of a rule, by its code.
    Allow(&'static str),
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
            Self::GpuAll => f.write_str("choose how many GPUs `gpus: all` means"),
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
