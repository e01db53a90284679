//! The Deployment of a workload.

use flow_model::Origins;
use flow_model::plan::Workload;
use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Context, labels, pod, probes};
use crate::block::Parts;
use crate::careful::CarefulDefault;
use crate::mesh::Metadata;

/// The time that a node gets to pull an image, in seconds, in addition to the startup time of a
/// Pod. The deadline of a rollout must not pass while its Pods are still allowed to start.
const PULL_SECONDS: u32 = 600;

pub(super) fn object(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    pod: Metadata,
    parts: &Parts,
) -> (Deployment, Origins) {
    let mut origins = labels::origins(context, workload);
    if labels::replicas(workload).is_some() {
        origins.insert("/spec/replicas", workload.replicas.span);
    }
    origins.insert("/spec/selector", workload.name_span);
    origins.insert("/spec/strategy", workload.gpus.and_then(|gpus| gpus.span));
    origins.insert("/spec/progressDeadlineSeconds", workload.timeout_ready.span);
    let template = pod::template(context, workload, name, pod, parts, &mut origins);
    let gives_way = parts.gives_way();
    origins.insert("/spec/strategy", gives_way.and_then(|cache| cache.span));
    let deadline = probes::startup_seconds(workload.timeout_ready.value) + PULL_SECONDS;
    let deadline = i32::try_from(deadline).expect("a start takes a year at most");
    let deployment = Deployment {
        metadata: labels::metadata(context, workload, name),
        spec: Some(DeploymentSpec {
            replicas: labels::replicas(workload),
            selector: LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            },
            strategy: context
                .has(CarefulDefault::Strategy)
                .then(|| strategy(workload, gives_way.is_some())),
            progress_deadline_seconds: Some(deadline),
            template,
            ..DeploymentSpec::default()
        }),
        status: None,
    };
    (deployment, origins)
}

/// The rollout strategy. A new Pod is ready before an old one is removed, because a Flow is only as
/// available as each of its Executors. Pods with GPUs are replaced one at a time: a new Pod might
/// wait forever for a free GPU, and the other replicas take the calls meanwhile. A Pod whose volume only
/// one node can mount (`is_alone`) ends first too.
fn strategy(workload: &Workload, is_alone: bool) -> DeploymentStrategy {
    let gives_way = is_alone || workload.gpus.is_some() && workload.replicas.value.get() > 1;
    let (surge, unavailable) = if gives_way { (0, 1) } else { (1, 0) };
    DeploymentStrategy {
        type_: Some("RollingUpdate".to_owned()),
        rolling_update: Some(RollingUpdateDeployment {
            max_surge: Some(IntOrString::Int(surge)),
            max_unavailable: Some(IntOrString::Int(unavailable)),
        }),
    }
}
