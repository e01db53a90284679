//! From a Plan to the services of a Compose file.

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Workload};
use flow_model::values::{Gpus, Protocol};
use flow_model::{Diagnostic, Diagnostics, Origins};
use indexmap::IndexMap;

use crate::file::{
    Condition, Count, Dependency, Deploy, File, Map, Network as FileNetwork, Service, Volume,
};
use crate::healthcheck::healthcheck;
use crate::network::Network;
use crate::rules::SERVICE_TWICE;
use crate::text::Text;
use crate::{ports, secrets, volumes, wiring};

/// What every service of a Flow shares.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) network: &'a Network,
    pub(crate) log_level: Option<&'a str>,
}

/// The file, and where its parts came from. Executors come in the order of the Flow, the gateway
/// last.
pub(crate) fn file(context: &Context<'_>, diagnostics: &mut Diagnostics) -> (File, Origins) {
    let mut origins = Origins::new();
    let mut services: Map<Service> = IndexMap::new();
    let mut volumes: Map<Volume> = IndexMap::new();
    ports::check(context.plan, diagnostics);
    for (_, workload) in context.plan.workloads() {
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
                volumes.extend(named.map(|mount| (mount.source.clone(), Volume {})));
                origins.insert(format!("{pointer}/volumes"), workload.volumes.span);
                let service = service(context, workload, container, replica, &mounts);
                environment_origins(workload, &pointer, &mut origins);
                services.insert(name, service);
            }
        }
    }
    let networks =
        IndexMap::from([(context.network.as_str().to_owned(), FileNetwork { driver: "bridge" })]);
    (File { services, networks, volumes }, origins)
}

fn service(
    context: &Context<'_>,
    workload: &Workload,
    container: &Container,
    replica: Option<u32>,
    mounts: &[volumes::Mount],
) -> Service {
    let listening = ports::listening(workload, container);
    let first = listening.first().copied().unwrap_or(ports::INSIDE);
    let is_door = ports::door(context.plan).is_some_and(|door| door.name == workload.name)
        && container.role == workload.role
        && replica.is_none_or(|replica| replica == 0);
    let mut published = Vec::new();
    if is_door {
        let outside = ports::published(workload).into_iter().map(|(port, _)| port);
        published.extend(outside.zip(listening.iter().copied()));
        if workload.monitoring.value {
            published.push((ports::MONITORING, ports::MONITORING));
        }
    }
    let published = published.iter();
    let published = published.map(|(out, inside)| Text::literal(format!("{out}:{inside}")));
    let dependency = || Dependency { condition: Condition::ServiceHealthy };
    let called = wiring::called(context.plan, container).into_iter();
    let words = wiring::service_arguments(context.plan, container, replica, listening);
    let entrypoint = match &container.entrypoint {
        Some(words) => words.words().iter().map(Text::literal).collect(),
        None => vec![Text::literal("jina")],
    };
    let gpus = workload.gpus.filter(|_| container.role == Role::Worker);
    let count = gpus.map(|gpus| match gpus.value {
        Gpus::Count(count) => Count::Number(count.get()),
        Gpus::All => Count::Word("all"),
    });
    Service {
        image: Text::literal(container.image.value.to_string()),
        entrypoint,
        command: words.into_iter().map(Text::Literal).collect(),
        ports: published.collect(),
        environment: environment(context, workload),
        healthcheck: healthcheck(first, workload.timeout_ready.value),
        depends_on: called.map(|service| (service, dependency())).collect(),
        deploy: count.map(Deploy::gpus),
        volumes: mounts.iter().map(volumes::Mount::text).collect(),
        networks: vec![context.network.as_str().to_owned()],
        // A process that dies comes back. One that cannot start ends after three attempts, so that
        // whoever waits for it is told, and does not wait for ever.
        restart: Text::literal("on-failure:3"),
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

/// Where clients on the same machine find the Flow.
pub(crate) fn published(plan: &Plan) -> Vec<String> {
    let Some(door) = ports::door(plan) else { return Vec::new() };
    let main = door.main();
    let schemes = main.protocols.iter().map(|protocol| match (protocol, main.tls) {
        (Protocol::Grpc, false) => "grpc",
        (Protocol::Grpc, true) => "grpcs",
        (Protocol::Http, false) => "http",
        (Protocol::Http, true) => "https",
        (Protocol::WebSocket, false) => "ws",
        (Protocol::WebSocket, true) => "wss",
    });
    let ports = ports::published(door).into_iter();
    schemes.zip(ports).map(|(scheme, (port, _))| format!("{scheme}://localhost:{port}")).collect()
}
