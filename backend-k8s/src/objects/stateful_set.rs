//! The StatefulSet of a workload that keeps something.

use flow_model::plan::Workload;
use flow_model::{Document, Origins};
use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{Context, labels, pod, volumes};
use crate::document::document as to_document;
use crate::mesh::Metadata;
use crate::wiring::headless;

pub(super) fn document(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    pod: Metadata,
) -> Document {
    let mut origins = Origins::new();
    origins.insert("", workload.span);
    origins.insert("/spec/replicas", workload.replicas.span);
    let template = pod::template(context, workload, name, pod, &mut origins);
    let claims = volumes::claims(workload, context.storage, &mut origins);
    let stateful_set = StatefulSet {
        metadata: labels::metadata(context, workload, name),
        spec: Some(StatefulSetSpec {
            // The Service that gives Pods names of their own; callers dial another one.
            service_name: Some(headless(name)),
            replicas: i32::try_from(workload.replicas.value.get()).ok(),
            selector: LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            },
            // Replicas do not wait for each other: one that is slow to start holds up no other.
            pod_management_policy: Some("Parallel".to_owned()),
            update_strategy: Some(StatefulSetUpdateStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: None,
            }),
            volume_claim_templates: (!claims.is_empty()).then_some(claims),
            template,
            ..StatefulSetSpec::default()
        }),
        status: None,
    };
    to_document(stateful_set, origins)
}
