//! The Pod template of a workload.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::keys::Role;
use flow_model::plan::{Container as Planned, Plan, Workload};
use flow_model::values::{GpuShare, Gpus, Image};
use flow_model::{Origins, Span, pointer_token};
use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, EnvVar, EnvVarSource, Lifecycle,
    LifecycleHandler, LocalObjectReference, ObjectFieldSelector, PodSpec, PodTemplateSpec,
    ResourceRequirements, SecretKeySelector, SleepAction,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use sha2::{Digest, Sha256};

use super::{Context, Controller, config_map, labels, probes, volumes};
use crate::block::Parts;
use crate::careful::CarefulDefault;
use crate::hex::hex;
use crate::mesh::{Metadata, PortUse, ServicePort, Shutdown};
use crate::ports::container_ports;
use crate::wiring::container_arguments;
use crate::{expansion, pod_security};

/// The time in which new calls may still arrive at a Pod that stops, in seconds, because callers
/// have not noticed yet.
const LATE_CALLS: u32 = 5;

/// The time that Jina gives calls to finish after SIGTERM, in seconds (`server.stop(1.0)`, jina
/// 3.34.0).
const FINISH: u32 = 1;

/// The remaining time until the kubelet kills the Pod, in seconds. With [`LATE_CALLS`] and
/// [`FINISH`] the grace period is Kubernetes' own default of 30 s.
const LEFT: u32 = 24;

/// The shutdown of a workload's Pods. The kubelet sleeps itself (KEP-3960), so the image needs no
/// shell. It sleeps until the last call that may arrive has had its time, because Jina cancels
/// calls in flight one second after SIGTERM. Without [`CarefulDefault::PreStop`] the Pod stops at
/// once, and has Kubernetes' own grace period.
pub(crate) fn shutdown(
    plan: &Plan,
    workload: &Workload,
    without: &BTreeSet<CarefulDefault>,
) -> Shutdown {
    if without.contains(&CarefulDefault::PreStop) {
        return Shutdown { drain: 0, finish: FINISH, grace: LATE_CALLS + FINISH + LEFT };
    }
    let longest = plan.longest_call(workload).map_or(0, |call| call.value.div_ceil(1000));
    let most = u64::from(i32::MAX.unsigned_abs() - LATE_CALLS - FINISH - LEFT);
    let longest = u32::try_from(longest.min(most)).unwrap_or(u32::MAX);
    let drain = LATE_CALLS + longest;
    Shutdown { drain, finish: FINISH, grace: drain + FINISH + LEFT }
}

/// The annotation that makes Pods restart when the ConfigMap changes.
const CHECKSUM: &str = "checksum/config";

/// The same for the files of blocks.
const FILES_CHECKSUM: &str = "checksum/files";

