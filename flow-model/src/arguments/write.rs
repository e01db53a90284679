//! Settings and wiring become arguments.

use serde_json::{Map, Value, json};

use super::list::{ArgumentValue, Arguments, to_json};
use super::wiring::{Address, Wiring};
use crate::keys::Role;
use crate::plan::{Callee, Container, Part, Placement, Plan, Program, Settings};
use crate::span::Spanned;
use crate::values::{JinaGateway, Protocol};

/// The arguments of Jina's command for one container.
///
/// Jina 3.34.0's own parsers read them (`jina executor`, `jina gateway`); a value that equals
/// their default is left out unless the Flow says it.
pub fn arguments(plan: &Plan, container: &Container, wiring: &Wiring<'_>) -> Vec<String> {
    let words = spanned_arguments(plan, container, wiring).into_iter();
    words.map(|word| word.value).collect()
}

/// The same [`arguments`], each with the span of the value of the Flow that it comes from.
pub fn spanned_arguments(
    plan: &Plan,
    container: &Container,
    wiring: &Wiring<'_>,
) -> Vec<Spanned<String>> {
    let subcommand = if container.role == Role::Gateway { "gateway" } else { "executor" };
    let mut arguments = Arguments::new(subcommand);
    if container.role != Role::Gateway {
        let name = match wiring.replica {
            Some(replica) => format!("{}/rep-{replica}", container.name),
            None => container.name.clone(),
        };
        arguments.set("--name", ArgumentValue::word(name));
    }
    if let Some(namespace) = wiring.namespace {
        arguments.set("--k8s-namespace", ArgumentValue::word(namespace));
    }
    match &container.settings {
        Settings::Gateway(settings) => settings.push_flags(container.role, &mut arguments),
        Settings::Executor(settings) => settings.push_flags(container.role, &mut arguments),
    }
    if let Some(shard) = container.shard.filter(|shard| *shard > 0) {
        arguments.set("--shard-id", ArgumentValue::word(shard.to_string()));
    }
    push_program(container, &mut arguments);
    match container.role {
        Role::Gateway => push_graph(plan, container, wiring, &mut arguments),
        Role::Head => push_head(container, wiring, &mut arguments),
        Role::Worker | Role::UsesBefore | Role::UsesAfter => {}
    }
    push_options(container, wiring, &mut arguments);
    push_ports(container, wiring, &mut arguments);
    if container.role != Role::Gateway {
        // Jina's own launcher always says both, and images with an old Jina count on it.
        let has_metas = container.role == Role::Worker
            && matches!(&container.settings, Settings::Executor(s) if s.uses_metas.is_some());
        if !has_metas {
            arguments.set("--uses-metas", ArgumentValue::word("{}"));
        }
        arguments.set("--native", ArgumentValue::Switch(true));
    }
    arguments.into_words()
}

fn push_program(container: &Container, arguments: &mut Arguments) {
    match &container.program {
        Program::BaseExecutor => {}
        Program::Image => arguments.set("--uses", ArgumentValue::word("config.yml")),
        Program::JinaGateway(gateway) => {
            arguments.set("--uses", ArgumentValue::word(gateway.class()));
        }
    }
    if container.role == Role::Head {
        arguments.set("--runtime-cls", ArgumentValue::word("HeadRuntime"));
        arguments.set("--pod-role", ArgumentValue::word("HEAD"));
    }
}

/// The graph, and where each of its nodes is found.
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
    if !graph.description.is_empty() {
        arguments.set("--graph-description", ArgumentValue::word(to_json(&graph.description)));
    }
    if !graph.conditions.is_empty() {
        arguments.set("--graph-conditions", ArgumentValue::word(to_json(&graph.conditions)));
    }
    if !addresses.is_empty() {
        arguments.set("--deployments-addresses", ArgumentValue::json(&addresses));
    }
    if !graph.metadata.is_empty() {
        arguments.set("--deployments-metadata", ArgumentValue::word(to_json(&graph.metadata)));
    }
    if !graph.no_reduce.is_empty() {
        arguments.set("--deployments-no-reduce", ArgumentValue::word(to_json(&graph.no_reduce)));
    }
    let Settings::Gateway(settings) = &container.settings else { return };
    if settings.expose_endpoints.is_none() {
        arguments.set("--expose-endpoints", ArgumentValue::word("{}"));
    }
}

/// The shards, and what runs before and after them.
fn push_head(container: &Container, wiring: &Wiring<'_>, arguments: &mut Arguments) {
    let mut connections = Map::new();
    for callee in &container.dials {
        let addresses = (wiring.addresses)(*callee);
        let mut hosts =
            addresses.iter().map(|address| format!("{}:{}", address.host, address.port));
        match callee.part {
            Part::UsesBefore | Part::UsesAfter => {
                let flag = if callee.part == Part::UsesBefore {
                    "--uses-before-address"
                } else {
                    "--uses-after-address"
                };
                if let Some(host) = hosts.next() {
                    arguments.set(flag, ArgumentValue::word(host));
                }
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
    arguments.set("--connection-list", ArgumentValue::json(&connections));
}

/// What the mesh adds to the Flow's own gRPC options, and who retries.
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

fn push_ports(container: &Container, wiring: &Wiring<'_>, arguments: &mut Arguments) {
    let ports = wiring.ports.iter().map(ToString::to_string).collect();
    arguments.set("--port", ArgumentValue::Words(ports));
    if container.protocols != [Protocol::Grpc] {
        let protocols = container.protocols.iter().map(|protocol| protocol.word().to_owned());
        arguments.set("--protocol", ArgumentValue::Words(protocols.collect()));
    }
    let port = wiring.monitoring_port.to_string();
    arguments.set("--port-monitoring", ArgumentValue::word(port));
}

impl JinaGateway {
    /// The gateway that serves these protocols.
    pub fn for_protocols(protocols: &[Protocol]) -> Self {
        match protocols {
            [Protocol::Grpc] => Self::Grpc,
            [Protocol::Http] => Self::Http,
            [Protocol::WebSocket] => Self::WebSocket,
            _ => Self::Composite,
        }
    }
}
