//! Istio without sidecars.

use backend_k8s::mesh::gateway_api::{Gateway, Listener};
use backend_k8s::mesh::{
    After, Before, Capabilities, Identity, MeshFlow, MeshWorkload, Metadata, PortShape,
    Requirements, ServiceMesh, ServicePort,
};
use flow_model::plan::dns_label;
use flow_model::{Diagnostic, Diagnostics, Document, Level, RuleInfo};

use crate::{NAMESPACES, sidecar, traffic};

/// Istio in ambient mode, with a waypoint for the Flow.
///
/// The proxies of the nodes (ztunnel) balance only connections, and would send all calls to one
/// replica; a waypoint balances calls. A label on each Service selects the waypoint.
#[derive(Debug, Clone, Copy, Default)]
pub struct IstioAmbient;

/// The name of the waypoint, and of the Deployment and Service that Istio creates for it.
const WAYPOINT: &str = "waypoint";

impl ServiceMesh for IstioAmbient {
    fn identity(&self) -> Identity {
        Identity { name: "istio-ambient", title: "Istio's ambient mode" }
    }

    fn capabilities(&self) -> Capabilities {
        sidecar::capabilities()
    }

    fn port(&self, port: ServicePort) -> PortShape {
        traffic::port(port)
    }

    /// Ambient mode ignores Pods with a sidecar, so the Pods disable injection, whatever their
    /// namespace says.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        traffic::telemetry(workload)
            .label("istio.io/dataplane-mode", "ambient")
            .label("sidecar.istio.io/inject", "false")
    }

    fn namespace_metadata(&self) -> Metadata {
        Metadata::new().label("istio.io/dataplane-mode", "ambient")
    }

    fn service_metadata(&self, _member: &MeshWorkload<'_>) -> Metadata {
        Metadata::new().label("istio.io/use-waypoint", WAYPOINT)
    }

    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        traffic::resources(workload)
    }

    fn flow_resources(&self, flow: &MeshFlow<'_>) -> Vec<Document> {
        let waypoint = Gateway {
            gateway_class_name: "istio-waypoint".to_owned(),
            listeners: vec![Listener::new("mesh", 15008, "HBONE")],
        };
        let metadata = Metadata::new().label("istio.io/waypoint-for", "service");
        vec![flow.resource(WAYPOINT, metadata, waypoint)]
    }

    /// Reports workloads with the name of the waypoint, for which Istio creates a Service and a
    /// Deployment.
    fn check(&self, flow: &MeshFlow<'_>, diagnostics: &mut Diagnostics) {
        for (_, workload) in flow.plan.workloads() {
            if dns_label(&workload.name) == WAYPOINT {
                let message = format!("`{WAYPOINT}` is the Service of Istio's waypoint");
                diagnostics.push(
                    Diagnostic::new(&WAYPOINT_NAME, message)
                        .at(workload.span, "expected another name"),
                );
            }
        }
    }

    fn namespaces(&self) -> &'static [&'static str] {
        NAMESPACES
    }

    /// Ambient mode is stable from 1.24 on.
    fn requirements(&self) -> Requirements {
        Requirements {
            release: Some("1.24"),
            before: &[Before::GatewayClass("istio-waypoint")],
            after: &[After::Annotation("ambient.istio.io/redirection", "enabled")],
        }
    }

    fn rules(&self) -> Vec<&'static RuleInfo> {
        vec![&WAYPOINT_NAME]
    }
}

/// A workload with the name of the waypoint.
static WAYPOINT_NAME: RuleInfo = RuleInfo {
    code: "waypoint-name",
    level: Level::Error,
    summary: "an Executor with the name of Istio's waypoint proxy",
    explanation: "\
In Istio's ambient mode a proxy named `waypoint` balances the calls of a Flow over replicas, and Istio creates a Service and a Deployment with this name. An Executor with the same name would be replaced. Rename the Executor.",
};
