//! What a Flow asks of the cluster, as parts of the objects of its workloads.
//!
//! Each part is a block, as if it was written under `kubernetes`: it is merged before the user's
//! own blocks, which win, and its origin is the key that asked for it.

use std::borrow::Cow;
use std::sync::Arc;

use flow_model::keys::Role;
use flow_model::plan::{
    Layer, Mount, Placement, Plan, Settings, Workload, dns_label, volume_label,
};
use flow_model::values::{
    Autoscale, Disruption, GpuShare, KubernetesBlock, Metric, Resources, StorageKind, Toggle,
};
use flow_model::{Advice, Diagnostic, Diagnostics, Span, Spanned};
use k8s_openapi::api::core::v1::PodSpec;
use serde_json::{Value, json};

use crate::docker;
use crate::profile::{ClusterProfile, PROMETHEUS};
use crate::provision_rules::{
    DEFAULT_PROMETHEUS, FIRST_CALL_FAILS, GATEWAY_HOLDS_LESS, LABEL_NOT_SET, NO_DISRUPTION,
    NOTHING_RETAINED, SCALED_REPLICAS, SCALED_SHARDS, SCALED_TO_NONE, SCALED_UNSEEN,
    SCALED_WITHOUT_REQUESTS, STORAGE_TWICE, UNKNOWN_CAPACITY, UNKNOWN_FILE_SYSTEM, WHOLE_GPU,
};

/// The labels that flowship sets on objects or Pods of a workload.
const OWN_LABELS: [&str; 9] = [
    "app",
    "app.kubernetes.io/component",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    "jina_deployment_name",
    "ns",
    "pod_type",
    "shard_id",
];

/// The Plan with what its workloads ask for among their blocks.
pub(crate) fn provide<'a>(
    plan: &'a Plan,
    profile: &ClusterProfile,
    diagnostics: &mut Diagnostics,
) -> Cow<'a, Plan> {
    let layers: Vec<_> =
        plan.workloads().map(|(_, workload)| layers(workload, profile, diagnostics)).collect();
    let scaled = scaled_by_calls(plan);
    let scaled = scaled.map(|autoscale| autoscale.span);
    if layers.iter().all(Vec::is_empty) && scaled.is_none() {
        return Cow::Borrowed(plan);
    }
    let mut plan = plan.clone();
    let executors = plan.executors.iter_mut().flat_map(|executor| {
        let (head, shards) = match &mut executor.placement {
            Placement::External(_) => (None, [].as_mut_slice()),
            Placement::Internal { head, shards } => (head.as_deref_mut(), shards.as_mut_slice()),
        };
        head.into_iter().chain(shards)
    });
    for (workload, layers) in executors.chain(plan.gateway.as_mut()).zip(layers) {
        workload.blocks.splice(0..0, layers);
        // The gateway sees calls of an Executor of which no replica runs.
        let own = workload.autoscale.as_ref().filter(|autoscale| autoscale.metric.is_traffic());
        match (own, scaled) {
            (Some(autoscale), _) => count_calls(workload, autoscale.span),
            (None, Some(span)) if workload.role == Role::Gateway => count_calls(workload, span),
            (None, _) => {}
        }
    }
    Cow::Owned(plan)
}

/// The first autoscaler by calls, if there is one.
fn scaled_by_calls(plan: &Plan) -> Option<&Spanned<Autoscale>> {
    plan.workloads().find_map(|(_, workload)| {
        workload.autoscale.as_ref().filter(|autoscale| autoscale.metric.is_traffic())
    })
}

/// Lets the processes of a workload offer metrics, unless the Flow says whether they do.
fn count_calls(workload: &mut Workload, span: Option<Span>) {
    let on = Spanned { value: Toggle(true), span };
    let mut is_on = false;
    for container in &mut workload.containers {
        let monitoring = match &mut container.settings {
            Settings::Gateway(keys) => &mut Arc::make_mut(keys).monitoring,
            Settings::Executor(keys) => &mut Arc::make_mut(keys).monitoring,
        };
        if monitoring.is_none() {
            *monitoring = on.into();
            is_on = true;
        }
    }
    if is_on {
        workload.monitoring = Spanned { value: true, span };
    }
}

