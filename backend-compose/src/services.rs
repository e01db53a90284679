//! From a Plan to the services of a Compose file.

use std::collections::BTreeMap;

use flow_model::arguments::{check_argument, check_total, check_variable};
use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Workload};
use flow_model::values::{Gpus, Protocol};
use flow_model::{Diagnostic, Diagnostics, Origins};
use indexmap::IndexMap;

use crate::file::{
    Condition, Count, Dependency, Deploy, File, Map, Network as FileNetwork, Service, Volume,
};
use crate::flow_folder::FlowFolder;
use crate::healthcheck::healthcheck;
use crate::network::Network;
use crate::ports::Metrics;
use crate::rules::SERVICE_TWICE;
use crate::text::Text;
use crate::{hosts, labels, ports, secrets, volumes, wiring};

/// What every service of a Flow shares.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    /// The name of the Flow.
    pub(crate) flow: &'a str,
    pub(crate) network: &'a Network,
    pub(crate) log_level: Option<&'a str>,
    pub(crate) folder: &'a FlowFolder,
}

/// How long Docker waits between SIGTERM and SIGKILL where nothing is set, in seconds.
const GRACE: u64 = 10;

/// How long a process takes to end after its last call, in seconds.
const ENDING: u64 = 5;

/// The file, and where its parts came from. Executors come in the order of the Flow, the gateway
/// last.
pub(crate) fn file(context: &Context<'_>, diagnostics: &mut Diagnostics) -> (File, Origins) {
    let mut origins = Origins::new();
    let mut services: Map<Service> = IndexMap::new();
    let mut volumes: Map<Volume> = IndexMap::new();
    let labels = labels::of_flow(context.flow);
    let metrics = metrics(context.plan);
    ports::check(context.plan, &metrics, diagnostics);
    for (_, workload) in context.plan.workloads() {
        let grace = stop_grace_period(context.plan, workload);
        for container in &workload.containers {
            for (replica, name) in (0..).zip(wiring::services(workload, container)) {
                let replica = (wiring::replicas(container, workload) > 1).then_some(replica);
                let pointer = format!("/services/{name}");
                if services.contains_key(&name) {
                    let other = origins.find(&pointer);
                    let message = format!("two services would be called `{name}`");
                    diagnostics.push(
                        Diagnostic::new(&SERVICE_TWICE, message)
                            .at(workload.span, "this Executor")
                            .at(other, "the other one")
                            .help("rename one of them"),
                    );
                    break;
                }
                origins.insert(&pointer, workload.span);
                origins.insert(format!("{pointer}/image"), container.image.span);
                let mounts = volumes::mounts(workload, container);
                let named = mounts.iter().filter(|mount| mount.is_named());
                let named = named.map(|mount| mount.source.clone());
                volumes.extend(named.map(|name| (name, Volume { labels: labels.clone() })));
                origins.insert(format!("{pointer}/volumes"), workload.volumes.span);
                let mut service =
                    service(context, workload, container, replica, metrics.get(&name));
                service.volumes = mounts.iter().map(|mount| mount.text(context.folder)).collect();
                service.stop_grace_period.clone_from(&grace);
                if replica.is_none_or(|replica| replica == 0) {
                    check_process(workload, &service, diagnostics);
                }
                environment_origins(workload, &pointer, &mut origins);
                services.insert(name, service);
            }
        }
    }
    let network = FileNetwork { driver: "bridge", labels };
    let networks = IndexMap::from([(context.network.as_str().to_owned(), network)]);
    (File { services, networks, volumes }, origins)
}

/// Reports arguments and variables with which Linux starts no process.
fn check_process(workload: &Workload, service: &Service, diagnostics: &mut Diagnostics) {
    let owner = &workload.name;
    let mut lengths = Vec::new();
    let mut flag = "entrypoint";
    for word in service.entrypoint.iter().chain(&service.command).map(Text::value) {
        if word.starts_with("--") {
            flag = word.split('=').next().unwrap_or(word);
        }
        diagnostics.extend(check_argument(owner, flag, word.len(), workload.span));
        lengths.push(word.len());
    }
    for (name, text) in &service.environment {
        let bytes = text.value().len();
        let span = workload.env.get(name).and_then(|text| text.span).or(workload.span);
        diagnostics.extend(check_variable(owner, name, bytes, span));
        lengths.push(name.len() + 1 + bytes);
    }
    diagnostics.extend(check_total(owner, lengths, workload.span));
}

