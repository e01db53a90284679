//! A load balancer of the cloud: a Service beside that of the gateway, without the port of metrics.

use flow_model::values::Entrance;
use flow_model::{Document, Origins, Span};
use k8s_openapi::api::core::v1::{Service, ServiceSpec};

use super::ingress::{origins, own_labels};
use super::{Scene, serves};
use crate::document::document as to_document;
use crate::mesh::{MeshWorkload, Metadata};
use crate::objects::service::port;
use crate::objects::{Context, labels};
use crate::ports::OfferedPort;

/// The annotation with which external-dns gives an address a name.
const HOST: &str = "external-dns.alpha.kubernetes.io/hostname";

/// The load balancer of an Executor that is exposed.
pub(super) fn of_executor(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    span: Option<Span>,
) -> Document {
    let protocols = meshed.planned.main().protocols.iter();
    let offered =
        protocols.filter_map(|protocol| ports.iter().find(|offered| serves(offered, *protocol)));
    let mut origins = Origins::new();
    origins.insert("", span);
    let service = Service {
        metadata: labels::object(
            context.flow.namespace,
            &format!("{}-public", meshed.name),
            labels::of_workload(&context.flow, meshed.planned),
        ),
        spec: Some(ServiceSpec {
            type_: Some("LoadBalancer".to_owned()),
            selector: Some(labels::selector(meshed.planned)),
            ports: Some(offered.map(|offered| port(context.mesh, *offered)).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    };
    to_document(service, origins)
}

pub(super) fn document(scene: &Scene<'_>, ports: &[OfferedPort]) -> Document {
    let (class, host) = match &scene.exposure.entrance {
        Entrance::LoadBalancer { class, host } => (class.as_ref(), host.as_ref()),
        Entrance::Ingress { .. } | Entrance::Gateway { .. } => (None, None),
    };
    // A chosen port is the one that clients dial.
    let protocols = scene.meshed.planned.main().protocols.iter();
    let offered = protocols.filter_map(|protocol| {
        let mut of_protocol = ports.iter().filter(|offered| serves(offered, *protocol));
        of_protocol.clone().find(|offered| offered.port.chosen).or_else(|| of_protocol.next())
    });
    let mut annotations = scene.annotations();
    if let Some(host) = host {
        annotations.entry(HOST.to_owned()).or_insert_with(|| host.as_str().to_owned());
    }
    let own = Metadata { labels: own_labels(scene), annotations };
    let name = format!("{}-public", scene.meshed.name);
    let service = Service {
        metadata: labels::object(scene.context.flow.namespace, &name, own),
        spec: Some(ServiceSpec {
            type_: Some("LoadBalancer".to_owned()),
            load_balancer_class: class.map(|class| class.as_str().to_owned()),
            selector: Some(labels::selector(scene.meshed.planned)),
            ports: Some(offered.map(|offered| port(scene.context.mesh, *offered)).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    };
    to_document(service, origins(scene))
}
