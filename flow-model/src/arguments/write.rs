//! Converts settings and wiring to arguments.

use serde_json::{Map, Value, json};

use super::list::{Argument, Arguments};
use super::wiring::Wiring;
use crate::keys::Role;
use crate::plan::{Address, Callee, Container, Part, Placement, Plan, Program, Settings};
use crate::span::Span;
use crate::values::{ArgumentValue, Protocol, to_json};

/// The arguments of Jina's command for one container.
///
/// Jina 3.34.0's own parsers read them (`jina executor`, `jina gateway`); a value that equals their
/// default is left out unless the Flow sets it.
pub fn arguments(plan: &Plan, container: &Container, wiring: &Wiring<'_>) -> Vec<String> {
    words(plan, container, wiring).into_iter().map(|word| word.text).collect()
}

/// The same [`arguments`], each with the values of the Flow that it comes from.
pub fn words(plan: &Plan, container: &Container, wiring: &Wiring<'_>) -> Vec<Argument> {
    let keys = Origins::of(container);
    let subcommand = if container.role == Role::Gateway { "gateway" } else { "executor" };
    let mut arguments = Arguments::new(subcommand);
    if container.role != Role::Gateway {
        let name = match wiring.replica {
            Some(replica) => format!("{}/rep-{replica}", container.name),
            None => container.name.clone(),
        };
        let replicas = keys.replicas.filter(|_| wiring.replica.is_some());
        let origins = keys.name.into_iter().chain(replicas);
        arguments.set_at("--name", ArgumentValue::word(name), origins);
    }
    if let Some(namespace) = wiring.namespace {
        let word = ArgumentValue::word(namespace.value);
        arguments.set_at("--k8s-namespace", word, namespace.span);
    }
    let flags = match &container.settings {
        Settings::Gateway(settings) => settings.flags(container.role),
        Settings::Executor(settings) => settings.flags(container.role),
    };
    for (flag, value) in flags {
        arguments.set_at(flag, value.value, value.span);
    }
    if let Some(shard) = container.shard.filter(|shard| *shard > 0) {
        arguments.set_at("--shard-id", ArgumentValue::word(shard.to_string()), keys.shards);
    }
    push_program(container, &keys, &mut arguments);
    match container.role {
        Role::Gateway => push_graph(plan, container, wiring, &mut arguments),
        Role::Head => push_head(container, wiring, &keys, &mut arguments),
        Role::Worker | Role::UsesBefore | Role::UsesAfter => {}
    }
    push_options(container, wiring, &mut arguments);
    push_ports(container, wiring, &keys, &mut arguments);
    if container.role != Role::Gateway {
        // Jina's own launcher always passes both, and images with an old Jina require it.
        let has_metas = container.role == Role::Worker
            && matches!(&container.settings, Settings::Executor(s) if s.uses_metas.is_some());
        if !has_metas {
            arguments.set("--uses-metas", ArgumentValue::word("{}"));
        }
        arguments.set("--native", ArgumentValue::Switch(true));
    }
    arguments.into_words()
}

/// The places of the keys that become part of other arguments.
#[derive(Default)]
struct Origins {
    name: Option<Span>,
    uses: Option<Span>,
    protocol: Option<Span>,
    shards: Option<Span>,
    replicas: Option<Span>,
    uses_before: Option<Span>,
    uses_after: Option<Span>,
}

impl Origins {
    fn of(container: &Container) -> Self {
        match &container.settings {
            Settings::Gateway(keys) => Self {
                uses: keys.uses.as_ref().and_then(|uses| uses.span),
                protocol: container.protocol_span(),
                ..Self::default()
            },
            Settings::Executor(keys) => Self {
                name: keys.name.as_ref().and_then(|name| name.span),
                uses: keys.uses.as_ref().and_then(|uses| uses.span),
                protocol: container.protocol_span(),
                shards: keys.shards.and_then(|shards| shards.span),
                replicas: keys.replicas.and_then(|replicas| replicas.span),
                uses_before: keys.uses_before.as_ref().and_then(|uses| uses.span),
                uses_after: keys.uses_after.as_ref().and_then(|uses| uses.span),
            },
        }
    }
}

fn push_program(container: &Container, keys: &Origins, arguments: &mut Arguments) {
    let uses = match container.role {
        Role::Gateway | Role::Head | Role::Worker => keys.uses,
        Role::UsesBefore => keys.uses_before,
        Role::UsesAfter => keys.uses_after,
    };
    match &container.program {
        Program::BaseExecutor => {}
        Program::Image => arguments.set_at("--uses", ArgumentValue::word("config.yml"), uses),
        Program::JinaGateway(gateway) => {
            // Without `uses`, the protocols decide which gateway runs.
            let word = ArgumentValue::word(gateway.class());
            arguments.set_at("--uses", word, uses.or(keys.protocol));
        }
    }
    if container.role == Role::Head {
        arguments.set_at("--runtime-cls", ArgumentValue::word("HeadRuntime"), keys.shards);
        arguments.set_at("--pod-role", ArgumentValue::word("HEAD"), keys.shards);
    }
}

