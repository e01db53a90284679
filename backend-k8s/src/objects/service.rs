//! The Services of a workload.

use flow_model::Origins;
use flow_model::plan::Workload;
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Context, labels};
use crate::mesh::{Metadata, PortUse, ServiceMesh};
use crate::ports::OfferedPort;

/// The kind of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One address for all Pods.
    ClusterIp,
    /// The addresses of the Pods, which listen on the target ports, so chosen ports have no effect.
    /// Metrics are offered only by the other Service, so that they are scraped once.
    Headless,
}

pub(super) fn object(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    ports: &[OfferedPort],
    kind: Kind,
    decorated: &Metadata,
) -> (Service, Origins) {
    let mut origins = labels::origins(context, workload);
    origins.insert("/spec/selector", workload.name_span);
    let belongs = |offered: &&OfferedPort| {
        kind == Kind::ClusterIp || !(offered.port.chosen || offered.port.usage == PortUse::Metrics)
    };
    let offered = ports.iter().filter(belongs);
    let mut service_ports = Vec::new();
    for offered in offered {
        origins.insert_in("/spec/ports", service_ports.len(), offered.span);
        service_ports.push(port(context.mesh, *offered));
    }
    let service = Service {
        metadata: labels::object(context.flow.namespace, name, decorated.clone()),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".to_owned()),
            cluster_ip: (kind == Kind::Headless).then(|| "None".to_owned()),
            selector: Some(labels::selector(workload)),
            ports: Some(service_ports),
            ..ServiceSpec::default()
        }),
        status: None,
    };
    (service, origins)
}

/// A port of a Service, as the mesh names it.
pub(crate) fn port(mesh: &dyn ServiceMesh, offered: OfferedPort) -> ServicePort {
    let shape = mesh.port(offered.port);
    ServicePort {
        name: Some(shape.name),
        app_protocol: shape.app_protocol,
        port: offered.port.number.into(),
        target_port: Some(IntOrString::Int(offered.target.into())),
        protocol: Some("TCP".to_owned()),
        ..ServicePort::default()
    }
}
