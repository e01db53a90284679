//! From a Plan to the services of a Compose file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use flow_model::arguments::{
    Argument, check_argument, check_total, check_variable, variable_length,
};
use flow_model::keys::Role;
use flow_model::launcher::{CUDA_VISIBLE_DEVICES, CudaDevices};
use flow_model::plan::{Container, METRICS_PORT, Plan, Workload};
use flow_model::values::{ComposeBlock, GpuCount, GpuShare, Gpus, Logging, Protocol};
use flow_model::{Diagnostic, Diagnostics, Origins, Span, Spanned, pointer_token};
use indexmap::IndexMap;

use crate::block::Parts;
use crate::file::{
    self, Condition, Count, Dependency, Deploy, File, Map, Network as FileNetwork, Service, Volume,
};
use crate::flow_folder::FlowFolder;
use crate::healthcheck::healthcheck;
use crate::network::Network;
use crate::ports::Metrics;
use crate::rules::SERVICE_TWICE;
use crate::text::Text;
use crate::{docker, hosts, labels, ports, secrets, volumes, wiring};

/// Values that all services of a Flow share.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    /// The name of the Flow.
    pub(crate) flow: &'a str,
    pub(crate) network: &'a Network,
    pub(crate) log_level: Option<&'a str>,
    pub(crate) folder: &'a FlowFolder,
}

/// Docker's default time between SIGTERM and SIGKILL, in seconds.
const GRACE: u64 = 10;

/// The label of a service that names the Flow, as a pointer.
const FLOW_LABEL: &str = "labels/io.flowship.flow";

/// The time that a process needs to end after its last call, in seconds.
const ENDING: u64 = 5;

/// The file and its origins. Executors are in the order of the Flow, and the gateway is last.
pub(crate) fn file(context: &Context<'_>, diagnostics: &mut Diagnostics) -> (File, Origins) {
    let mut origins = Origins::new();
    origins.insert("", context.plan.span());
    let mut services: Map<Service> = IndexMap::new();
    let mut volumes: Map<Volume> = IndexMap::new();
    let labels = labels::of_flow(context.flow);
    let metrics = metrics(context.plan);
    ports::check(context.plan, &metrics, diagnostics);
    for (_, workload) in context.plan.workloads() {
        let grace = stop_grace_period(context.plan, workload);
        let parts = Parts::of(workload, diagnostics);
        let own = own_settings(workload);
        for container in &workload.containers {
            for (replica, name) in (0..).zip(wiring::services(workload, container)) {
                let replica = (wiring::replicas(container, workload) > 1).then_some(replica);
                let pointer = format!("/services/{}", pointer_token(&name));
                if services.contains_key(&name) {
                    let other = origins.find(&pointer);
                    let message = format!("two services would be named `{name}`");
                    diagnostics.push(
                        Diagnostic::new(&SERVICE_TWICE, message)
                            .at(workload.span, "this Executor")
                            .at(other, "the other one")
                            .help("rename one of them"),
                    );
                    break;
                }
                let mut origins = ServiceOrigins { pointer, origins: &mut origins };
                origins.origins.insert(origins.pointer.clone(), workload.span);
                let mounts = volumes::mounts(workload, container);
                for (index, mount) in mounts.iter().enumerate() {
                    origins.insert(format_args!("volumes/{index}"), mount.span);
                    if mount.is_named() {
                        let volume = Volume { labels: labels.clone() };
                        if volumes.insert(mount.source.clone(), volume).is_none() {
                            let pointer = format!("/volumes/{}", pointer_token(&mount.source));
                            origins.origins.insert(pointer, mount.span);
                        }
                    }
                }
                let metrics = metrics.get(&name);
                let mut service =
                    service(context, workload, container, replica, metrics, &mut origins);
                service.volumes = mounts.iter().map(|mount| mount.text(context.folder)).collect();
                if let Some((period, span)) = &grace {
                    origins.insert("stop_grace_period", *span);
                    service.stop_grace_period = Some(period.clone());
                }
                if container.role == workload.role {
                    docker::write(workload, &mut service, |part, span| origins.insert(part, span));
                }
                merge(&parts, container, context.folder, &mut service, &mut origins);
                if container.role == workload.role {
                    docker::labels(workload, &mut service, |part, span| origins.insert(part, span));
                }
                settle(&own, &mut service, &mut origins);
                if replica.is_none_or(|replica| replica == 0) {
                    check_process(workload, &service, &origins, diagnostics);
                }
                services.insert(name, service);
            }
        }
    }
    let flow = context.plan.name.as_ref().and_then(|name| name.span);
    let network_name = context.network.as_str();
    origins.insert(format!("/networks/{}/labels", pointer_token(network_name)), flow);
    let network = FileNetwork { driver: "bridge", labels };
    let networks = IndexMap::from([(network_name.to_owned(), network)]);
    (File { services, networks, volumes }, origins)
}

