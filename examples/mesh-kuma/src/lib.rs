//! Kuma for Flows on Kubernetes: the mesh that `docs/write-a-mesh.md` writes.
//!
//! Facts are from Kuma's documentation of release 2.14 (Kubernetes annotations, protocol support,
//! `MeshRetry`).

mod retry;

use backend_k8s::mesh::{
    After, Balancing, Before, Capabilities, Identity, MeshWorkload, Metadata, PortShape, PortUse,
    Requirements, ServiceMesh, ServicePort,
};
use flow_model::Document;

/// Kuma, with a sidecar asked for on every Pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kuma;

impl ServiceMesh for Kuma {
    fn identity(&self) -> Identity {
        Identity { name: "kuma", title: "Kuma" }
    }

    /// Kuma encrypts where its `Mesh` says so, which is not for a Flow to know.
    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Balancing::PerRequest)
    }

    /// Kuma reads `appProtocol`, and other words than Linkerd: what it does not know is TCP.
    fn port(&self, port: ServicePort) -> PortShape {
        let app_protocol = match port.usage {
            PortUse::Grpc => "grpc",
            PortUse::Http | PortUse::WebSocket | PortUse::Metrics => "http",
            PortUse::Tls(_) => "tcp",
        };
        PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
    }

    /// A label asks for the sidecar, and annotations tell it to be there first and go last.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let drain = workload.shutdown.needed() * 2;
        Metadata::new()
            .label("kuma.io/sidecar-injection", "enabled")
            .annotation("kuma.io/wait-for-dataplane-ready", "true")
            .annotation("kuma.io/sidecar-drain-time", format!("{drain}s"))
    }

    /// Kuma retries every call five times unless a policy says otherwise.
    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        vec![workload.resource(workload.name, Metadata::new(), retry::never(workload.name))]
    }

    /// `MeshService` is read from 2.9 on.
    fn requirements(&self) -> Requirements {
        Requirements {
            release: Some("2.9"),
            before: &[Before::MutatingWebhook("kuma-admission-mutating-webhook-configuration")],
            after: &[After::Container("kuma-sidecar")],
        }
    }
}
