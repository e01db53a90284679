//! Istio with sidecars.

use backend_k8s::mesh::{
    After, Balancing, Before, Capabilities, Identity, MeshWorkload, Metadata, PortShape,
    Requirements, RetrySupport, ServiceMesh, ServicePort,
};
use flow_model::Document;

use crate::NAMESPACES;
use crate::traffic;

/// Istio, with a sidecar asked for on every Pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Istio;

/// Both modes can do the same. Istio turns gRPC probes into its own, so that they get through
/// where mTLS is required.
pub(crate) fn capabilities() -> Capabilities {
    let mut capabilities = Capabilities::new(Balancing::PerRequest);
    capabilities.encrypts = true;
    capabilities.requires_mtls = true;
    capabilities.breaks_circuits = true;
    capabilities.retries = RetrySupport::EndpointsAndConnections;
    capabilities
}

impl ServiceMesh for Istio {
    fn identity(&self) -> Identity {
        Identity { name: "istio", title: "Istio" }
    }

    fn capabilities(&self) -> Capabilities {
        capabilities()
    }

    fn port(&self, port: ServicePort) -> PortShape {
        traffic::port(port)
    }

    /// A label: an annotation does nothing where the namespace has no label, since the webhook is
    /// not called. `"true"` is for the default revision.
    ///
    /// A native sidecar (the default from Kubernetes 1.33 on) starts before the Flow's containers
    /// and ends after them. Where it is not one, containers wait for it, and it drains for as long
    /// as the Flow's containers need, and as long again; its own five seconds would cut calls.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let shutdown = workload.shutdown;
        let drain = (shutdown.needed() * 2).min(shutdown.grace.saturating_sub(1));
        traffic::telemetry(workload).label("sidecar.istio.io/inject", "true").annotation(
            "proxy.istio.io/config",
            format!("holdApplicationUntilProxyStarts: true\nterminationDrainDuration: {drain}s\n"),
        )
    }

    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        traffic::resources(workload)
    }

    fn namespaces(&self) -> &'static [&'static str] {
        NAMESPACES
    }

    /// The `v1` of its resources is read from 1.22 on.
    fn requirements(&self) -> Requirements {
        Requirements {
            release: Some("1.22"),
            before: &[Before::MutatingWebhook("istio-sidecar-injector")],
            after: &[After::Container("istio-proxy")],
        }
    }
}