/// The origins of one service.
struct ServiceOrigins<'a> {
    /// The pointer to the service in the file.
    pointer: String,
    /// The origins of the file.
    origins: &'a mut Origins,
}

impl ServiceOrigins<'_> {
    /// Sets the origin of a part of the service, as [`Origins::insert`] does.
    fn insert(&mut self, part: impl Display, span: Option<Span>) {
        self.origins.insert_in(&self.pointer, part, span);
    }

    /// The origin of a part of the service.
    fn find(&self, part: impl Display) -> Option<Span> {
        self.origins.find(&format!("{}/{part}", self.pointer))
    }
}

/// Reports arguments and variables that are too large for Linux to start the process.
fn check_process(
    workload: &Workload,
    service: &Service,
    origins: &ServiceOrigins<'_>,
    diagnostics: &mut Diagnostics,
) {
    let owner = &workload.name;
    let mut lengths = Vec::new();
    let mut flag = "entrypoint";
    for (list, words) in [("entrypoint", &service.entrypoint), ("command", &service.command)] {
        for (index, word) in words.iter().map(Text::value).enumerate() {
            if word.starts_with("--") {
                flag = word.split('=').next().unwrap_or(word);
            }
            let span = origins.find(format_args!("{list}/{index}"));
            diagnostics.extend(check_argument(owner, flag, word.len(), span));
            lengths.push(word.len());
        }
    }
    for (name, text) in &service.environment {
        let bytes = text.value().len();
        let span = origins.find(format_args!("environment/{}", pointer_token(name)));
        diagnostics.extend(check_variable(owner, name, bytes, span));
        lengths.push(variable_length(name, bytes));
    }
    diagnostics.extend(check_total(owner, lengths, workload.span));
}

/// The port of each service's metrics.
fn metrics(plan: &Plan) -> BTreeMap<String, Metrics> {
    let mut metrics = ports::metrics(plan.gateway.iter());
    for executor in &plan.executors {
        metrics.extend(ports::metrics(executor.placement.workloads()));
    }
    metrics
}

/// The stop timeout of a process, with its place in the source: the longest call, if the Flow
/// limits calls and this takes longer than Docker's default.
fn stop_grace_period(plan: &Plan, workload: &Workload) -> Option<(Text, Option<Span>)> {
    let call = plan.longest_call(workload)?;
    let longest = call.value.div_ceil(1000).saturating_add(ENDING);
    (longest > GRACE).then(|| (Text::literal(format!("{longest}s")), call.span))
}

