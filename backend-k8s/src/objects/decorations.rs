//! Labels and annotations of a mesh, beside those of the backend.

use std::collections::BTreeMap;

use flow_model::{Diagnostic, Diagnostics};

use super::{Context, labels, pod};
use crate::mesh::{Member, Metadata};
use crate::rules::TWO_WRITERS;

/// What a mesh adds to the objects of a workload.
pub(super) struct Decorations {
    pub(super) pod: Metadata,
    pub(super) service: Metadata,
}

/// Asks the mesh, and reports what backend and mesh would both write.
pub(super) fn of(
    context: &Context<'_>,
    member: &Member<'_>,
    diagnostics: &mut Diagnostics,
) -> Decorations {
    let decorations = Decorations {
        pod: context.mesh.pod_metadata(member),
        service: context.mesh.service_metadata(member),
    };
    let workload = member.workload;
    let own_pod = Metadata {
        labels: pod::labels(context, workload),
        annotations: BTreeMap::from([(pod::CHECKSUM.to_owned(), String::new())]),
    };
    let own_service = Metadata {
        labels: labels::metadata(context, workload, member.name).labels.unwrap_or_default(),
        annotations: BTreeMap::new(),
    };
    for (what, own, added) in
        [("Pods", own_pod, &decorations.pod), ("Service", own_service, &decorations.service)]
    {
        for field in own.conflicts(added) {
            let title = context.mesh.identity().title;
            let message = format!(
                "flowship and {title} both write the {field} of the {what} of `{}`",
                member.name
            );
            diagnostics
                .push(Diagnostic::new(&TWO_WRITERS, message).at(workload.span, "of this entry"));
        }
    }
    decorations
}