/// The Pod template. `origins` belong to the object that contains it at `/spec/template`.
pub(super) fn template(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    metadata: Metadata,
    parts: &Parts,
    origins: &mut Origins,
) -> PodTemplateSpec {
    let shutdown = shutdown(context.flow.plan, workload, context.without);
    let pre_stop = context.has(CarefulDefault::PreStop);
    let longest = context.flow.plan.longest_call(workload).filter(|_| pre_stop);
    let longest = longest.and_then(|call| call.span);
    let containers = workload.containers.iter().enumerate();
    let mut containers: Vec<Container> = containers
        .map(|(index, planned)| {
            let pointer = format!("/spec/template/spec/containers/{index}");
            origins.insert_in(&pointer, "lifecycle", longest);
            container(context, workload, name, planned, shutdown, &pointer, origins)
        })
        .collect();
    origins.insert("/spec/template/metadata", workload.name_span);
    labels::of_block("/spec/template/metadata", workload, origins);
    if let Some(main) = containers.first_mut() {
        let pointer = "/spec/template/spec/containers/0";
        let count = main.volume_mounts.as_ref().map_or(0, Vec::len);
        let mounts = parts.mounts(pointer, count, origins);
        if !mounts.is_empty() {
            main.volume_mounts.get_or_insert_default().extend(mounts);
        }
    }
    let volumes = pod_security::volume(context.pod_security, workload);
    let mut volumes: Vec<_> = volumes.into_iter().collect();
    volumes.extend(parts.volumes(name, volumes.len(), origins));
    origins.insert("/spec/template/spec/terminationGracePeriodSeconds", longest);
    let secrets = &workload.image_pull_secrets;
    let mut pull_secrets = Vec::new();
    for secret in &secrets.value.0 {
        let pointer = format!("/spec/template/spec/imagePullSecrets/{}", pull_secrets.len());
        origins.insert(pointer, secret.span);
        pull_secrets.push(LocalObjectReference { name: secret.value.clone() });
    }
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(metadata.labels),
            annotations: (!metadata.annotations.is_empty()).then_some(metadata.annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(PodSpec {
            containers,
            security_context: context.pod_security.map(pod_security::of_pod),
            volumes: (!volumes.is_empty()).then_some(volumes),
            image_pull_secrets: (!pull_secrets.is_empty()).then_some(pull_secrets),
            // Otherwise every Service of the namespace sets variables in every container: one that
            // is called `redis` sets `REDIS_PORT=tcp://…`.
            enable_service_links: context.has(CarefulDefault::EnableServiceLinks).then_some(false),
            // Jina does not call the Kubernetes API. The proxies of meshes mount tokens of their own.
            automount_service_account_token: context
                .has(CarefulDefault::AutomountServiceAccountToken)
                .then_some(false),
            termination_grace_period_seconds: pre_stop.then_some(shutdown.grace.into()),
            ..PodSpec::default()
        }),
    }
}

/// The labels and annotations of a Pod that flowship sets.
pub(super) fn metadata(
    context: &Context<'_>,
    workload: &Workload,
    data: &BTreeMap<String, String>,
    parts: &Parts,
) -> Metadata {
    let mut labels = labels::generated(&context.flow, workload);
    labels.extend(labels::jina(context, workload));
    let mut annotations = BTreeMap::from([(CHECKSUM.to_owned(), checksum(data))]);
    let texts = parts.texts().map(|(key, text, _)| (key, text.to_owned()));
    let texts: BTreeMap<_, _> = texts.collect();
    if !texts.is_empty() {
        annotations.insert(FILES_CHECKSUM.to_owned(), checksum(&texts));
    }
    Metadata { labels, annotations }
}

