//! The owner of a file.

use std::fmt;

use flow_model::{Backend, Facts, FlowId};

/// The owner of a file: the backend and the Flow. Files of another owner, or without one, belong to
/// somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner {
    /// The backend as people call it: `Docker Compose`.
    pub(super) backend: String,
    /// Its parts are DNS labels.
    pub(super) flow: FlowId,
}

impl Owner {
    pub(crate) fn new(backend: &dyn Backend, facts: &Facts) -> Self {
        Self { backend: backend.name().to_owned(), flow: facts.flow.clone() }
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (backend, flow) = text.split_once(FROM)?;
        let (namespace, name) = match flow.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, flow),
        };
        let is_label = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let is_backend = backend.split(' ').all(is_label);
        (is_backend && namespace.is_none_or(is_label) && is_label(name)).then(|| Self {
            backend: backend.to_owned(),
            flow: FlowId { namespace: namespace.map(str::to_owned), name: name.to_owned() },
        })
    }
}

const FROM: &str = " from Flow ";

/// `Kubernetes from Flow shop/search`.
impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{FROM}{}", self.backend, self.flow)
    }
}

#[cfg(test)]
mod tests {
    use super::Owner;

    #[test]
    fn an_owner_is_read_as_it_was_written() {
        for (text, is_owner) in [
            ("Kubernetes from Flow shop/search", true),
            ("Docker Compose from Flow search", true),
            ("Kubernetes from Flow ", false),
            ("Kubernetes from Flow /search", false),
            ("Kubernetes from Flow shop/", false),
            ("Kubernetes from Flow a/b/c", false),
            ("Kubernetes from Flow a b", false),
            ("Kubernetes\u{1b} from Flow a", false),
            (" from Flow search", false),
            ("Kubernetes", false),
            ("", false),
        ] {
            let owner = Owner::parse(text);
            assert_eq!(owner.is_some(), is_owner, "{text}");
            assert!(owner.is_none_or(|owner| owner.to_string() == text), "{text}");
        }
    }
}