fn service(
    context: &Context<'_>,
    workload: &Workload,
    container: &Container,
    replica: Option<u32>,
    metrics: Option<&Metrics>,
    origins: &mut ServiceOrigins<'_>,
) -> Service {
    let listening = ports::listening(workload, container);
    let first = *listening.first().expect("every container serves one protocol at least");
    let mut published = Vec::new();
    if container.role == Role::Gateway {
        published.extend(&listening);
    }
    // A port of the machine that is free, because several replicas cannot have the same.
    let exposed = workload.expose.filter(|expose| expose.value);
    let exposed = exposed.filter(|_| matches!(container.role, Role::Head | Role::Worker));
    let exposed = exposed.map(|expose| Spanned { value: first.value, span: expose.span });
    published.extend(metrics.filter(|metrics| metrics.is_published).map(|metrics| {
        let span = metrics.port.span.or(workload.monitoring.span);
        Spanned { span, ..metrics.port }
    }));
    let address = own_settings(workload).host_ip;
    for (index, port) in published.iter().chain(&exposed).enumerate() {
        origins.insert(format_args!("ports/{index}"), port.span);
        origins.insert(format_args!("ports/{index}"), address.and_then(|address| address.span));
    }
    let published = published.into_iter().map(|port| (port.value.to_string(), port.value));
    let published = published.chain(exposed.map(|port| (String::new(), port.value)));
    let published = published.map(|(number, inside)| {
        Text::literal(match address {
            Some(address) => format!("{}:{number}:{inside}", in_port(address.value)),
            None if number.is_empty() => inside.to_string(),
            None => format!("{number}:{inside}"),
        })
    });
    let dependency = || Dependency { condition: Condition::ServiceHealthy };
    let called = wiring::called(context.plan, container).into_iter();
    let monitoring = metrics.map_or(METRICS_PORT.into(), |metrics| metrics.port);
    let words = wiring::service_arguments(context.plan, container, replica, listening, monitoring);
    for (index, word) in words.iter().enumerate() {
        if !word.origins.is_empty() {
            let pointer = format!("{}/command/{index}", origins.pointer);
            origins.origins.insert_all(pointer, &word.origins);
        }
    }
    let environment = environment(context, workload);
    environment_origins(workload, origins);
    let extra_hosts = extra_hosts(workload, &words, origins);
    origins.insert("image", container.image.span);
    origins.insert("entrypoint", container.entrypoint.as_ref().and_then(|words| words.span));
    origins.insert("healthcheck/test", first.span);
    origins.insert("healthcheck/start_period", workload.timeout_ready.span);
    let entrypoint = match &container.entrypoint {
        Some(words) => words.words().iter().map(Text::literal).collect(),
        None => vec![Text::literal("jina")],
    };
    // As Jina's launcher does, anew in each shard. The container sees no other GPU.
    let dealt = dealt_gpus(workload).filter(|_| container.role == Role::Worker);
    let dealt = dealt.and_then(|devices| {
        let turn = usize::try_from(replica.unwrap_or_default()).ok()?;
        devices.get(turn % devices.len()).map(|device| Deploy::gpu(device))
    });
    let shared = workload.resources.gpus.filter(|gpus| gpus.value == GpuShare::Shared);
    let one = GpuCount::new(1).map(Gpus::Count);
    let shared = shared.zip(one).map(|(share, one)| Spanned { value: one, span: share.span });
    let gpus = workload.gpus.or(shared).filter(|_| container.role == Role::Worker);
    let count = gpus.map(|gpus| match gpus.value {
        Gpus::Count(count) => Count::Number(count.get()),
        Gpus::All => Count::Word("all"),
    });
    let chosen = workload.env.get(CUDA_VISIBLE_DEVICES).filter(|_| dealt.is_some());
    let chosen = chosen.and_then(|devices| devices.span);
    origins.insert("deploy", chosen.or_else(|| gpus.and_then(|gpus| gpus.span)));
    origins.insert(FLOW_LABEL, context.plan.name.as_ref().and_then(|name| name.span));
    let mut labels = labels::of_flow(context.flow);
    labels.insert(labels::ROLE.to_owned(), Text::literal(role(container.role)));
    Service {
        image: Text::literal(container.image.value.to_string()),
        entrypoint,
        command: words.into_iter().map(|word| Text::Literal(word.text)).collect(),
        ports: published.collect(),
        environment,
        healthcheck: healthcheck(first.value, workload.timeout_ready.value),
        depends_on: called.map(|service| (service, dependency())).collect(),
        deploy: dealt.or_else(|| count.map(Deploy::gpus)),
        volumes: Vec::new(),
        networks: vec![context.network.as_str().to_owned()],
        extra_hosts,
        // A crashed process is restarted. One that cannot start fails after three attempts, so that
        // nobody waits for it forever.
        restart: Text::literal("on-failure:3"),
        logging: None,
        stop_grace_period: None,
        cpus: None,
        mem_limit: None,
        mem_reservation: None,
        shm_size: None,
        docker: IndexMap::new(),
        labels,
    }
}