/// The parts of a workload.
fn layers(
    workload: &Workload,
    profile: &ClusterProfile,
    diagnostics: &mut Diagnostics,
) -> Vec<Layer> {
    let mut layers = docker::layers(workload);
    layers.extend(labels(workload, diagnostics));
    let resources = &workload.resources;
    if let Some(storage) = &workload.storage
        && let Some(value) = mount(workload, storage, profile, diagnostics)
    {
        layers.push(layer(value, storage.span));
    }
    if let (Some(gpus), Some(block)) = (workload.gpus, profile.whole_gpu()) {
        layers.push(placed(block.clone(), gpus.span));
    }
    if let Some(gpus) = resources.gpus.filter(|gpus| gpus.value == GpuShare::Shared) {
        if let Some(block) = profile.shared_gpu() {
            layers.push(placed(block.clone(), gpus.span));
        } else {
            let message = format!("each Pod of `{}` gets a whole GPU", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&WHOLE_GPU, message)
                    .at(gpus.span, "what a shared GPU is on this cluster is not known")
                    .help(Advice::ClusterProfile),
            );
        }
    }
    if let Some(capacity) = resources.capacity {
        if let Some(block) = profile.capacity(capacity.value) {
            layers.push(placed(block.clone(), capacity.span));
        } else {
            let message = format!("Pods of `{}` run on any machine", workload.deployment);
            let label = format!("what `{}` is on this cluster is not known", capacity.word());
            diagnostics.push(
                Diagnostic::new(&UNKNOWN_CAPACITY, message)
                    .at(capacity.span, label)
                    .help(Advice::ClusterProfile),
            );
        }
    }
    layers
}

/// The labels of a workload, without those that flowship sets.
fn labels(workload: &Workload, diagnostics: &mut Diagnostics) -> Option<Layer> {
    let is_own = |(name, _): &(&String, _)| OWN_LABELS.contains(&name.as_str());
    let (own, labels): (Vec<_>, Vec<_>) = workload.labels.iter().partition(is_own);
    for (name, label) in own {
        let message = format!("the label `{name}` is set by flowship");
        diagnostics.push(
            Diagnostic::new(&LABEL_NOT_SET, message)
                .at(label.span, "left out")
                .help("choose another name"),
        );
    }
    let (_, first) = labels.first()?;
    let span = first.span;
    let labels = labels.into_iter().map(|(name, label)| (name.clone(), label.clone()));
    let block = Spanned { value: KubernetesBlock::of_labels(labels), span };
    Some(Layer { block, is_shared: false })
}

/// A block as if all of it was written where the Flow asks for it.
fn placed(block: KubernetesBlock, span: Option<Span>) -> Layer {
    Layer { block: Spanned { value: block.at(span), span }, is_shared: false }
}

/// The same of a block as it would be written.
pub(crate) fn layer(value: Value, span: Option<Span>) -> Layer {
    placed(KubernetesBlock::try_from(value).expect("its words are those of a block"), span)
}

/// The name of the claim that all replicas of an Executor share.
pub(crate) fn claim(workload: &Workload) -> String {
    format!("{}-workspace", dns_label(&workload.deployment))
}

