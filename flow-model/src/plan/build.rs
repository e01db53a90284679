//! Builds the Plan of a Flow without errors.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Map;

use super::{
    Address, Callee, Container, ExecutorPlan, Graph, GraphOrigins, ImageProblem, Images, Part,
    Placement, Plan, Program, Settings, Workload,
};
use super::{layers, provisions};
use crate::docker::DockerOptions;
use crate::flow::{Executor, Flow, Gateway};
use crate::keys::{ExecutorSettings, GatewaySettings, Role};
use crate::span::{Span, Spanned};
use crate::topology::{GATEWAY, Topology};
use crate::values::{
    JinaGateway, KeyValues, OptionalLimit, Positive, Protocol, Toggle, Uses, Volume, Volumes,
};

/// Jina's default for `timeout_ready`, in milliseconds.
const TIMEOUT_READY: i32 = 600_000;

/// The startup limit if `timeout_ready` sets none, in seconds. Platforms need a number: a year,
/// which is longer than any limit that a Flow can set.
pub const NO_LIMIT: u32 = 365 * 24 * 60 * 60;

/// The Plan of a Flow. `None` if an image is missing or an external Executor has no address, both
/// of which rules report.
pub fn build(flow: &Flow, topology: &Topology, images: &Images) -> Option<Plan> {
    let gateway = match &flow.gateway {
        Some(settings) => {
            let start = flow.span.map(|span| Span { end: span.start, ..span });
            Some(gateway(flow, settings, flow.executors_span.or(start), images).ok()?)
        }
        None => None,
    };
    let is_alone = gateway.is_none();
    let executors = flow.executors.iter().enumerate();
    let executors: Vec<_> = executors
        .map(|(index, executor)| {
            let placement = if executor.is_external() {
                Placement::External(external_addresses(executor)?)
            } else {
                internal(flow, index, executor, images, is_alone).ok()?
            };
            Some(ExecutorPlan { name: executor.name.clone(), placement })
        })
        .collect::<Option<_>>()?;
    let gateway = gateway.map(|mut gateway| {
        gateway.containers[0].dials =
            (0..executors.len()).map(|executor| Callee { executor, part: Part::Entry }).collect();
        as_patient_as(gateway, &executors)
    });
    Some(Plan {
        name: provisions::name(flow),
        default_name: None,
        jina: images.jina(),
        block: flow.settings.kubernetes.as_ref().cloned(),
        graph: graph(flow, topology),
        gateway,
        executors,
    })
}

/// Gives the gateway the longest startup limit of all Executors, because it listens only after all
/// of them have answered.
fn as_patient_as(mut gateway: Workload, executors: &[ExecutorPlan]) -> Workload {
    let workloads = executors.iter().flat_map(|executor| executor.placement.workloads());
    let limits = workloads.map(|workload| workload.timeout_ready);
    let longest = |one: Spanned<OptionalLimit>, other: Spanned<OptionalLimit>| {
        // No limit counts as the longest limit.
        let length = |limit: OptionalLimit| limit.limit().unwrap_or(u32::MAX);
        if length(other.value) > length(one.value) { other } else { one }
    };
    gateway.timeout_ready = limits.fold(gateway.timeout_ready, longest);
    gateway
}

