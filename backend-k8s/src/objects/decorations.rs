//! Labels and annotations of the mesh.

use flow_model::{Diagnostic, Diagnostics, Spanned, pointer_token};
use k8s_openapi::api::core::v1::Service;

use super::{Context, labels};
use crate::block::{self, BlockMetadata, Owned, Touch, Touched};
use crate::mesh::{MeshWorkload, Metadata, NoMesh, ServiceMesh as _};
use crate::rules::TWO_WRITERS;

/// Merges the labels and annotations of the mesh into those of the Pods of a workload, and reports
/// fields that something else sets. `touched` is what blocks wrote in the object of the Pods.
pub(super) fn pod(
    context: &Context<'_>,
    workload: &MeshWorkload<'_>,
    own: Metadata,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) -> Metadata {
    let added = context.mesh.pod_metadata(workload);
    let found = |pointer: &str| touched.find(&format!("/spec/template/metadata/{pointer}"));
    merge(context, workload, ("Pods", own), added, &found, diagnostics)
}

/// The labels and annotations of the Services of a workload.
pub(super) fn service(
    context: &Context<'_>,
    workload: &MeshWorkload<'_>,
    diagnostics: &mut Diagnostics,
) -> Metadata {
    let own = labels::of_workload(&context.flow, workload.planned);
    let added = context.mesh.service_metadata(workload);
    merge(context, workload, ("Service", own), added, &|_| None, diagnostics)
}

fn merge(
    context: &Context<'_>,
    workload: &MeshWorkload<'_>,
    (what, own): (&str, Metadata),
    added: Metadata,
    touched: &dyn Fn(&str) -> Option<Touch>,
    diagnostics: &mut Diagnostics,
) -> Metadata {
    let title = context.mesh.identity().title;
    let conflicts = own.conflicts(&added);
    if conflicts.is_empty() {
        return own.and(added);
    }
    let of_block = BlockMetadata::of(workload.planned);
    for conflict in conflicts {
        let in_block = of_block.places().find(|(field, name, _)| conflict.is(field, name));
        let in_block = in_block.map(|(_, _, span)| Spanned { value: (), span });
        let in_block = in_block.or_else(|| touched(&conflict.pointer()));
        diagnostics.push(if let Some(touch) = in_block {
            block::owned_field(title, &conflict.name, touch.span, "remove it from the block")
        } else {
            let message = format!(
                "flowship and {title} both write the {conflict} of the {what} of `{}`",
                workload.name
            );
            let finding = Diagnostic::new(&TWO_WRITERS, message);
            finding.at(workload.planned.span, "of this entry")
        });
    }
    own.and(added)
}

/// The fields of a Service that the mesh sets.
pub(super) fn owned_by_mesh(
    context: &Context<'_>,
    workload: &MeshWorkload<'_>,
    service: &Service,
) -> Vec<Owned> {
    let identity = context.mesh.identity();
    let title = if identity == NoMesh.identity() { "flowship" } else { identity.title };
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref()).map_or(0, Vec::len);
    let fields = (0..ports).flat_map(|index| {
        ["name", "appProtocol"].map(|field| format!("/spec/ports/{index}/{field}"))
    });
    let added = context.mesh.service_metadata(workload);
    let labels = added.labels.into_keys().map(|name| ("labels", name));
    let annotations = added.annotations.into_keys().map(|name| ("annotations", name));
    let metadata = labels.chain(annotations);
    let metadata =
        metadata.map(|(field, name)| format!("/metadata/{field}/{}", pointer_token(&name)));
    fields.chain(metadata).map(|pointer| Owned::by(pointer, title)).collect()
}
