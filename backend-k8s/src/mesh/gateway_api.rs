//! Resources of the Gateway API, which several meshes read (`gateway.networking.k8s.io/v1`).
//!
//! Written down here, as far as they are used, because the crate `gateway-api` brings `kube` and a
//! k8s-openapi of another version.
//!
//! Default values inside lists are written: lists of these kinds are owned as a whole, so without
//! them every `kubectl apply` would change the object, and `kubectl apply --server-side` would
//! conflict with itself.

use serde::Serialize;

use super::{ENDPOINT_HEADER, Endpoint, REPEATABLE_CALLS, Spec};

/// `GRPCRoute`: the routes and retries of calls to a Service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrpcRoute {
    /// The Services, or the Gateway.
    pub parent_refs: Vec<ParentRef>,
    /// The hosts that clients of a Gateway call; none for calls to a Service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// The rules; the first one that matches is used.
    pub rules: Vec<GrpcRule>,
}

impl Spec for GrpcRoute {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "GRPCRoute";
}

/// The Service or the Gateway that a route is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParentRef {
    group: &'static str,
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

/// A rule of a [`GrpcRoute`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrpcRule {
    /// The calls that the rule matches; all if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<GrpcMatch>,
    /// The destinations. Always written: without them Istio answers 500.
    pub backend_refs: Vec<BackendRef>,
}

/// A destination of calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackendRef {
    group: &'static str,
    kind: &'static str,
    name: String,
    port: u16,
    weight: u32,
}

/// A match: the calls of one method, optionally with a header. The method is required, because
/// Linkerd up to 2.20 refuses all calls of a Service with a match by header only
/// (linkerd/linkerd2#14047).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GrpcMatch {
    method: GrpcMethod,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<HeaderMatch>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct GrpcMethod {
    #[serde(rename = "type")]
    kind: &'static str,
    service: &'static str,
    method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct HeaderMatch {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    value: String,
}

impl ParentRef {
    /// A port of a Service. A route that names no port holds for all of them, and makes HTTP/2 of
    /// a port that offers metrics.
    pub fn service(name: &str, port: u16) -> Self {
        Self {
            group: "",
            kind: "Service",
            name: name.to_owned(),
            namespace: None,
            port: Some(port),
        }
    }

    /// A Gateway, in the namespace of the route if none is named.
    pub fn gateway(namespace: Option<&str>, name: &str) -> Self {
        Self {
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            name: name.to_owned(),
            namespace: namespace.map(str::to_owned),
            port: None,
        }
    }
}

impl BackendRef {
    /// A port of a Service.
    pub fn service(name: &str, port: u16) -> Self {
        Self { group: "", kind: "Service", name: name.to_owned(), port, weight: 1 }
    }
}

impl GrpcMatch {
    /// The calls that carry a request for this endpoint to an Executor.
    pub fn endpoint(endpoint: &Endpoint) -> [Self; 2] {
        REPEATABLE_CALLS.map(|(service, method)| Self {
            method: GrpcMethod { kind: "Exact", service, method },
            headers: vec![HeaderMatch {
                kind: "Exact",
                name: ENDPOINT_HEADER,
                value: endpoint.as_str().to_owned(),
            }],
        })
    }
}

/// `HTTPRoute`: the routes of requests that a Gateway receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute {
    /// The Gateway.
    pub parent_refs: Vec<ParentRef>,
    /// The hosts that clients call.
    pub hostnames: Vec<String>,
    /// The rules; the most specific one that matches is used.
    pub rules: Vec<HttpRule>,
}

impl Spec for HttpRoute {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "HTTPRoute";
}

/// A rule of an [`HttpRoute`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRule {
    /// The requests that the rule matches.
    pub matches: Vec<HttpMatch>,
    /// The destinations.
    pub backend_refs: Vec<BackendRef>,
    /// The time limits; the Gateway's own if it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<HttpTimeouts>,
}

/// A match of requests by their path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpMatch {
    path: PathMatch,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct PathMatch {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'static str,
}

/// The time limits of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpTimeouts {
    request: String,
}

impl HttpMatch {
    /// All requests. The API server would fill this in.
    pub fn everything() -> Self {
        Self { path: PathMatch { kind: "PathPrefix", value: "/" } }
    }
}

impl HttpTimeouts {
    /// A limit of whole requests, in seconds. A duration has at most five digits.
    pub fn of_requests(seconds: u64) -> Self {
        let request = match seconds {
            0..=99_999 => format!("{seconds}s"),
            _ => format!("{}h", seconds.div_ceil(3_600).min(99_999)),
        };
        Self { request }
    }
}

/// `Gateway`: a proxy that a mesh runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// The kind of proxy.
    pub gateway_class_name: String,
    /// The listeners.
    pub listeners: Vec<Listener>,
}

impl Spec for Gateway {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "Gateway";
}

/// A port that a [`Gateway`] listens on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    name: String,
    port: u16,
    protocol: String,
    allowed_routes: AllowedRoutes,
}

/// The routes that may use a listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AllowedRoutes {
    namespaces: RouteNamespaces,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RouteNamespaces {
    from: &'static str,
}

impl Listener {
    /// A listener for routes of its own namespace, with its name, port and protocol.
    pub fn new(name: &str, port: u16, protocol: &str) -> Self {
        Self {
            name: name.to_owned(),
            port,
            protocol: protocol.to_owned(),
            allowed_routes: AllowedRoutes { namespaces: RouteNamespaces { from: "Same" } },
        }
    }
}