/// Adds the parts of a workload's blocks to a service. Those of containers are for the one that does
/// the work.
fn merge(
    parts: &Parts,
    container: &Container,
    folder: &FlowFolder,
    service: &mut Service,
    origins: &mut ServiceOrigins<'_>,
) {
    for (name, label) in &parts.labels {
        if !service.labels.contains_key(name) {
            origins.insert(format_args!("labels/{}", pointer_token(name)), label.span);
            service.labels.insert(name.clone(), Text::literal(label.value.as_str()));
        }
    }
    if let Some(grace) = &parts.grace {
        origins.insert("stop_grace_period", grace.span);
        service.stop_grace_period = Some(Text::literal(format!("{}s", grace.value)));
    }
    if matches!(container.role, Role::UsesBefore | Role::UsesAfter) {
        return;
    }
    for (path, file) in &parts.files {
        origins.insert(format_args!("volumes/{}", service.volumes.len()), file.span);
        let source = match file.value.as_str() {
            path if path.starts_with(['/', '.']) => path.to_owned(),
            path => format!("./{path}"),
        };
        service.volumes.push(Text::literal(format!("{}:{path}:ro", folder.path(&source))));
    }
    if let Some(cpus) = parts.cpus {
        origins.insert("cpus", cpus.span);
        service.cpus = Some(cpus.value);
        // Docker takes only one of both.
        service.docker.retain(|name, _| !["cpu_quota", "cpu_period"].contains(name));
    }
    if parts.memory.is_some() {
        service.docker.shift_remove("memswap_limit");
    }
    for (name, part, field) in [
        ("mem_limit", &parts.memory, &mut service.mem_limit),
        ("mem_reservation", &parts.reserved_memory, &mut service.mem_reservation),
        ("shm_size", &parts.shared_memory, &mut service.shm_size),
    ] {
        if let Some(part) = part {
            origins.insert(name, part.span);
            *field = Some(Text::literal(part.value.as_str()));
        }
    }
}

/// What blocks `compose` set for the services of a workload.
fn own_settings(workload: &Workload) -> ComposeBlock {
    let blocks = workload.compose.iter().rev();
    blocks.fold(ComposeBlock::default(), |later, block| later.or(&block.value))
}

/// Writes what blocks `compose` set.
fn settle(own: &ComposeBlock, service: &mut Service, origins: &mut ServiceOrigins<'_>) {
    if let Some(restart) = &own.restart {
        origins.insert("restart", restart.span);
        service.restart = Text::literal(restart.value.to_string());
    }
    if let Some(Spanned { value: Logging { driver, options }, span }) = &own.logging {
        origins.insert("logging", *span);
        origins.insert("logging/driver", driver.as_ref().and_then(|driver| driver.span));
        for (name, option) in options {
            origins.insert(format_args!("logging/options/{}", pointer_token(name)), option.span);
        }
        let options = options.iter();
        let options =
            options.map(|(name, option)| (name.clone(), Text::literal(option.value.as_str())));
        service.logging = Some(file::Logging {
            driver: driver.as_ref().map(|driver| Text::literal(driver.as_str())),
            options: options.collect(),
        });
    }
}

