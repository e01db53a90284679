//! The StatefulSet of a workload with volumes.

use flow_model::Origins;
use flow_model::plan::Workload;
use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec,
    StatefulSetUpdateStrategy,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{Context, labels, pod, volumes};
use crate::block::Parts;
use crate::mesh::Metadata;
use crate::wiring::headless;

pub(super) fn object(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    pod: Metadata,
    parts: &Parts,
) -> (StatefulSet, Origins) {
    let mut origins = labels::origins(context, workload);
    origins.insert("/kind", workload.volumes.span.or(workload.stateful.span));
    if labels::replicas(workload).is_some() {
        origins.insert("/spec/replicas", workload.replicas.span);
    }
    origins.insert("/spec/selector", workload.name_span);
    origins.insert("/spec/serviceName", workload.name_span);
    let template = pod::template(context, workload, name, pod, parts, &mut origins);
    let claims = volumes::claims(workload, context.storage, parts, &mut origins);
    let retention = parts.retention();
    let policy = "/spec/persistentVolumeClaimRetentionPolicy";
    origins.insert(policy, retention.and_then(|retain| retain.span));
    let stateful_set = StatefulSet {
        metadata: labels::metadata(context, workload, name),
        spec: Some(StatefulSetSpec {
            // The Service that gives Pods their DNS names; callers dial another one.
            service_name: Some(headless(name)),
            replicas: labels::replicas(workload),
            selector: LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            },
            // Replicas do not wait for each other: one that starts slowly does not delay the
            // others.
            pod_management_policy: Some("Parallel".to_owned()),
            update_strategy: Some(StatefulSetUpdateStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: None,
            }),
            persistent_volume_claim_retention_policy: retention.map(|retain| {
                let policy = if retain.value { "Retain" } else { "Delete" };
                StatefulSetPersistentVolumeClaimRetentionPolicy {
                    when_deleted: Some(policy.to_owned()),
                    when_scaled: Some(policy.to_owned()),
                }
            }),
            volume_claim_templates: (!claims.is_empty()).then_some(claims),
            template,
            ..StatefulSetSpec::default()
        }),
        status: None,
    };
    (stateful_set, origins)
}