/// The volume of a storage and its mount. A disk of each replica is a volume of the Plan, so only
/// its claim is described.
fn mount(
    workload: &Workload,
    storage: &Spanned<Mount>,
    profile: &ClusterProfile,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let Mount { path, storage: asked } = &storage.value;
    let size = asked.size.as_ref().map(|size| size.as_str());
    if asked.kind == StorageKind::Ephemeral
        && let Some(retain) = asked.retain.filter(|retain| retain.value)
    {
        diagnostics.push(
            Diagnostic::new(&NOTHING_RETAINED, "`ephemeral` storage cannot be retained")
                .at(retain.span, "it ends with its Pod")
                .help("set `kind: ebs` or `kind: efs`"),
        );
    }
    let (field, source) = match asked.kind {
        StorageKind::Block => {
            let mut claim = json!({});
            for (key, value) in [
                ("size", size.map(Value::from)),
                ("storageClassName", profile.class(asked.kind).map(Value::from)),
                ("retain", asked.retain.map(|retain| retain.value.into())),
            ] {
                if let Some(value) = value {
                    claim[key] = value;
                }
            }
            return Some(json!({"claims": {path: claim}}));
        }
        StorageKind::Ephemeral => match size {
            Some(size) => ("emptyDir", json!({"sizeLimit": size})),
            None => ("emptyDir", json!({})),
        },
        StorageKind::File => {
            if profile.class(asked.kind).is_none() {
                let message =
                    format!("the storage of `{}` has no storage class", workload.deployment);
                diagnostics.push(
                    Diagnostic::new(&UNKNOWN_FILE_SYSTEM, message)
                        .at(storage.span, "needs one that all machines can mount")
                        .help(Advice::ClusterProfile),
                );
            }
            ("persistentVolumeClaim", json!({"claimName": claim(workload)}))
        }
    };
    let is_at = |target: &str| target.trim_end_matches('/') == path.trim_end_matches('/');
    if let Some(other) = workload.volumes.iter().find(|volume| is_at(volume.target())) {
        let message = format!("the workspace of `{}` is a volume already", workload.deployment);
        diagnostics.push(
            Diagnostic::new(&STORAGE_TWICE, message)
                .at(storage.span, "would be mounted at the same path")
                .at(other.span, "this volume")
                .help("remove one of them"),
        );
        return None;
    }
    let name = volume_label(path);
    Some(json!({
        "pod": {"volumes": [{"name": name, field: source}]},
        "container": {"volumeMounts": [{"name": name, "mountPath": path}]},
    }))
}

/// Reports what a workload asks for that does not work, or not as it did on Jina's cloud. Shards of
/// one Executor say the same.
pub(crate) fn check(plan: &Plan, workload: &Workload, diagnostics: &mut Diagnostics) {
    check_disruption(workload, diagnostics);
    docker::check(workload, diagnostics);
    let Some(autoscale) = &workload.autoscale else { return };
    let name = &workload.deployment;
    let at = |span: Option<Span>| span.or(autoscale.span);
    let metric = autoscale.metric;
    let (least, target) = (autoscale.least(), autoscale.target);
    if let Some(written) = workload.main().settings.replicas() {
        let message = format!("`replicas` of `{name}` has no effect");
        diagnostics.push(
            Diagnostic::new(&SCALED_REPLICAS, message)
                .at(written.span, "remove it")
                .at(autoscale.span, "this sets the number of replicas"),
        );
    }
    if least.value == 0 && !metric.is_traffic() {
        let message = format!("nothing would start the first replica of `{name}`");
        let label = format!("`{}` is measured at replicas", metric.word());
        diagnostics.push(
            Diagnostic::new(&SCALED_TO_NONE, message)
                .at(at(least.span), label)
                .help("set `min: 1`, or `metric: rps`"),
        );
    } else if least.value == 0 {
        let message = format!("the first call of `{name}` fails");
        diagnostics.push(
            Diagnostic::new(&FIRST_CALL_FAILS, message)
                .at(at(least.span), "no replica runs until calls have been seen")
                .help("set `min: 1`"),
        );
    }
    if workload.shard.is_some() {
        let message = format!("each shard of `{name}` is scaled by itself");
        diagnostics.push(
            Diagnostic::new(&SCALED_SHARDS, message)
                .at(autoscale.span, "shards hold different data, so their number stays"),
        );
    }
    if !metric.is_traffic() {
        return;
    }
    if !workload.monitoring.value {
        let message = format!("calls of `{name}` are not counted");
        diagnostics.push(
            Diagnostic::new(&SCALED_UNSEEN, message)
                .at(workload.monitoring.span, "switches its metrics off")
                .at(at(metric.span), "needs them")
                .help("remove `monitoring: false`"),
        );
    }
    if metric.value == Metric::Concurrency
        && let Some((prefetch, span)) = prefetch(plan)
        && prefetch > 0
        && prefetch < target.get()
    {
        let message = format!("one client cannot cause a second replica of `{name}`");
        let label = format!("the gateway holds {prefetch} of its calls at most");
        diagnostics.push(
            Diagnostic::new(&GATEWAY_HOLDS_LESS, message)
                .at(span, label)
                .at(at(target.span), "more than that")
                .help("raise `prefetch`, or lower `target`"),
        );
    }
}

