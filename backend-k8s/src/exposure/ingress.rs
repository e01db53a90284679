//! Ingresses: one for each protocol, because what controllers need holds for a whole Ingress.

use std::collections::BTreeMap;

use flow_model::values::{Entrance, Protocol};
use flow_model::{Document, Origins};
use k8s_openapi::api::core::v1::{Service, ServiceSpec};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, IngressTLS, ServiceBackendPort,
};

use super::controller::Controller;
use super::{Exposed, Scene};
use crate::document::document as to_document;
use crate::mesh::Metadata;
use crate::objects::labels;
use crate::objects::service::port;

/// The gRPC services of Jina's gateway (`jina.serve.runtimes.servers.grpc`, jina 3.34.0), for a host
/// that other protocols share.
const SERVICES: [&str; 8] = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1alpha.ServerReflection",
    "jina.JinaDataRequestRPC",
    "jina.JinaDiscoverEndpointsRPC",
    "jina.JinaGatewayDryRunRPC",
    "jina.JinaInfoRPC",
    "jina.JinaRPC",
    "jina.JinaSingleDataRequestRPC",
];

/// The annotation of GKE, which does not read `ingressClassName`.
const CLASS: &str = "kubernetes.io/ingress.class";

pub(super) fn documents(scene: &Scene<'_>, exposed: &[Exposed<'_>]) -> Vec<Document> {
    let Entrance::Ingress { class, tls, .. } = &scene.exposure.entrance else { return Vec::new() };
    let class = class.as_ref().map(|class| class.as_str());
    let controller = Controller::of(class);
    let serves_tls = scene.meshed.planned.main().tls;
    let mut documents = Vec::new();
    for one in exposed {
        let name = one.name(scene.meshed.name);
        let needed = controller.service(one.protocol, serves_tls);
        let service = if needed.is_empty() {
            scene.meshed.name.to_owned()
        } else {
            documents.push(service(scene, one, &name, needed));
            name.clone()
        };
        let shares = exposed.iter().filter(|other| other.host.value == one.host.value).count() > 1;
        let paths = match one.protocol {
            Protocol::Grpc if shares => SERVICES.map(|service| format!("/{service}")).to_vec(),
            _ => vec!["/".to_owned()],
        };
        let mut annotations =
            controller.ingress(one.protocol, serves_tls, tls.is_some(), scene.limit());
        if shares && controller == Controller::Alb {
            // Otherwise each Ingress gets a load balancer of its own.
            let group = scene.context.flow.namespace.to_string();
            annotations.insert("alb.ingress.kubernetes.io/group.name".to_owned(), group);
        }
        let by_annotation = controller.reads_class_annotation();
        if let Some(class) = class.filter(|_| by_annotation) {
            annotations.insert(CLASS.to_owned(), class.to_owned());
        }
        annotations.extend(scene.annotations());
        let host = one.host.value.as_str().to_owned();
        let backend = |service: &str| IngressBackend {
            service: Some(IngressServiceBackend {
                name: service.to_owned(),
                port: Some(ServiceBackendPort {
                    number: Some(one.port.port.number.into()),
                    name: None,
                }),
            }),
            resource: None,
        };
        let paths = paths.into_iter().map(|path| HTTPIngressPath {
            path: Some(path),
            path_type: "Prefix".to_owned(),
            backend: backend(&service),
        });
        let own = Metadata { labels: own_labels(scene), annotations };
        let ingress = Ingress {
            metadata: labels::object(scene.context.flow.namespace, &name, own),
            spec: Some(IngressSpec {
                ingress_class_name: class.filter(|_| !by_annotation).map(str::to_owned),
                rules: Some(vec![IngressRule {
                    host: Some(host.clone()),
                    http: Some(HTTPIngressRuleValue { paths: paths.collect() }),
                }]),
                tls: tls.as_ref().map(|secret| {
                    let secret_name = Some(secret.as_str().to_owned());
                    vec![IngressTLS { hosts: Some(vec![host]), secret_name }]
                }),
                ..IngressSpec::default()
            }),
            status: None,
        };
        let mut origins = origins(scene);
        origins.insert("/spec/rules/0/host", one.host.span);
        origins.insert("/spec/tls", tls.as_ref().and_then(|tls| tls.span));
        documents.push(to_document(ingress, origins));
    }
    documents
}

/// The labels of the workload's objects.
pub(super) fn own_labels(scene: &Scene<'_>) -> BTreeMap<String, String> {
    labels::of_workload(&scene.context.flow, scene.meshed.planned).labels
}

/// Everything comes from the exposure.
pub(super) fn origins(scene: &Scene<'_>) -> Origins {
    let mut origins = Origins::new();
    origins.insert("", scene.span);
    for (name, text) in &scene.exposure.annotations {
        let name = flow_model::pointer_token(name);
        origins.insert_in("/metadata/annotations", name, text.span);
    }
    origins
}

/// A Service with the port of one protocol.
fn service(
    scene: &Scene<'_>,
    one: &Exposed<'_>,
    name: &str,
    annotations: BTreeMap<String, String>,
) -> Document {
    let more = Metadata { annotations, ..Metadata::default() };
    let service = Service {
        metadata: labels::object(
            scene.context.flow.namespace,
            name,
            scene.service.clone().and(more),
        ),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".to_owned()),
            selector: Some(labels::selector(scene.meshed.planned)),
            ports: Some(vec![port(scene.context.mesh, one.port)]),
            ..ServiceSpec::default()
        }),
        status: None,
    };
    let mut origins = Origins::new();
    origins.insert("", scene.span);
    to_document(service, origins)
}
