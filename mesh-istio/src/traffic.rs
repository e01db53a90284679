//! Who retries, which replicas are called, and what is encrypted: the same with sidecars and in
//! ambient mode.

use std::collections::BTreeMap;

use backend_k8s::mesh::{
    ENDPOINT_HEADER, MeshRetries, MeshWorkload, Metadata, PortShape, PortUse, Retries as Owner,
    ServicePort,
};
use flow_model::Document;
use flow_model::keys::Role;

use crate::api::{
    Destination, DestinationRule, Exact, HttpMatch, HttpRoute, Mtls, OutlierDetection,
    PeerAuthentication, PortNumber, Retries, RouteDestination, Selector, TrafficPolicy,
    VirtualService,
};

/// `appProtocol` wins over the name; both are right. Istio's control plane takes
/// `kubernetes.io/h2c` and `kubernetes.io/ws` as well, but `istioctl validate` knows its own words
/// alone.
pub(crate) fn port(port: ServicePort) -> PortShape {
    let app_protocol = match port.usage {
        PortUse::Grpc => "grpc",
        PortUse::Http | PortUse::WebSocket | PortUse::Metrics => "http",
        PortUse::Tls(_) => "tls",
    };
    PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
}

/// What Istio's telemetry calls the Pods, and the revision that it would say itself: without both
/// `istioctl validate` has doubts.
pub(crate) fn telemetry(workload: &MeshWorkload<'_>) -> Metadata {
    Metadata::new()
        .label("service.istio.io/canonical-name", workload.name)
        .label("service.istio.io/canonical-revision", "latest")
}

/// The resources of a workload.
pub(crate) fn resources(workload: &MeshWorkload<'_>) -> Vec<Document> {
    let routes = routes(workload).map(|it| workload.resource(workload.name, Metadata::new(), &it));
    let mut resources: Vec<_> = routes.into_iter().collect();
    let policy = workload.flow.policy;
    // With one replica, nobody would be left to call.
    if policy.circuit_breaking && workload.replicas() > 1 {
        resources.push(workload.resource(workload.name, Metadata::new(), &ejection(workload)));
    }
    // The gateway is called from outside, by those that have no certificate.
    if policy.require_mtls && workload.planned.role != Role::Gateway {
        resources.push(workload.resource(workload.name, Metadata::new(), &encryption(workload)));
    }
    resources
}

/// Istio retries every call twice unless a route says otherwise, writes of an index too. So there
/// is a route for each port: it retries what the mesh is to retry, or nothing.
///
/// The routes of a port lead to the same port; a port that no route names keeps its own.
///
/// `None` where all ports speak TLS: Istio refuses a resource without routes.
fn routes(workload: &MeshWorkload<'_>) -> Option<VirtualService> {
    let route = |port: &ServicePort, matches, retries| HttpRoute {
        matches,
        route: vec![RouteDestination {
            destination: Destination {
                host: workload.name.to_owned(),
                port: PortNumber { number: port.number },
            },
        }],
        retries,
    };
    let mut http = Vec::new();
    // Routes of HTTP say nothing of what is inside TLS.
    for port in workload.ports.iter().filter(|port| !matches!(port.usage, PortUse::Tls(_))) {
        let all = vec![HttpMatch { port: port.number, headers: BTreeMap::new() }];
        // Clients say no endpoint when they call the gateway, and their retries are theirs.
        let calls_executor = port.usage == PortUse::Grpc && workload.planned.role != Role::Gateway;
        match &workload.flow.policy.retries {
            Owner::Mesh(retries) if calls_executor => {
                let matches = by_endpoint(*port, retries);
                if !matches.is_empty() {
                    http.push(route(port, matches, retried(retries, REPEATED)));
                }
                http.push(route(port, all, retried(retries, NEVER_ARRIVED)));
            }
            _ => http.push(route(port, all, Retries { attempts: 0, retry_on: None })),
        }
    }
    (!http.is_empty()).then(|| VirtualService { hosts: vec![workload.name.to_owned()], http })
}

/// What fails before an Executor has seen the call, so that any call may be tried again.
const NEVER_ARRIVED: &str = "connect-failure,refused-stream";

/// And what an Executor may have seen. Never `cancelled`, which Istio's default has: the caller
/// does not want the answer any more.
const REPEATED: &str = "connect-failure,refused-stream,unavailable";

fn retried(retries: &MeshRetries, retry_on: &'static str) -> Retries {
    Retries { attempts: retries.times.get(), retry_on: Some(retry_on) }
}

fn by_endpoint(port: ServicePort, retries: &MeshRetries) -> Vec<HttpMatch> {
    let endpoints = retries.endpoints().iter();
    endpoints
        .map(|endpoint| {
            let exact = Exact { exact: endpoint.as_str().to_owned() };
            let headers = BTreeMap::from([(ENDPOINT_HEADER.to_owned(), exact)]);
            HttpMatch { port: port.number, headers }
        })
        .collect()
}

/// Gateway errors alone: an Executor that answers with an error of its own is well. Half of the
/// replicas may be left out; Istio's own ten in a hundred would mean one of two all the same.
fn ejection(workload: &MeshWorkload<'_>) -> DestinationRule {
    DestinationRule {
        host: workload.name.to_owned(),
        traffic_policy: TrafficPolicy {
            outlier_detection: OutlierDetection {
                consecutive_gateway_errors: 5,
                consecutive_5xx_errors: 0,
                interval: "10s",
                base_ejection_time: "30s",
                max_ejection_percent: 50,
            },
        },
    }
}

/// Prometheus may be outside the mesh, and has no certificate then, so metrics stay open to it.
///
/// Selects the Pods of the workload, so that it is not the one resource of the namespace that may
/// select all.
fn encryption(workload: &MeshWorkload<'_>) -> PeerAuthentication {
    let metrics = workload.ports.iter().filter(|port| port.usage == PortUse::Metrics);
    PeerAuthentication {
        selector: Selector {
            match_labels: BTreeMap::from([("app".to_owned(), workload.name.to_owned())]),
        },
        mtls: Mtls { mode: "STRICT" },
        // By the ports of the Pods; metrics have the same number in the Service.
        port_level_mtls: metrics.map(|port| (port.number, Mtls { mode: "PERMISSIVE" })).collect(),
    }
}
