//! Labels and annotations of the objects that a mesh also writes to.

use std::collections::BTreeMap;

use flow_model::{Diagnostic, Diagnostics};

use super::{Context, labels, pod};
use crate::mesh::{MeshWorkload, Metadata};
use crate::rules::TWO_WRITERS;

/// All labels and annotations of a workload's Pods and Services.
pub(super) struct Decorations {
    pub(super) pod: Metadata,
    pub(super) service: Metadata,
}

/// Merges the mesh's labels and annotations into those of the backend, and reports fields that both
/// set. `data` is that of the workload's ConfigMap.
pub(super) fn of(
    context: &Context<'_>,
    workload: &MeshWorkload<'_>,
    data: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Decorations {
    let mut both = |what: &str, own: Metadata, added: Metadata| {
        for field in own.conflicts(&added) {
            let title = context.mesh.identity().title;
            let message = format!(
                "flowship and {title} both write the {field} of the {what} of `{}`",
                workload.name
            );
            let finding = Diagnostic::new(&TWO_WRITERS, message);
            diagnostics.push(finding.at(workload.planned.span, "of this entry"));
        }
        own.and(added)
    };
    let own = labels::own(&context.flow, workload.planned);
    let service = Metadata { labels: own, annotations: BTreeMap::new() };
    Decorations {
        pod: both(
            "Pods",
            pod::metadata(context, workload.planned, data),
            context.mesh.pod_metadata(workload),
        ),
        service: both("Service", service, context.mesh.service_metadata(workload)),
    }
}
