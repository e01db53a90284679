//! The policies that the user sets for a mesh.

use std::collections::BTreeSet;

use flow_model::values::Positive;

/// The policies that the user sets for a mesh. The backend refuses policies that the mesh's
/// [`Capabilities`](super::Capabilities) do not include.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The layer that retries failed calls.
    pub retries: Retries,
    /// Send no calls for a while to replicas that keep failing.
    pub circuit_breaking: bool,
    /// Executors only accept encrypted calls.
    pub require_mtls: bool,
}

/// The layer that retries failed calls. Retries of all other layers are switched off, because the
/// attempts of two layers multiply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Retries {
    /// The gateway and the heads, as often as the Flow says.
    #[default]
    Jina,
    /// The mesh.
    Mesh(MeshRetries),
    /// No retries.
    Off,
}

/// The calls that a mesh retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeshRetries {
    /// The maximum number of retries after the first attempt.
    pub times: Positive,
    endpoints: BTreeSet<Endpoint>,
}

impl MeshRetries {
    /// The maximum number of endpoints: one rule of a `GRPCRoute` has 64 matches, and each endpoint
    /// needs two.
    pub const MOST_ENDPOINTS: usize = 32;

    /// Retries of calls of these endpoints. `None` if there are more than
    /// [`MeshRetries::MOST_ENDPOINTS`].
    pub fn new(times: Positive, endpoints: BTreeSet<Endpoint>) -> Option<Self> {
        (endpoints.len() <= Self::MOST_ENDPOINTS).then_some(Self { times, endpoints })
    }

    /// The endpoints whose calls may be repeated even if an Executor has seen them. Calls of other
    /// endpoints are never repeated, because they may not be idempotent.
    pub fn endpoints(&self) -> &BTreeSet<Endpoint> {
        &self.endpoints
    }
}

/// An endpoint of Executors, as Jina sends it in the header `endpoint`: `/search`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(String);

impl Endpoint {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that is not an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEndpoint(String);

impl std::fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` is not an endpoint: expected `/` and visible ASCII, such as `/search`",
            self.0
        )
    }
}

impl std::error::Error for BadEndpoint {}

impl std::str::FromStr for Endpoint {
    type Err = BadEndpoint;

    fn from_str(text: &str) -> Result<Self, BadEndpoint> {
        let good = text.starts_with('/')
            && text.len() <= 4096
            && text.chars().all(|c| c.is_ascii_graphic());
        if good { Ok(Self(text.to_owned())) } else { Err(BadEndpoint(text.to_owned())) }
    }
}

/// The calls that carry a request to an Executor once and get one answer. The header
/// [`ENDPOINT_HEADER`] says which endpoint they are for (jina 3.34.0, `serve/networking`).
///
/// `JinaSingleDocumentRequestRPC/stream_doc` is not included: a stream that has begun cannot be
/// repeated.
pub const REPEATABLE_CALLS: [(&str, &str); 2] = [
    ("jina.JinaSingleDataRequestRPC", "process_single_data"),
    ("jina.JinaDataRequestRPC", "process_data"),
];

/// The gRPC header with the endpoint, which gateways and heads send.
pub const ENDPOINT_HEADER: &str = "endpoint";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use flow_model::values::Positive;

    use super::{Endpoint, MeshRetries};

    #[test]
    fn endpoints_are_what_a_header_can_hold() {
        for (text, good) in [
            ("/search", true),
            ("/", true),
            ("/a/b?c", true),
            ("search", false),
            ("", false),
            ("/a b", false),
            ("/é", false),
            ("/a\n", false),
        ] {
            assert_eq!(text.parse::<Endpoint>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn endpoints_fit_into_one_rule() {
        for (count, good) in [(0, true), (32, true), (33, false)] {
            let endpoints: BTreeSet<Endpoint> =
                (0..count).filter_map(|index| format!("/{index}").parse().ok()).collect();
            assert_eq!(MeshRetries::new(Positive::ONE, endpoints).is_some(), good, "{count}");
        }
    }
}
