//! Labels and annotations of the objects that a mesh writes to as well.

use std::collections::BTreeMap;

use flow_model::{Diagnostic, Diagnostics};

use super::{Context, labels, pod};
use crate::mesh::{Member, Metadata};
use crate::rules::TWO_WRITERS;

/// All labels and annotations of a workload's Pods and Services.
pub(super) struct Decorations {
    pub(super) pod: Metadata,
    pub(super) service: Metadata,
}

/// Adds what the mesh says to what the backend says, and reports what both would write. `data` is
/// that of the workload's ConfigMap.
pub(super) fn of(
    context: &Context<'_>,
    member: &Member<'_>,
    data: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Decorations {
    let mut both = |what: &str, own: Metadata, added: Metadata| {
        for field in own.conflicts(&added) {
            let title = context.mesh.identity().title;
            let message = format!(
                "flowship and {title} both write the {field} of the {what} of `{}`",
                member.name
            );
            let finding = Diagnostic::new(&TWO_WRITERS, message);
            diagnostics.push(finding.at(member.workload.span, "of this entry"));
        }
        own.and(added)
    };
    let own = labels::own(&context.site, member.workload);
    let service = Metadata { labels: own, annotations: BTreeMap::new() };
    Decorations {
        pod: both(
            "Pods",
            pod::metadata(context, member.workload, data),
            context.mesh.pod_metadata(member),
        ),
        service: both("Service", service, context.mesh.service_metadata(member)),
    }
}
