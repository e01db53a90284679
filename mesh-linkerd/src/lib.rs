//! Linkerd for Flows on Kubernetes.
//!
//! Linkerd's outbound proxy spreads gRPC over replicas by request (P2C over EWMA of latencies),
//! for ClusterIP Services whose client is in the mesh. Facts are from Linkerd's documentation of
//! release 2.20 (features: protocol detection, load balancing; reference: proxy configuration).

use backend_k8s::mesh::{
    Balancing, Capabilities, Identity, Metadata, PortShape, PortUse, ServiceMesh, ServicePort,
};
use flow_model::plan::Workload;

/// Linkerd, with injection asked for on every Pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Linkerd;

impl ServiceMesh for Linkerd {
    fn identity(&self) -> Identity {
        Identity { name: "linkerd", title: "Linkerd" }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { balancing: Balancing::PerRequest, encrypts: true }
    }

    /// Linkerd reads `appProtocol` alone, and four values of it: `http`, `kubernetes.io/h2c`,
    /// `linkerd.io/opaque` and `linkerd.io/tcp`. Anything else, `grpc` too, is carried as plain
    /// TCP and never balanced. A WebSocket begins as HTTP/1.1.
    fn port(&self, port: ServicePort) -> PortShape {
        let app_protocol = match port.usage {
            PortUse::Grpc => "kubernetes.io/h2c",
            PortUse::Http | PortUse::WebSocket | PortUse::Metrics => "http",
            // The proxy cannot look inside, and hands it on as it is.
            PortUse::Tls(_) => "linkerd.io/opaque",
        };
        PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
    }

    /// The injector looks for this annotation on Pods and namespaces, at the creation of a Pod.
    fn pod_metadata(&self, _workload: &Workload) -> Metadata {
        let mut metadata = Metadata::default();
        metadata.annotations.insert("linkerd.io/inject".to_owned(), "enabled".to_owned());
        metadata
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
