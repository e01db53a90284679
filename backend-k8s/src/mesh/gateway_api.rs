//! Resources of the Gateway API, which several meshes read (`gateway.networking.k8s.io/v1`).
//!
//! Written down here, as far as they are used, because the crate `gateway-api` brings `kube` and a
//! k8s-openapi of another version.
//!
//! What the API server would fill in inside a list is written: lists of these kinds have one owner as a
//! whole, so that otherwise every `kubectl apply` would change them, and `kubectl apply --server-side`
//! would find a conflict with itself.

use serde::Serialize;

use super::{ENDPOINT_HEADER, Endpoint, REPEATABLE_CALLS, Spec};

/// `GRPCRoute`: how calls of a Service are treated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrpcRoute {
    /// The Services.
    pub parent_refs: Vec<ParentRef>,
    /// The first rule that matches holds.
    pub rules: Vec<GrpcRule>,
}

impl Spec for GrpcRoute {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "GRPCRoute";
}

/// A Service whose calls a route treats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParentRef {
    group: &'static str,
    kind: &'static str,
    name: String,
    port: u16,
}

/// A rule of a [`GrpcRoute`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrpcRule {
    /// Which calls; all where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<GrpcMatch>,
    /// Where they go. Never left out: Istio answers 500 without.
    pub backend_refs: Vec<BackendRef>,
}

/// Where calls go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackendRef {
    group: &'static str,
    kind: &'static str,
    name: String,
    port: u16,
    weight: u32,
}

/// Some calls: those of one method, with a header perhaps. There is no match by header alone:
/// Linkerd up to 2.20 refuses all calls of a Service that has one (linkerd/linkerd2#14047).
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
        Self { group: "", kind: "Service", name: name.to_owned(), port }
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

/// `Gateway`: a proxy that a mesh runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Which kind of proxy.
    pub gateway_class_name: String,
    /// Where it listens.
    pub listeners: Vec<Listener>,
}

impl Spec for Gateway {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "Gateway";
}

/// Where a [`Gateway`] listens.
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
    /// A listener for routes of its own namespace: its name, its port, and what is spoken there.
    pub fn new(name: &str, port: u16, protocol: &str) -> Self {
        Self {
            name: name.to_owned(),
            port,
            protocol: protocol.to_owned(),
            allowed_routes: AllowedRoutes { namespaces: RouteNamespaces { from: "Same" } },
        }
    }
}