fn graph(flow: &Flow, topology: &Topology) -> Graph {
    let mut graph = Graph::default();
    for (from, to) in topology.description() {
        graph.description.insert(from.to_owned(), to.into_iter().map(str::to_owned).collect());
    }
    for executor in &flow.executors {
        let (name, settings) = (&executor.name.value, &executor.settings);
        let origins = &mut graph.origins;
        origins.description.extend(settings.method.and_then(|method| method.span));
        origins.description.extend(settings.needs.as_ref().and_then(|needs| needs.span));
        origins.description.extend(settings.floating.and_then(|floating| floating.span));
        if let Some(when) = settings.when.as_ref().filter(|when| !when.is_empty()) {
            graph.conditions.insert(name.clone(), Map::clone(when));
            origins.conditions.extend(when.span);
        }
        if let Some(metadata) = settings.grpc_metadata.as_ref().filter(|map| !map.0.is_empty()) {
            graph.metadata.insert(name.clone(), IndexMap::from(&metadata.value));
            origins.metadata.extend(metadata.span);
        }
        if let Some(no_reduce) = settings.no_reduce.filter(|no_reduce| no_reduce.0) {
            graph.no_reduce.push(name.clone());
            origins.no_reduce.extend(no_reduce.span);
        }
        if executor.is_external() {
            let hosts = settings.host.iter().flat_map(|hosts| &hosts.0);
            origins.addresses.extend(hosts.filter_map(|host| host.span));
            let ports = settings.port.iter().flat_map(|ports| ports.iter());
            origins.addresses.extend(ports.filter_map(|port| port.span));
            origins.addresses.extend(settings.external.and_then(|external| external.span));
            origins.addresses.extend(settings.tls.and_then(|tls| tls.span));
        }
    }
    graph.origins.description.extend(flow.settings.inspect.and_then(|inspect| inspect.span));
    let GraphOrigins { description, conditions, metadata, no_reduce, addresses } =
        &mut graph.origins;
    for origins in [description, conditions, metadata, no_reduce, addresses] {
        origins.sort_unstable();
        origins.dedup();
    }
    graph
}