/// The value of [`CHECKSUM`]. A changed ConfigMap does not restart Pods, but a changed annotation
/// does. Helm charts use the same key.
fn checksum(data: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in data {
        for part in [name, text] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    hex(&hash.finalize())
}

fn container(
    context: &Context<'_>,
    workload: &Workload,
    workload_name: &str,
    planned: &Planned,
    shutdown: Shutdown,
    pointer: &str,
    origins: &mut Origins,
) -> Container {
    origins.insert_in(pointer, "image", planned.image.span);
    origins.insert_in(pointer, "startupProbe", workload.timeout_ready.span);
    let listening = container_ports(workload, planned);
    let (port, _) = *listening.first().expect("every container serves one protocol at least");
    let words = container_arguments(&context.flow, context.namespace_span, planned, context.mesh);
    let mut args = Vec::with_capacity(words.len());
    let command = planned.entrypoint.as_ref().map_or(&[][..], |command| command.words());
    let texts = command.iter().chain(words.iter().map(|word| &word.text));
    let bytes: usize = texts.map(String::len).sum();
    context.texts.set(context.texts.get() + bytes);
    let list = format!("{pointer}/args/");
    for word in words {
        if !word.origins.is_empty() {
            origins.insert_all([&*list, &args.len().to_string()].concat(), &word.origins);
        }
        args.push(word.text);
    }
    let mut mounts = volumes::mounts(workload, planned, pointer, origins);
    mounts.extend(pod_security::mount(context.pod_security, workload));
    let ports = listening
        .iter()
        .enumerate()
        .map(|(index, &(number, usage))| {
            let span = port_span(workload, planned, usage);
            origins.insert_in(pointer, format_args!("ports/{index}"), span);
            let port = ServicePort { usage, number, chosen: false };
            ContainerPort {
                container_port: number.into(),
                name: Some(port_name(context, planned, port)),
                ..ContainerPort::default()
            }
        })
        .collect();
    Container {
        name: container_name(planned.role).to_owned(),
        image: Some(planned.image.value.to_string()),
        image_pull_policy: Some(pull_policy(&planned.image.value).to_owned()),
        command: Some(match &planned.entrypoint {
            Some(command) => {
                origins.insert_in(pointer, "command", command.span);
                command.words().iter().map(|word| expansion::escape(word)).collect()
            }
            None => vec!["jina".to_owned()],
        }),
        args: Some(args),
        ports: Some(ports),
        env_from: Some(vec![EnvFromSource {
            config_map_ref: Some(ConfigMapEnvSource {
                name: config_map::name(workload_name),
                ..ConfigMapEnvSource::default()
            }),
            ..EnvFromSource::default()
        }]),
        env: Some(environment(context, workload, workload_name, pointer, origins)),
        resources: resources(context, workload, planned, pointer, origins),
        security_context: context.pod_security.map(pod_security::of_container),
        volume_mounts: (!mounts.is_empty()).then_some(mounts),
        startup_probe: Some(probes::startup(planned, port, workload.timeout_ready.value)),
        readiness_probe: Some(probes::readiness(planned, port)),
        liveness_probe: Some(probes::liveness(planned, port)),
        lifecycle: context.has(CarefulDefault::PreStop).then(|| Lifecycle {
            pre_stop: Some(LifecycleHandler {
                sleep: Some(SleepAction { seconds: shutdown.drain.into() }),
                ..LifecycleHandler::default()
            }),
            ..Lifecycle::default()
        }),
        ..Container::default()
    }
}

/// The pull policy, the same as Kubernetes' default: an image whose tag may move is pulled at every
/// start.
fn pull_policy(image: &Image) -> &'static str {
    if image.is_moving() { "Always" } else { "IfNotPresent" }
}

/// The resources of the main container. Memory cannot be taken back, so its request is its limit;
/// processors are not limited, so that a Pod may use idle ones, at its start above all. GPUs are only
/// set as limits: an extended resource is never shared, so its request equals its limit.
fn resources(
    context: &Context<'_>,
    workload: &Workload,
    planned: &Planned,
    pointer: &str,
    origins: &mut Origins,
) -> Option<ResourceRequirements> {
    if matches!(planned.role, Role::UsesBefore | Role::UsesAfter) {
        return None;
    }
    let asked = &workload.resources;
    let gpus = workload.gpus.filter(|_| planned.role == Role::Worker);
    let gpus = gpus.and_then(|gpus| match gpus.value {
        Gpus::Count(count) => Some((count.get().to_string(), gpus.span)),
        Gpus::All => context.gpu_all.map(|count| (count.to_string(), gpus.span)),
    });
    // A share of which the profile of the cluster does not say what it is.
    let share = asked.gpus.filter(|share| share.value == GpuShare::Shared);
    let share = share.filter(|_| context.profile.shared_gpu().is_none());
    let gpus = gpus.or(share.map(|share| ("1".to_owned(), share.span)));
    let rows = [
        ("requests", "cpu", asked.cpu.as_ref().map(|cpu| (cpu.to_string(), cpu.span))),
        (
            "requests",
            "memory",
            asked.memory.as_ref().map(|memory| (memory.to_string(), memory.span)),
        ),
        ("limits", "memory", asked.memory.as_ref().map(|memory| (memory.to_string(), memory.span))),
        ("limits", "nvidia.com/gpu", gpus),
    ];
    let (mut requests, mut limits) = (BTreeMap::new(), BTreeMap::new());
    for (field, name, amount) in rows {
        let Some((amount, span)) = amount else { continue };
        if requests.is_empty() && limits.is_empty() {
            origins.insert_in(pointer, "resources", span);
        }
        let token = pointer_token(name);
        origins.insert_in(pointer, format_args!("resources/{field}/{token}"), span);
        let amounts = if field == "requests" { &mut requests } else { &mut limits };
        amounts.insert(name.to_owned(), Quantity(amount));
    }
    let is_asked = !(requests.is_empty() && limits.is_empty());
    is_asked.then(|| ResourceRequirements {
        requests: (!requests.is_empty()).then_some(requests),
        limits: (!limits.is_empty()).then_some(limits),
        ..ResourceRequirements::default()
    })
}

