//! The namespace of a Flow.

use flow_model::names::{DNS_LABEL, LABEL_LENGTH, is_dns_label, nearest_label};
use flow_model::plan::Plan;
use flow_model::{Advice, Diagnostic, Diagnostics, Span};

use crate::mesh::ServiceMesh;
use crate::rules::{NAMESPACE_CHANGED, NO_NAMESPACE, RESERVED_NAMESPACE};

/// The name of a namespace: a DNS label (RFC 1123).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Namespace(String);

/// Text that cannot be the name of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadNamespace(String);

impl std::fmt::Display for BadNamespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` cannot be a namespace: expected {DNS_LABEL}", self.0)
    }
}

impl std::error::Error for BadNamespace {}

impl std::str::FromStr for Namespace {
    type Err = BadNamespace;

    fn from_str(text: &str) -> Result<Self, BadNamespace> {
        let text = text.to_owned();
        if is_dns_label(&text) { Ok(Self(text)) } else { Err(BadNamespace(text)) }
    }
}

impl Namespace {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The namespace `default`, which Kubernetes uses if none is set.
    fn default_one() -> Self {
        Self("default".to_owned())
    }

    /// The namespace of a Flow for which none is set: its name, converted to a DNS label.
    pub(crate) fn of_flow(plan: &Plan, diagnostics: &mut Diagnostics) -> Self {
        let Some(name) = &plan.name else { return Self::default_one() };
        if let Ok(namespace) = name.value.parse() {
            return namespace;
        }
        let shown = |what: &str| {
            if name.is_substituted() { what.to_owned() } else { format!("`{}`", name.value) }
        };
        let Some(namespace) = whole_label(&name.value) else {
            let message =
                format!("{} cannot be turned into a namespace", shown("the name of this Flow"));
            diagnostics.push(
                Diagnostic::new(&NO_NAMESPACE, message)
                    .at(name.span, "expected `a` to `z`, digits and `-`, at most 63 characters")
                    .help("rename the Flow")
                    .help(Advice::Namespace),
            );
            return Self::default_one();
        };
        let message = format!(
            "{} is not a valid namespace; `{namespace}` is used",
            shown("the name of this Flow")
        );
        diagnostics.push(
            Diagnostic::new(&NAMESPACE_CHANGED, message)
                .at(name.span, "expected lower-case letters, digits and `-`")
                .help("rename the Flow")
                .help(Advice::Namespace),
        );
        namespace
    }
}

/// Reports a namespace that belongs to Kubernetes or to the mesh. `span` is where it is named.
pub(crate) fn check_reserved(
    namespace: &Namespace,
    mesh: &dyn ServiceMesh,
    span: Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let owner = if namespace.0.starts_with("kube-") {
        "Kubernetes"
    } else if mesh.namespaces().contains(&namespace.as_str()) {
        mesh.identity().title
    } else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(
            &RESERVED_NAMESPACE,
            format!("the namespace `{namespace}` belongs to {owner}"),
        )
        .at(span, "expected a namespace of the Flow's own")
        .help("rename the Flow")
        .help(Advice::Namespace),
    );
}

impl std::fmt::Display for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The nearest DNS label. `None` if letters or digits would be lost.
fn whole_label(name: &str) -> Option<Namespace> {
    let is_lost = |c: char| c.is_alphanumeric() && !c.is_ascii();
    let ends = |c: char| !c.is_ascii_alphanumeric();
    let is_whole =
        name.trim_matches(ends).chars().count() <= LABEL_LENGTH && !name.contains(is_lost);
    nearest_label(name).parse().ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::{Namespace, whole_label};

    #[test]
    fn no_letter_of_a_name_is_lost() {
        let long = "a".repeat(64);
        for (name, expected) in [
            ("My_Flow", Some("my-flow")),
            ("_a b_", Some("a-b")),
            ("a…b", Some("a-b")),
            ("été", None),
            ("日本", None),
            ("…", None),
            (&long, None),
        ] {
            assert_eq!(whole_label(name).as_ref().map(Namespace::as_str), expected, "{name}");
        }
    }

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