/// The role of a process as the value of its label.
fn role(role: Role) -> &'static str {
    match role {
        Role::Gateway => "gateway",
        Role::Head => "head",
        Role::Worker => "worker",
        Role::UsesBefore => "uses-before",
        Role::UsesAfter => "uses-after",
    }
}

/// The variables of a container. Values of the Flow win, and its secrets win over them.
fn environment(context: &Context<'_>, workload: &Workload) -> Map<Text> {
    let mut variables = IndexMap::from([("PYTHONUNBUFFERED".to_owned(), Text::literal("1"))]);
    if let Some(level) = context.log_level {
        variables.insert("JINA_LOG_LEVEL".to_owned(), Text::literal(level));
    }
    let is_dealt = dealt_gpus(workload).is_some();
    let env = workload.env.iter();
    for (name, text) in env.filter(|(name, _)| !is_dealt || *name != CUDA_VISIBLE_DEVICES) {
        variables.insert(name.clone(), Text::literal(text.value.as_str()));
    }
    for (name, secret) in workload.env_from_secret.iter() {
        variables.insert(name.clone(), secrets::reference(secret));
    }
    variables
}

/// The GPUs that a Flow deals out to the replicas of a workload, at least one.
fn dealt_gpus(workload: &Workload) -> Option<Vec<String>> {
    match CudaDevices::parse(&workload.env.get(CUDA_VISIBLE_DEVICES)?.value) {
        CudaDevices::RoundRobin(devices) => devices,
        _ => None,
    }
}

fn environment_origins(workload: &Workload, origins: &mut ServiceOrigins<'_>) {
    let is_dealt = dealt_gpus(workload).is_some();
    let variables = workload.env.iter().map(|(name, text)| (name, text.span));
    let variables = variables.filter(|(name, _)| !is_dealt || *name != CUDA_VISIBLE_DEVICES);
    let secrets = workload.env_from_secret.iter().map(|(name, secret)| (name, secret.span));
    for (name, span) in variables.chain(secrets) {
        origins.insert(format_args!("environment/{}", pointer_token(name)), span);
    }
}

/// The `extra_hosts` of a service whose arguments or variables name the machine.
fn extra_hosts(
    workload: &Workload,
    words: &[Argument],
    origins: &mut ServiceOrigins<'_>,
) -> Vec<Text> {
    let mut words = words.iter().map(|word| (&word.text, word.origins.first().copied()));
    let mut variables = workload.env.values().map(|text| (&text.value, text.span));
    let needs = |(text, _): &(&String, _)| hosts::needs_machine(text);
    let Some((_, span)) = words.find(needs).or_else(|| variables.find(needs)) else {
        return Vec::new();
    };
    origins.insert("extra_hosts", span);
    vec![hosts::machine()]
}

/// An address as it is written before a port.
fn in_port(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The URLs of the gateway for clients on the same machine.
pub(crate) fn published(plan: &Plan) -> Vec<String> {
    let Some(gateway) = &plan.gateway else { return Vec::new() };
    let address = own_settings(gateway).host_ip.map(|address| address.value);
    let host = match address {
        None | Some(IpAddr::V4(Ipv4Addr::LOCALHOST | Ipv4Addr::UNSPECIFIED)) => {
            "localhost".to_owned()
        }
        Some(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => in_port(Ipv6Addr::LOCALHOST.into()),
        Some(address) => in_port(address),
    };
    let main = gateway.main();
    let schemes = main.protocols.iter().map(|protocol| match (protocol, main.tls) {
        (Protocol::Grpc, false) => "grpc",
        (Protocol::Grpc, true) => "grpcs",
        (Protocol::Http, false) => "http",
        (Protocol::Http, true) => "https",
        (Protocol::WebSocket, false) => "ws",
        (Protocol::WebSocket, true) => "wss",
    });
    let ports = ports::published(gateway).into_iter();
    schemes.zip(ports).map(|(scheme, port)| format!("{scheme}://{host}:{}", port.value)).collect()
}
