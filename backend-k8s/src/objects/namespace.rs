//! The Namespace of a Flow.

use flow_model::{Document, Origins};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Context, labels};
use crate::document::document as to_document;
use crate::mesh::Metadata;

/// The path of its file, which sorts before those of workloads: their names begin with a letter.
/// `kubectl apply -R` applies files in this order.
pub(crate) const PATH: &str = "00-namespace.yml";

/// The Namespace, with the labels and annotations of the mesh and of Pod Security.
pub(crate) fn document(context: &Context<'_>) -> Document {
    let own = Metadata { labels: labels::of_flow(&context.flow), ..Metadata::default() };
    let mut metadata = own.and(context.mesh.namespace_metadata());
    if let Some(level) = context.pod_security {
        // The second one warns about Deployments; the first one refuses only their Pods.
        for mode in ["enforce", "warn"] {
            metadata = metadata.label(format!("pod-security.kubernetes.io/{mode}"), level.name());
        }
    }
    let mut origins = Origins::new();
    origins.insert("", context.flow.plan.span());
    origins.insert("/metadata/name", context.namespace_span);
    let namespace = Namespace {
        metadata: ObjectMeta {
            namespace: None,
            ..labels::object(context.flow.namespace, context.flow.namespace.as_str(), metadata)
        },
        ..Namespace::default()
    };
    to_document(namespace, origins)
}
