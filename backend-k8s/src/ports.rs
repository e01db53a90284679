//! The ports of containers and Services.

use flow_model::keys::Role;
use flow_model::plan::{Container, METRICS_PORT, Workload};
use flow_model::values::Protocol;
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::mesh::{PortUse, ServicePort};
use crate::rules::SERVICE_PORT_TWICE;

/// The first port that Jina's processes listen on, as in every export of Jina: 8080 and up, one
/// port per protocol.
const FIRST: u16 = 8080;

/// The port of uses-before, which shares the Pod of the head and therefore needs another port.
pub(crate) const USES_BEFORE: u16 = 8078;
pub(crate) const USES_AFTER: u16 = 8079;

/// The port on which a process of this role serves metrics. uses-before and uses-after share the
/// Pod of the head, so they need other ports; Jina gives all three the same port, and two of them
/// then exit at once.
pub(crate) const fn monitoring(role: Role) -> u16 {
    match role {
        Role::Gateway | Role::Head | Role::Worker => METRICS_PORT,
        Role::UsesBefore => METRICS_PORT + 1,
        Role::UsesAfter => METRICS_PORT + 2,
    }
}

/// The ports that a container serves on, one per protocol.
pub(crate) fn serving_ports(container: &Container) -> Vec<(u16, PortUse)> {
    let first = match container.role {
        Role::UsesBefore => USES_BEFORE,
        Role::UsesAfter => USES_AFTER,
        Role::Gateway | Role::Head | Role::Worker => FIRST,
    };
    let uses = container.protocols.iter().map(|protocol| port_use(*protocol, container.tls));
    (first..).zip(uses).collect()
}

/// The ports that a container listens on: those that it serves on, and that of its metrics.
pub(crate) fn container_ports(workload: &Workload, container: &Container) -> Vec<(u16, PortUse)> {
    let mut ports = serving_ports(container);
    if workload.monitoring.value {
        ports.push((monitoring(container.role), PortUse::Metrics));
    }
    ports
}

/// The port that callers inside the Flow dial.
pub(crate) const fn entry() -> u16 {
    FIRST
}

/// A port of a Service, its target, and its place in the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfferedPort {
    pub(crate) port: ServicePort,
    pub(crate) target: u16,
    pub(crate) span: Option<Span>,
}

/// The ports of the Service of a workload: those that the user chose, those of its main container
/// with the same targets where their numbers are free, and those of metrics.
pub(crate) fn service_ports(
    workload: &Workload,
    diagnostics: &mut Diagnostics,
) -> Vec<OfferedPort> {
    let listening = serving_ports(workload.main());
    let chosen = workload.ports.iter().zip(&listening).map(|(chosen, &(target, usage))| {
        let is_chosen = chosen.value != target;
        let port = ServicePort { usage, number: chosen.value, chosen: is_chosen };
        OfferedPort { port, target, span: chosen.span }
    });
    let chosen: Vec<OfferedPort> = chosen.collect();
    check_chosen(workload, &listening, diagnostics);
    let is_free = |number| chosen.iter().all(|other| other.port.number != number);
    let mut offered: Vec<OfferedPort> = listening
        .iter()
        .filter(|(number, _)| is_free(*number))
        .map(|&(number, usage)| OfferedPort {
            port: ServicePort { usage, number, chosen: false },
            target: number,
            span: workload.main().protocol_span(),
        })
        .collect();
    offered.extend(chosen);
    // The first port is the default one.
    offered.sort_by_key(|offered| (offered.port.chosen, offered.target));
    let metrics = workload.containers.iter().filter(|_| workload.monitoring.value);
    for container in metrics {
        let number = monitoring(container.role);
        if let Some(other) = offered.iter().find(|other| other.port.number == number) {
            let is_hidden = other.span.is_some_and(|span| span.substituted);
            let shown = if is_hidden { "a port".to_owned() } else { format!("port {number}") };
            let message =
                format!("{shown} of `{}` is already used for metrics", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&SERVICE_PORT_TWICE, message)
                    .at(other.span, "expected another port")
                    .at(workload.monitoring.span, "metrics are offered on it"),
            );
        }
        let port = ServicePort { usage: PortUse::Metrics, number, chosen: false };
        offered.push(OfferedPort { port, target: number, span: workload.monitoring.span });
    }
    offered
}

/// Reports protocols without a port of the Service: a chosen port took the number of a protocol
/// without a chosen port.
fn check_chosen(workload: &Workload, listening: &[(u16, PortUse)], diagnostics: &mut Diagnostics) {
    let chosen = &workload.ports[..workload.ports.len().min(listening.len())];
    let protocols = &workload.main().protocols;
    for (index, (protocol, &(number, _))) in protocols.iter().zip(listening).enumerate() {
        let wanted = chosen.get(index).map_or(number, |port| port.value);
        let mut others = chosen.iter().enumerate().filter(|(other, _)| *other != index);
        // If two chosen ports are the same, the second one is reported.
        let taken = others.find(|(other, port)| {
            port.value == wanted && (index >= chosen.len() || *other < index)
        });
        let Some((other, port)) = taken else { continue };
        let (this, that) = (protocol.word(), protocols[other].word());
        let place = chosen.get(index).unwrap_or(port);
        let is_hidden = chosen.iter().any(Spanned::is_substituted);
        let shown = if is_hidden { "a port".to_owned() } else { format!("port {wanted}") };
        let message = format!("{that} and {this} of `{}` share {shown}", workload.deployment);
        let finding = Diagnostic::new(&SERVICE_PORT_TWICE, message)
            .at(place.span, "expected a port that is not used");
        diagnostics.push(if is_hidden {
            finding
        } else {
            finding.help(format!("write `port: {:?}`", free(chosen, listening)))
        });
    }
}

/// A port for each protocol: the chosen ones where no other has them, then those that are left.
fn free(chosen: &[Spanned<u16>], listening: &[(u16, PortUse)]) -> Vec<u16> {
    let mut ports: Vec<u16> = Vec::new();
    for (index, &(number, _)) in listening.iter().enumerate() {
        let wanted = chosen.get(index).map_or(number, |port| port.value);
        let port = if ports.contains(&wanted) {
            let is_free = |port: &u16| {
                !ports.contains(port) && chosen.iter().all(|other| other.value != *port)
            };
            (FIRST..=u16::MAX).find(is_free)
        } else {
            Some(wanted)
        };
        ports.extend(port);
    }
    ports
}

fn port_use(protocol: Protocol, tls: bool) -> PortUse {
    match protocol {
        _ if tls => PortUse::Tls(protocol),
        Protocol::Grpc => PortUse::Grpc,
        Protocol::Http => PortUse::Http,
        Protocol::WebSocket => PortUse::WebSocket,
    }
}