/// The place in the source that gives a container a port.
fn port_span(workload: &Workload, planned: &Planned, usage: PortUse) -> Option<Span> {
    if usage == PortUse::Metrics { workload.monitoring.span } else { planned.protocol_span() }
}

/// The name of a container port. Names are unique in a Pod, so uses-before and uses-after use their
/// own.
fn port_name(context: &Context<'_>, planned: &Planned, port: ServicePort) -> String {
    match planned.role {
        _ if port.usage == PortUse::Metrics => context.mesh.port(port).name,
        Role::UsesBefore => "uses-before".to_owned(),
        Role::UsesAfter => "uses-after".to_owned(),
        Role::Gateway | Role::Head | Role::Worker => context.mesh.port(port).name,
    }
}

pub(super) fn container_name(role: Role) -> &'static str {
    match role {
        Role::Gateway => "gateway",
        Role::Head | Role::Worker => "executor",
        Role::UsesBefore => "uses-before",
        Role::UsesAfter => "uses-after",
    }
}

/// The variables that are set on each container of a workload and override the ConfigMap.
pub(crate) fn own_variables(workload: &Workload) -> [&'static str; 5] {
    let controller = Controller::of(workload).variable();
    ["POD_UID", "JINA_DEPLOYMENT_NAME", controller, "K8S_NAMESPACE_NAME", "K8S_POD_NAME"]
}

/// The variables with which Jina's processes identify their Pod, and the user's Secrets, which win.
fn environment(
    context: &Context<'_>,
    workload: &Workload,
    workload_name: &str,
    pointer: &str,
    origins: &mut Origins,
) -> Vec<EnvVar> {
    let value = |name: &str, value: &str| EnvVar {
        name: name.to_owned(),
        value: Some(expansion::escape(value)),
        value_from: None,
    };
    let field = |name: &str, path: &str| EnvVar {
        name: name.to_owned(),
        value: None,
        value_from: Some(EnvVarSource {
            // The API server would fill in the version, and then own a part of what we apply.
            field_ref: Some(ObjectFieldSelector {
                api_version: Some("v1".to_owned()),
                field_path: path.to_owned(),
            }),
            ..EnvVarSource::default()
        }),
    };
    let secrets = &workload.env_from_secret.value;
    let [uid, deployment, controller, namespace, pod] = own_variables(workload);
    let mut variables = vec![
        field(uid, "metadata.uid"),
        value(deployment, &workload.deployment),
        value(controller, workload_name),
        value(namespace, context.flow.namespace.as_str()),
        field(pod, "metadata.name"),
    ];
    variables.retain(|variable| !secrets.contains_key(&variable.name));
    for (name, secret) in secrets.iter() {
        origins.insert_in(pointer, format_args!("env/{}", variables.len()), secret.span);
        variables.push(EnvVar {
            name: name.clone(),
            value: None,
            value_from: Some(EnvVarSource {
                secret_key_ref: Some(SecretKeySelector {
                    name: secret.name.clone(),
                    key: secret.key.clone(),
                    optional: secret.optional,
                }),
                ..EnvVarSource::default()
            }),
        });
    }
    variables
}
