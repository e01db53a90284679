//! The namespace that a Flow lives in.

use flow_model::plan::{Plan, nearest_label};
use flow_model::{Diagnostic, Diagnostics};

use crate::rules::NAMESPACE_CHANGED;

/// The name of a namespace: a DNS label (RFC 1123).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Namespace(String);

/// Text that cannot be the name of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadNamespace(String);

impl std::fmt::Display for BadNamespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` cannot be a namespace: expected lower-case letters, digits and `-`, \
             63 at most, a letter or digit first and last",
            self.0
        )
    }
}

impl std::error::Error for BadNamespace {}

impl std::str::FromStr for Namespace {
    type Err = BadNamespace;

    fn from_str(text: &str) -> Result<Self, BadNamespace> {
        let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let good = !text.is_empty()
            && text.len() <= 63
            && text.chars().all(inside)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if good { Ok(Self(text.to_owned())) } else { Err(BadNamespace(text.to_owned())) }
    }
}

impl Namespace {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The namespace that Kubernetes takes where nothing names one.
    fn default_one() -> Self {
        Self("default".to_owned())
    }

    /// The namespace of a Flow that is given none: its own name, spelled as a label.
    pub(crate) fn of_flow(plan: &Plan, diagnostics: &mut Diagnostics) -> Self {
        let Some(name) = &plan.name else { return Self::default_one() };
        if let Ok(namespace) = name.value.parse() {
            return namespace;
        }
        let namespace = nearest_label(&name.value).parse().unwrap_or_else(|_| Self::default_one());
        let message =
            format!("`{}` cannot be a namespace; the Flow goes into `{namespace}`", name.value);
        diagnostics.push(
            Diagnostic::new(&NAMESPACE_CHANGED, message)
                .at(name.span, "expected lower-case letters, digits and `-`")
                .help("rename the Flow, or say `--k8s-namespace NAME`"),
        );
        namespace
    }
}

impl std::fmt::Display for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Namespace;

    #[test]
    fn only_labels_are_namespaces() {
        let long = "a".repeat(64);
        for (text, good) in [
            ("default", true),
            ("team-1", true),
            ("1", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("A", false),
            ("a.b", false),
            ("a_b", false),
            (long.as_str(), false),
        ] {
            assert_eq!(text.parse::<Namespace>().is_ok(), good, "{text}");
        }
    }
}
