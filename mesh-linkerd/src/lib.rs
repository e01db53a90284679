//! Linkerd for Flows on Kubernetes.
//!
//! Linkerd's outbound proxy spreads gRPC over replicas by request (P2C over EWMA of latencies), for
//! ClusterIP Services whose client is in the mesh. Sources: Linkerd's documentation of release 2.20
//! (features: protocol detection, load balancing, Gateway API; reference: proxy configuration,
//! retries, circuit breaking) and its source code of August 2026.

mod routes;

use backend_k8s::mesh::{
    After, Balancing, Before, Capabilities, Identity, MeshWorkload, Metadata, NetworkRules,
    PortShape, PortUse, Requirements, RetrySupport, ServiceMesh, ServicePort,
};
use flow_model::Document;

/// Linkerd, with injection requested on every Pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Linkerd;

impl ServiceMesh for Linkerd {
    fn identity(&self) -> Identity {
        Identity { name: "linkerd", title: "Linkerd" }
    }

    /// Linkerd's policies could require mTLS, but would refuse the kubelet's gRPC probes: only
    /// `httpGet` is let through (linkerd/linkerd2#9595).
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::new(Balancing::PerRequest);
        capabilities.encrypts = true;
        capabilities.breaks_circuits = true;
        capabilities.retries = RetrySupport::Endpoints;
        capabilities.network = NetworkRules::InitContainer;
        capabilities
    }

    /// Linkerd reads only `appProtocol`, and only four values of it: `http`, `kubernetes.io/h2c`,
    /// `linkerd.io/opaque` and `linkerd.io/tcp`. Anything else, `grpc` too, is carried as plain TCP
    /// and never balanced. A WebSocket begins as HTTP/1.1.
    fn port(&self, port: ServicePort) -> PortShape {
        let app_protocol = match port.usage {
            PortUse::Grpc => "kubernetes.io/h2c",
            PortUse::Http | PortUse::WebSocket | PortUse::Metrics => "http",
            // The proxy cannot inspect TLS, and forwards it unchanged.
            PortUse::Tls(_) => "linkerd.io/opaque",
        };
        PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
    }

    /// The injector reads its annotation on Pods and namespaces when a Pod is created.
    ///
    /// The proxy runs as a native sidecar by default, and then ends after the containers of the
    /// Flow. Releases before 2.20 stop it at once, and a gateway that still takes calls then
    /// reaches no Executor, so an annotation makes it wait. Its default shutdown time of two
    /// minutes is longer than that of the Pod.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let needed = workload.shutdown.needed();
        let left = workload.shutdown.grace.saturating_sub(needed);
        Metadata::new()
            .annotation("linkerd.io/inject", "enabled")
            .annotation(
                "config.alpha.linkerd.io/proxy-wait-before-exit-seconds",
                needed.to_string(),
            )
            .annotation("config.linkerd.io/shutdown-grace-period", format!("{left}s"))
    }

    fn namespace_metadata(&self) -> Metadata {
        Metadata::new().annotation("linkerd.io/inject", "enabled")
    }

    /// With one replica, a circuit breaker would leave no replica to call.
    fn service_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let metadata = Metadata::new();
        if workload.flow.policy.circuit_breaking && workload.replicas() > 1 {
            metadata.annotation("balancer.linkerd.io/failure-accrual", "consecutive")
        } else {
            metadata
        }
    }

    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        routes::routes(workload)
    }

    /// The namespaces of its control plane and extensions (`linkerd install`, `linkerd viz
    /// install`, …).
    fn namespaces(&self) -> &'static [&'static str] {
        &["linkerd", "linkerd-cni", "linkerd-jaeger", "linkerd-multicluster", "linkerd-viz"]
    }

    /// Linkerd supports `appProtocol` and `v1` of `GRPCRoute` from 2.18 on. A `ServiceProfile` wins
    /// over routes and annotations, and disables them.
    fn requirements(&self) -> Requirements {
        Requirements {
            release: Some("2.18"),
            before: &[
                Before::MutatingWebhook("linkerd-proxy-injector-webhook-config"),
                Before::Nothing("linkerd.io/ServiceProfile"),
            ],
            after: &[After::Container("linkerd-proxy")],
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_model::values::Protocol;

    use super::{Linkerd, PortUse, ServiceMesh, ServicePort};

    #[test]
    fn says_only_protocols_that_linkerd_knows() {
        for (usage, number, chosen, name, app_protocol) in [
            (PortUse::Grpc, 8080, false, "grpc", "kubernetes.io/h2c"),
            (PortUse::Grpc, 12345, true, "grpc-12345", "kubernetes.io/h2c"),
            (PortUse::Http, 8081, false, "http", "http"),
            (PortUse::Http, 80, true, "http-80", "http"),
            (PortUse::WebSocket, 8082, false, "websocket", "http"),
            (PortUse::WebSocket, 65535, true, "websocket-65535", "http"),
            (PortUse::Metrics, 9090, false, "http-metrics", "http"),
            (PortUse::Metrics, 9092, false, "http-metrics-2", "http"),
            (PortUse::Tls(Protocol::Grpc), 8080, false, "tls-grpc", "linkerd.io/opaque"),
            (PortUse::Tls(Protocol::WebSocket), 65535, true, "https-ws-65535", "linkerd.io/opaque"),
        ] {
            let shape = Linkerd.port(ServicePort { usage, number, chosen });
            assert_eq!(
                (shape.name.as_str(), shape.app_protocol.as_deref()),
                (name, Some(app_protocol))
            );
        }
    }
}
