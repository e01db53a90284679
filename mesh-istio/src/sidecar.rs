//! Istio with sidecars.

use backend_k8s::mesh::{
    After, Balancing, Before, Capabilities, Identity, MeshWorkload, Metadata, NetworkRules,
    PortShape, Requirements, RetrySupport, ServiceMesh, ServicePort,
};
use flow_model::Document;

use crate::NAMESPACES;
use crate::traffic;

/// Istio with a sidecar, requested on every Pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Istio;

/// The features of both modes. Istio rewrites gRPC probes, so they pass even if mTLS is required.
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
        let mut capabilities = capabilities();
        capabilities.network = NetworkRules::InitContainer;
        capabilities
    }

    fn port(&self, port: ServicePort) -> PortShape {
        traffic::port(port)
    }

    /// Sets a label, because an annotation has no effect if the namespace has no label: the webhook
    /// is then not called. `"true"` is for the default revision.
    ///
    /// A native sidecar (the default from Kubernetes 1.33 on) starts before the Flow's containers
    /// and ends after them. Otherwise containers wait for it, and it drains for twice as long as
    /// the Flow's containers need; its default of five seconds would cancel calls.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let shutdown = workload.shutdown;
        let drain = (shutdown.needed() * 2).min(shutdown.grace.saturating_sub(1));
        traffic::telemetry(workload).label("sidecar.istio.io/inject", "true").annotation(
            "proxy.istio.io/config",
            format!("holdApplicationUntilProxyStarts: true\nterminationDrainDuration: {drain}s\n"),
        )
    }

    /// `istioctl analyze` expects this label. It selects the default revision, as that of the Pods
    /// does.
    fn namespace_metadata(&self) -> Metadata {
        Metadata::new().label("istio-injection", "enabled")
    }

    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        traffic::resources(workload)
    }

    fn namespaces(&self) -> &'static [&'static str] {
        NAMESPACES
    }

    /// Istio supports `v1` of its resources from 1.22 on.
    fn requirements(&self) -> Requirements {
        Requirements {
            release: Some("1.22"),
            before: &[Before::MutatingWebhook("istio-sidecar-injector")],
            after: &[After::Container("istio-proxy")],
        }
    }
}