/// The addresses of an external Executor: hosts and ports in pairs; a single host or port is used
/// for all. `None` if there is no host or no port, or if the numbers differ.
pub fn external_addresses(executor: &Executor) -> Option<Vec<Address>> {
    let hosts = &executor.settings.host.as_ref()?.0;
    let ports: &[_] = executor.settings.port.as_ref().map_or(&[], |ports| ports);
    let tls = executor.settings.tls.is_some_and(|tls| tls.0);
    let count = hosts.len().max(ports.len());
    (0..count)
        .map(|index| {
            let pick = |length: usize| if length == 1 { 0 } else { index };
            let host = hosts.get(pick(hosts.len()))?;
            let port = match host.port() {
                Some(port) => port,
                None => ports.get(pick(ports.len()))?.value,
            };
            Some(Address { host: host.name().to_owned(), port, tls: host.tls().unwrap_or(tls) })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|addresses| !addresses.is_empty())
}

/// The protocols of a gateway; the default is gRPC.
pub fn gateway_protocols(settings: &GatewaySettings) -> Vec<Protocol> {
    match &*settings.protocol {
        Some(protocols) => protocols.list().to_vec(),
        None => vec![Protocol::Grpc],
    }
}

/// The workload of the gateway. `other` is its origin if the Flow does not define it.
fn gateway(
    flow: &Flow,
    gateway: &Gateway,
    other: Option<Span>,
    images: &Images,
) -> Result<Workload, ImageProblem> {
    let settings = &provisions::gateway(flow, &gateway.settings);
    let span = gateway.span.or(other);
    let protocols = gateway_protocols(settings);
    let uses = settings.uses.as_ref();
    let (image, program) = match (images.find(GATEWAY, uses.map(|uses| &uses.value))?, uses) {
        (Some(image), Some(uses)) if !matches!(uses.value, Uses::JinaGateway(_)) => {
            (image, Program::Image)
        }
        (image, uses) => {
            let class = match uses.map(|uses| &uses.value) {
                Some(Uses::JinaGateway(class)) => *class,
                _ => JinaGateway::for_protocols(&protocols),
            };
            (image.unwrap_or_else(|| images.jina()), Program::JinaGateway(class))
        }
    };
    let container = Container {
        role: Role::Gateway,
        name: GATEWAY.to_owned(),
        image: Spanned { value: image, span: uses.and_then(|uses| uses.span).or(span) },
        program,
        protocols,
        shard: None,
        dials: Vec::new(),
        entrypoint: settings.entrypoint.as_ref().cloned(),
        tls: settings.ssl_certfile.is_some() && settings.ssl_keyfile.is_some(),
        settings: Settings::Gateway(Arc::clone(settings)),
    };
    let mut workload = Workload {
        replicas: settings.replicas.unwrap_or(Spanned { value: Positive::ONE, span }),
        env: or_default(settings.env.as_ref()),
        env_from_secret: or_default(settings.env_from_secret.as_ref()),
        image_pull_secrets: or_default(settings.image_pull_secrets.as_ref()),
        timeout_ready: timeout_ready(*settings.timeout_ready),
        ports: settings.port.as_ref().map(|ports| ports.value.clone()).unwrap_or_default(),
        monitoring: switch(*settings.monitoring),
        docker: docker(settings.docker_kwargs.as_ref()),
        labels: provisions::labels(flow, settings.jcloud.as_ref()),
        blocks: layers::of_gateway(flow, settings),
        compose: layers::compose(flow, settings.compose.as_ref()),
        span,
        ..Workload::bare(GATEWAY.to_owned(), Role::Gateway, vec![container])
    };
    if let Some(jcloud) = &*settings.jcloud {
        provisions::apply(&mut workload, jcloud, None);
    }
    Ok(workload)
}

fn internal(
    flow: &Flow,
    index: usize,
    executor: &Executor,
    images: &Images,
    is_alone: bool,
) -> Result<Placement, ImageProblem> {
    let settings = provisions::executor(flow, &executor.settings);
    let executor = &Executor { settings, ..executor.clone() };
    let (shards, settings) = (executor.shards(), &executor.settings);
    let uses = settings.uses.as_ref();
    let image = images.find(&executor.name, uses.map(|uses| &uses.value))?;
    let program = if image.is_some() { Program::Image } else { Program::BaseExecutor };
    let image = Spanned {
        value: image.unwrap_or_else(|| images.jina()),
        span: uses.and_then(|uses| uses.span).or(executor.name.span),
    };
    let container = |role, name: String, image, program, shard| Container {
        role,
        name,
        image,
        program,
        protocols: executor_protocols(settings, is_alone),
        shard,
        dials: Vec::new(),
        // uses-before and uses-after do not run the Executor's own image.
        entrypoint: settings.entrypoint.as_ref().filter(|_| role == Role::Worker).cloned(),
        tls: false,
        settings: Settings::Executor(Arc::clone(settings)),
    };
    let workload = |role, name, shard, replicas, containers| {
        of_executor(flow, executor, role, name, shard, replicas, containers)
    };
    // A port belongs to the workload that the gateway dials: the head, or the only shard.
    let ports = settings.port.as_ref().map(|ports| ports.value.clone()).unwrap_or_default();
    let name = &executor.name.value;
    if shards == 1 {
        let worker = container(Role::Worker, name.clone(), image, program, None);
        let mut worker =
            workload(Role::Worker, name.clone(), None, executor.replicas(), vec![worker]);
        worker.ports = ports;
        return Ok(Placement::Internal { head: None, shards: vec![worker] });
    }

    let shards_span = settings.shards.and_then(|shards| shards.span);
    let jina = Spanned { value: images.jina(), span: shards_span };
    let mut head = container(Role::Head, format!("{name}/head"), jina, Program::BaseExecutor, None);
    head.dials =
        (0..shards).map(|shard| Callee { executor: index, part: Part::Shard(shard) }).collect();
    let mut containers = vec![head];
    for (role, part, suffix, uses) in [
        (Role::UsesBefore, Part::UsesBefore, "uses-before", &settings.uses_before),
        (Role::UsesAfter, Part::UsesAfter, "uses-after", &settings.uses_after),
    ] {
        let Some(uses) = &**uses else { continue };
        let image = images.find_uses(Some(&uses.value))?;
        let program = if image.is_some() { Program::Image } else { Program::BaseExecutor };
        let image = Spanned { value: image.unwrap_or_else(|| images.jina()), span: uses.span };
        containers.push(container(role, format!("{name}/{suffix}"), image, program, None));
        containers[0].dials.push(Callee { executor: index, part });
    }
    let one = Spanned { value: Positive::ONE, span: shards_span };
    let heads = layers::heads(flow, settings).unwrap_or(one);
    let mut head = workload(Role::Head, format!("{name}-head"), None, heads, containers);
    head.ports = ports;
    let shards = (0..shards)
        .map(|shard| {
            let name = format!("{name}-{shard}");
            let worker = container(Role::Worker, name.clone(), image.clone(), program, Some(shard));
            workload(Role::Worker, name, Some(shard), executor.replicas(), vec![worker])
        })
        .collect();
    Ok(Placement::Internal { head: Some(Box::new(head)), shards })
}

/// A workload of an Executor: its head, or a shard.
fn of_executor(
    flow: &Flow,
    executor: &Executor,
    role: Role,
    name: String,
    shard: Option<u32>,
    replicas: Spanned<Positive>,
    containers: Vec<Container>,
) -> Workload {
    let settings = &executor.settings;
    let is_worker = role == Role::Worker;
    let mut workload = Workload {
        deployment: executor.name.value.clone(),
        name_span: executor.name.span,
        shard,
        replicas,
        env: or_default(settings.env.as_ref()),
        env_from_secret: or_default(settings.env_from_secret.as_ref()),
        image_pull_secrets: or_default(settings.image_pull_secrets.as_ref()),
        timeout_ready: timeout_ready(*settings.timeout_ready),
        monitoring: switch(*settings.monitoring),
        volumes: if is_worker { volumes(settings) } else { Spanned::default() },
        gpus: settings.gpus.filter(|gpus| is_worker && !gpus.value.is_none()),
        stateful: switch((*settings.stateful).filter(|_| is_worker)),
        docker: docker(settings.docker_kwargs.as_ref().filter(|_| is_worker)),
        labels: provisions::labels(flow, settings.jcloud.as_ref()),
        blocks: if is_worker {
            layers::of_worker(flow, settings)
        } else {
            layers::of_head(flow, settings)
        },
        compose: layers::compose(flow, settings.compose.as_ref()),
        span: executor.span,
        ..Workload::bare(name, role, containers)
    };
    if let Some(jcloud) = &*settings.jcloud {
        let workspace = settings.workspace.as_ref().map(|workspace| &***workspace);
        provisions::apply(&mut workload, jcloud, workspace);
    }
    workload
}

/// The protocols of an Executor: gRPC, because a gateway calls over gRPC; a standalone Executor
/// serves the protocols that it sets.
fn executor_protocols(settings: &ExecutorSettings, is_alone: bool) -> Vec<Protocol> {
    match settings.protocol.as_ref().filter(|_| is_alone) {
        Some(protocols) => protocols.list().to_vec(),
        None => vec![Protocol::Grpc],
    }
}

/// The volumes of a worker: its own, and the workspace of a stateful Executor.
fn volumes(settings: &ExecutorSettings) -> Spanned<Volumes> {
    let mut volumes = or_default(settings.volumes.as_ref());
    let stateful = settings.stateful.is_some_and(|stateful| stateful.0)
        || provisions::has_disk(settings.jcloud.as_ref());
    if let Some(workspace) = settings.workspace.as_ref().filter(|_| stateful) {
        let target = workspace.trim_end_matches('/');
        let holds = |volume: &Volume| {
            target == volume.target() || target.starts_with(&format!("{}/", volume.target()))
        };
        // The rule `stateful-workspace` reports a path that cannot be mounted.
        if let Ok(volume) = Volume::at(target)
            && !volumes.iter().any(|volume| holds(volume))
        {
            let volume = Spanned { value: volume, span: workspace.span };
            // No volume has this path, so adding it cannot fail.
            let _ = volumes.value.push(volume);
        }
    }
    volumes
}

fn switch(toggle: Option<Spanned<Toggle>>) -> Spanned<bool> {
    toggle.map_or(Spanned::unwritten(false), |toggle| toggle.map(|toggle| toggle.0))
}

pub(super) fn timeout_ready(written: Option<Spanned<OptionalLimit>>) -> Spanned<OptionalLimit> {
    let default = OptionalLimit::new(TIMEOUT_READY).map(Spanned::unwritten);
    match (written, default) {
        (Some(written), _) => written,
        (None, Some(default)) => default,
        (None, None) => unreachable!("ten minutes is a limit"),
    }
}

fn docker(kwargs: Option<&Spanned<KeyValues>>) -> DockerOptions {
    kwargs.map(|kwargs| DockerOptions::of(&kwargs.value)).unwrap_or_default()
}

fn or_default<T: Clone + Default>(value: Option<&Spanned<T>>) -> Spanned<T> {
    value.cloned().unwrap_or_default()
}