/// Adds the graph, and the addresses of its nodes.
fn push_graph(plan: &Plan, container: &Container, wiring: &Wiring<'_>, arguments: &mut Arguments) {
    let mut addresses = Map::new();
    for (index, executor) in plan.executors.iter().enumerate() {
        let found = match &executor.placement {
            Placement::External(addresses) => addresses.clone(),
            Placement::Internal { .. } => {
                (wiring.addresses)(Callee { executor: index, part: Part::Entry })
            }
        };
        let texts: Vec<_> = found.iter().map(Address::to_string).collect();
        addresses.insert(executor.name.value.clone(), json!(texts));
    }
    let graph = &plan.graph;
    let origins = &graph.origins;
    let mut set = |flag, is_set: bool, json, origins: &[Span]| {
        if is_set {
            arguments.set_at(flag, ArgumentValue::word(json), origins.iter().copied());
        }
    };
    let description = to_json(&graph.description);
    set("--graph-description", !graph.description.is_empty(), description, &origins.description);
    let conditions = to_json(&graph.conditions);
    set("--graph-conditions", !graph.conditions.is_empty(), conditions, &origins.conditions);
    let json = to_json(&addresses);
    set("--deployments-addresses", !addresses.is_empty(), json, &origins.addresses);
    let metadata = to_json(&graph.metadata);
    set("--deployments-metadata", !graph.metadata.is_empty(), metadata, &origins.metadata);
    let no_reduce = to_json(&graph.no_reduce);
    set("--deployments-no-reduce", !graph.no_reduce.is_empty(), no_reduce, &origins.no_reduce);
    let Settings::Gateway(settings) = &container.settings else { return };
    if settings.expose_endpoints.is_none() {
        arguments.set("--expose-endpoints", ArgumentValue::word("{}"));
    }
}

/// Adds the addresses of the shards, of uses-before and of uses-after.
fn push_head(
    container: &Container,
    wiring: &Wiring<'_>,
    keys: &Origins,
    arguments: &mut Arguments,
) {
    let mut connections = Map::new();
    for callee in &container.dials {
        let addresses = (wiring.addresses)(*callee);
        let mut hosts =
            addresses.iter().map(|address| format!("{}:{}", address.host, address.port));
        match callee.part {
            Part::UsesBefore | Part::UsesAfter => {
                let (flag, origin) = if callee.part == Part::UsesBefore {
                    ("--uses-before-address", keys.uses_before)
                } else {
                    ("--uses-after-address", keys.uses_after)
                };
                let host = hosts.next().expect("what a head calls has an address");
                arguments.set_at(flag, ArgumentValue::word(host), origin);
            }
            Part::Shard(shard) => {
                let hosts: Vec<_> = hosts.collect();
                let value = match hosts.as_slice() {
                    [only] => json!(only),
                    _ => json!(hosts),
                };
                connections.insert(shard.to_string(), value);
            }
            Part::Entry => {}
        }
    }
    arguments.set_at("--connection-list", ArgumentValue::json(&connections), keys.shards);
}

/// Adds the gRPC options of the Flow and of the mesh, and the number of retries.
fn push_options(container: &Container, wiring: &Wiring<'_>, arguments: &mut Arguments) {
    let own = container.settings.grpc_options();
    for (flag, own, added) in [
        ("--grpc-channel-options", own.channel, &wiring.options.channel_options),
        ("--grpc-server-options", own.server, &wiring.options.server_options),
    ] {
        if added.is_empty() {
            continue;
        }
        let mut options: Map<String, Value> = added.clone();
        if let Some(own) = own {
            options.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        arguments.set(flag, ArgumentValue::json(&options));
    }
    if let Some(retries) = wiring.options.retries {
        arguments.set("--retries", ArgumentValue::word(retries.to_string()));
    }
}

fn push_ports(
    container: &Container,
    wiring: &Wiring<'_>,
    keys: &Origins,
    arguments: &mut Arguments,
) {
    let ports = wiring.ports.iter().map(|port| port.value.to_string()).collect();
    let origins = wiring.ports.iter().filter_map(|port| port.span);
    arguments.set_at("--port", ArgumentValue::Words(ports), origins);
    if container.protocols != [Protocol::Grpc] {
        let protocols = container.protocols.iter().map(|protocol| protocol.word().to_owned());
        let words = ArgumentValue::Words(protocols.collect());
        arguments.set_at("--protocol", words, keys.protocol);
    }
    let port = wiring.monitoring_port;
    let word = ArgumentValue::word(port.value.to_string());
    arguments.set_at("--port-monitoring", word, port.span);
}
