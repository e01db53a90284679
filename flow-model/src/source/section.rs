//! The sections of a document.

/// A section of a document. The section of a value, not its depth, decides whether the value is
/// read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The document of a Flow or of a Deployment.
    Document,
    /// The document of a single Executor: its own configuration.
    Configuration,
    /// Keys of the table: `with`, `gateway`, an entry of `executors`.
    Settings,
    /// The value of `executors`: a list, in old files a mapping.
    Executors,
    /// An entry of that list.
    Executor,
    /// A value that may be the configuration of a class, such as `uses`.
    Class,
    /// A value that reaches a container or an argument, or is checked.
    Value,
    /// The user's own keys (`x-…`), and unknown keys of the document, which nobody reads.
    Own,
}

impl Section {
    /// The section of the value of `key` in a mapping of this section.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        match self {
            Self::Document | Self::Configuration | Self::Settings | Self::Executor
                if is_own(key) =>
            {
                Self::Own
            }
            Self::Document => match key {
                "with" | "gateway" => Self::Settings,
                "executors" | "deployments" | "pods" => Self::Executors,
                "jtype" | "version" | "needs" | "metas" | "requests" | "jcloud" | "kubernetes"
                | "compose" => Self::Value,
                _ => Self::Own,
            },
            Self::Executor | Self::Settings => match key {
                "with" if self == Self::Executor => Self::Settings,
                "kwargs" => Self::Settings,
                "uses" | "uses_before" | "uses_after" => Self::Class,
                _ => Self::Value,
            },
            // A mapping instead of a list: each entry under its name.
            Self::Executors => Self::Executor,
            Self::Configuration | Self::Class | Self::Value => Self::Value,
            Self::Own => Self::Own,
        }
    }

    /// The section of the items of a list of this section.
    #[must_use]
    pub fn item(self) -> Self {
        match self {
            Self::Executors => Self::Executor,
            Self::Own => Self::Own,
            _ => Self::Value,
        }
    }

    /// True if mistakes in this section are reported.
    pub(super) fn is_reported(self) -> bool {
        self != Self::Own
    }

    /// True if a tag such as `!Flow` names the class of a value.
    pub(super) fn takes_class(self) -> bool {
        matches!(self, Self::Document | Self::Configuration | Self::Executor | Self::Class)
    }
}

/// True if a key is the user's own, which Jina ignores.
pub(crate) fn is_own(key: &str) -> bool {
    key.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::Section;

    #[test]
    fn where_a_value_stands_decides_who_reads_it() {
        use Section::{Class, Document, Executor, Executors, Own, Settings, Value};
        for (path, expected) in [
            ("", Document),
            ("x-common", Own),
            ("x-common.env.x-a", Own),
            ("unknown", Own),
            ("jcloud.labels", Value),
            ("kubernetes.labels.x-team", Value),
            ("with", Settings),
            ("with.x-team", Own),
            ("with.kwargs.x-team", Own),
            ("with.grpc_metadata.x-tenant", Value),
            ("gateway.uses_with.x-a.b", Value),
            ("gateway.jcloud.x-a", Value),
            ("executors", Executors),
            ("executors.0", Executor),
            ("executors.0.x-team", Own),
            ("executors.0.env.x-a", Value),
            ("executors.0.uses", Class),
            ("executors.0.uses.with.x-a", Value),
            ("executors.0.with.x-team", Own),
            ("executors.0.with.uses_with.x-a", Value),
            ("with.executors.0", Value),
        ] {
            let steps = path.split('.').filter(|step| !step.is_empty());
            let found = steps.fold(Document, |section, step| match step.parse::<usize>() {
                Ok(_) => section.item(),
                Err(_) => section.key(step),
            });
            assert_eq!(found, expected, "{path}");
        }
        assert_eq!(Section::Configuration.key("with").key("x-a"), Value);
    }
}