/// Where each service offers its metrics.
fn metrics(plan: &Plan) -> BTreeMap<String, Metrics> {
    let mut metrics = ports::metrics(plan.gateway.iter());
    for executor in &plan.executors {
        metrics.extend(ports::metrics(executor.placement.workloads()));
    }
    metrics
}

/// How long a process may take to end: as long as its longest call, where the Flow sets a limit on
/// calls that is longer than what Docker allows anyway.
fn stop_grace_period(plan: &Plan, workload: &Workload) -> Option<Text> {
    let longest = plan.longest_call(workload)?.div_ceil(1000).saturating_add(ENDING);
    (longest > GRACE).then(|| Text::literal(format!("{longest}s")))
}

fn service(
    context: &Context<'_>,
    workload: &Workload,
    container: &Container,
    replica: Option<u32>,
    metrics: Option<&Metrics>,
) -> Service {
    let listening = ports::listening(workload, container);
    let first = listening.first().copied().unwrap_or(ports::INSIDE);
    let mut published = Vec::new();
    if container.role == Role::Gateway {
        published.extend(&listening);
    }
    published.extend(metrics.filter(|metrics| metrics.is_published).map(|metrics| metrics.port));
    let published = published.into_iter().map(|port| Text::literal(format!("{port}:{port}")));
    let dependency = || Dependency { condition: Condition::ServiceHealthy };
    let called = wiring::called(context.plan, container).into_iter();
    let monitoring = metrics.map_or(ports::MONITORING, |metrics| metrics.port);
    let words = wiring::service_arguments(context.plan, container, replica, listening, monitoring);
    let environment = environment(context, workload);
    let texts = words.iter().map(String::as_str);
    let extra_hosts = hosts::extra(texts.chain(workload.env.values().map(|text| &***text)));
    let entrypoint = match &container.entrypoint {
        Some(words) => words.words().iter().map(Text::literal).collect(),
        None => vec![Text::literal("jina")],
    };
    let gpus = workload.gpus.filter(|_| container.role == Role::Worker);
    let count = gpus.map(|gpus| match gpus.value {
        Gpus::Count(count) => Count::Number(count.get()),
        Gpus::All => Count::Word("all"),
    });
    let mut labels = labels::of_flow(context.flow);
    labels.insert(labels::ROLE.to_owned(), Text::literal(role(container.role)));
    Service {
        image: Text::literal(container.image.value.to_string()),
        entrypoint,
        command: words.into_iter().map(Text::Literal).collect(),
        ports: published.collect(),
        environment,
        healthcheck: healthcheck(first, workload.timeout_ready.value),
        depends_on: called.map(|service| (service, dependency())).collect(),
        deploy: count.map(Deploy::gpus),
        volumes: Vec::new(),
        networks: vec![context.network.as_str().to_owned()],
        extra_hosts,
        // A process that dies comes back. One that cannot start ends after three attempts, so that
        // whoever waits for it is told, and does not wait for ever.
        restart: Text::literal("on-failure:3"),
        stop_grace_period: None,
        labels,
    }
}

/// The role of a process as its label says it.
fn role(role: Role) -> &'static str {
    match role {
        Role::Gateway => "gateway",
        Role::Head => "head",
        Role::Worker => "worker",
        Role::UsesBefore => "uses-before",
        Role::UsesAfter => "uses-after",
    }
}

/// The variables of a container. What the Flow says wins, and its secrets win over that.
fn environment(context: &Context<'_>, workload: &Workload) -> Map<Text> {
    let mut variables = IndexMap::from([("PYTHONUNBUFFERED".to_owned(), Text::literal("1"))]);
    if let Some(level) = context.log_level {
        variables.insert("JINA_LOG_LEVEL".to_owned(), Text::literal(level));
    }
    for (name, text) in workload.env.iter() {
        variables.insert(name.clone(), Text::literal(text.value.as_str()));
    }
    for (name, secret) in workload.env_from_secret.iter() {
        variables.insert(name.clone(), secrets::reference(secret));
    }
    variables
}

fn environment_origins(workload: &Workload, pointer: &str, origins: &mut Origins) {
    for (name, text) in workload.env.iter() {
        origins.insert(format!("{pointer}/environment/{name}"), text.span);
    }
    for (name, secret) in workload.env_from_secret.iter() {
        origins.insert(format!("{pointer}/environment/{name}"), secret.span);
    }
}

/// Where clients on the same machine find the gateway.
pub(crate) fn published(plan: &Plan) -> Vec<String> {
    let Some(gateway) = &plan.gateway else { return Vec::new() };
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
    schemes.zip(ports).map(|(scheme, (port, _))| format!("{scheme}://localhost:{port}")).collect()
}
