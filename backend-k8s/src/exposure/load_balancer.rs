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

/// The load balancer of a gateway, as its exposure says.
pub(super) fn document(scene: &Scene<'_>, ports: &[OfferedPort]) -> Document {
    let (class, host) = match &scene.exposure.entrance {
        Entrance::LoadBalancer { class, host } => (class.as_ref(), host.as_ref()),
        Entrance::Ingress { .. } | Entrance::Gateway { .. } => (None, None),
    };
    let mut annotations = scene.annotations();
    if let Some(host) = host {
        annotations.entry(HOST.to_owned()).or_insert_with(|| host.as_str().to_owned());
    }
    let own = Metadata { labels: own_labels(scene), annotations };
    let mut service = service(scene.context, scene.meshed, ports, own);
    if let Some(spec) = &mut service.spec {
        spec.load_balancer_class = class.map(|class| class.as_str().to_owned());
    }
    to_document(service, origins(scene))
}

/// The load balancer of an Executor that is exposed at this place.
pub(super) fn of_executor(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    span: Option<Span>,
) -> Document {
    let mut origins = Origins::new();
    origins.insert("", span);
    let own = labels::of_workload(&context.flow, meshed.planned);
    to_document(service(context, meshed, ports, own), origins)
}

fn service(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    own: Metadata,
) -> Service {
    // A chosen port is the one that clients dial.
    let protocols = meshed.planned.main().protocols.iter();
    let offered = protocols.filter_map(|protocol| {
        let mut of_protocol = ports.iter().filter(|offered| serves(offered, *protocol));
        of_protocol.clone().find(|offered| offered.port.chosen).or_else(|| of_protocol.next())
    });
    let name = format!("{}-public", meshed.name);
    Service {
        metadata: labels::object(context.flow.namespace, &name, own),
        spec: Some(ServiceSpec {
            type_: Some("LoadBalancer".to_owned()),
            selector: Some(labels::selector(meshed.planned)),
            ports: Some(offered.map(|offered| port(context.mesh, *offered)).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    }
}