/// Reports, once for a Flow, that its autoscalers ask the default Prometheus.
pub(crate) fn check_prometheus(
    plan: &Plan,
    profile: &ClusterProfile,
    diagnostics: &mut Diagnostics,
) {
    let scaled = scaled_by_calls(plan).filter(|_| profile.prometheus().is_none());
    let Some(autoscale) = scaled else { return };
    let message = format!("autoscalers ask Prometheus at `{PROMETHEUS}`");
    diagnostics.push(
        Diagnostic::new(&DEFAULT_PROMETHEUS, message)
            .at(autoscale.span, "counts its calls")
            .help("write `prometheus: http://…` into the profile of the cluster"),
    );
}

/// Reports an autoscaler by a share of what the container does not request. `pod` are the Pods with
/// the blocks of the workload, if it has any.
pub(crate) fn check_requests(
    workload: &Workload,
    pod: Option<&PodSpec>,
    diagnostics: &mut Diagnostics,
) {
    let Some(autoscale) = workload.autoscale.as_ref() else { return };
    let metric = autoscale.metric;
    if metric.is_traffic() {
        return;
    }
    let Resources { cpu, memory, .. } = &workload.resources;
    let (what, example, asked) = match metric.value {
        Metric::Memory => ("memory", "memory: 4G", memory),
        _ => ("CPU", "cpu: 0.5", cpu),
    };
    // A block may add a request, and remove one. A limit without a request is the request too.
    let requests = pod.map_or(asked.is_some(), |pod| {
        let container = pod.containers.first();
        let resources = container.and_then(|container| container.resources.as_ref());
        resources.is_some_and(|resources| {
            let amounts = [&resources.requests, &resources.limits].into_iter().flatten();
            amounts.into_iter().any(|amounts| amounts.contains_key(metric.word()))
        })
    });
    if requests {
        return;
    }
    let message = format!("`{}` is scaled by {what}, and requests none", workload.deployment);
    diagnostics.push(
        Diagnostic::new(&SCALED_WITHOUT_REQUESTS, message)
            .at(metric.span.or(autoscale.span), "`target` is a share of what is requested")
            .help(format!("add `resources: {{{example}}}`")),
    );
}

fn check_disruption(workload: &Workload, diagnostics: &mut Diagnostics) {
    let Some(disruption) = workload.disruption else { return };
    let replicas = workload.most_replicas().value.get();
    if !disruption.value.stops_none(replicas) {
        return;
    }
    let (key, label) = match disruption.value {
        Disruption::MinAvailable(_) if replicas == 1 => ("minAvailable", "there is one".to_owned()),
        Disruption::MinAvailable(_) => ("minAvailable", format!("there are {replicas}")),
        Disruption::MaxUnavailable(_) => ("maxUnavailable", "none".to_owned()),
    };
    let message = format!("`{key}` of `{}` does not let any Pod be stopped", workload.deployment);
    diagnostics.push(
        Diagnostic::new(&NO_DISRUPTION, message)
            .at(disruption.span, label)
            .help("let one be stopped, so that machines can be drained"),
    );
}

/// `prefetch` of the gateway, if it is set.
fn prefetch(plan: &Plan) -> Option<(u32, Option<Span>)> {
    let Settings::Gateway(keys) = &plan.gateway.as_ref()?.main().settings else { return None };
    let prefetch = keys.prefetch.as_ref()?;
    Some((prefetch.get(), prefetch.span))
}
