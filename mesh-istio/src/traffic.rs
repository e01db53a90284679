//! Retries, circuit breaking and encryption, which are the same with sidecars and in ambient mode.

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

/// `appProtocol` wins over the name; both are set to the same protocol. Istio's control plane takes
/// `kubernetes.io/h2c` and `kubernetes.io/ws` as well, but `istioctl validate` accepts only Istio's
/// own values.
pub(crate) fn port(port: ServicePort) -> PortShape {
    let app_protocol = match port.usage {
        PortUse::Grpc => "grpc",
        PortUse::Http | PortUse::WebSocket | PortUse::Metrics => "http",
        PortUse::Tls(_) => "tls",
    };
    PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
}

/// The name of the Pods in Istio's telemetry, and their revision: `istioctl validate` warns if
/// either is missing.
pub(crate) fn telemetry(workload: &MeshWorkload<'_>) -> Metadata {
    Metadata::new()
        .label("service.istio.io/canonical-name", workload.name)
        .label("service.istio.io/canonical-revision", "latest")
}

/// The resources of a workload.
pub(crate) fn resources(workload: &MeshWorkload<'_>) -> Vec<Document> {
    let routes = routes(workload).map(|it| workload.resource(workload.name, Metadata::new(), it));
    let mut resources: Vec<_> = routes.into_iter().collect();
    let policy = workload.flow.policy;
    // With one replica, no replica would be left.
    if policy.circuit_breaking && workload.replicas() > 1 {
        resources.push(workload.resource(workload.name, Metadata::new(), ejection(workload)));
    }
    // The gateway is called from outside, by clients without a certificate.
    if policy.require_mtls && workload.planned.role != Role::Gateway {
        resources.push(workload.resource(workload.name, Metadata::new(), encryption(workload)));
    }
    resources
}

/// The routes of a workload. Istio retries every call twice unless a route says otherwise,
/// including calls that write to an index. So each port has a route, which sets the retries that
/// the policy asks for, or none.
///
/// The routes of a port go to the same port; a port without a route is not changed.
///
/// `None` if all ports use TLS: Istio rejects a resource without routes.
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
    // HTTP routes do not apply to TLS traffic.
    for port in workload.ports.iter().filter(|port| !matches!(port.usage, PortUse::Tls(_))) {
        let all = vec![HttpMatch { port: port.number, headers: BTreeMap::new() }];
        // Calls of clients to the gateway have no endpoint header, and clients retry themselves.
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

/// Failures before an Executor has seen the call, after which any call may be retried.
const NEVER_ARRIVED: &str = "connect-failure,refused-stream";

/// The same, and failures after which an Executor may have seen the call. Without `cancelled`,
/// which Istio's default includes: the caller does not want the answer any more.
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

/// Circuit breaking on gateway errors only: an Executor that answers with its own error is healthy.
/// At most half of the replicas are ejected; Istio's default of 10 % would still eject one of two.
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

/// Requires mTLS, except for metrics: Prometheus may be outside the mesh and then has no
/// certificate.
///
/// Selects the Pods of the workload, because a namespace may have only one resource that selects
/// all Pods.
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
