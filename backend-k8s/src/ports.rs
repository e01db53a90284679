//! The ports of containers and Services.

use flow_model::keys::Role;
use flow_model::plan::{Container, Workload};
use flow_model::values::Protocol;
use flow_model::{Diagnostic, Diagnostics, Span};

use crate::mesh::{PortUse, ServicePort};
use crate::rules::SERVICE_PORT_TWICE;

/// Where Jina's processes listen, as in every export of Jina: 8080 and up, one port a protocol.
const FIRST: u16 = 8080;

/// uses-before and uses-after share the Pod of the head, so they listen elsewhere.
pub(crate) const USES_BEFORE: u16 = 8078;
pub(crate) const USES_AFTER: u16 = 8079;

/// Where a process offers its metrics.
pub(crate) const MONITORING: u16 = 9090;

/// The ports that a container listens on, one a protocol.
pub(crate) fn container_ports(container: &Container) -> Vec<(u16, PortUse)> {
    let first = match container.role {
        Role::UsesBefore => USES_BEFORE,
        Role::UsesAfter => USES_AFTER,
        Role::Gateway | Role::Head | Role::Worker => FIRST,
    };
    (first..).zip(container.protocols.iter().map(|protocol| port_use(*protocol))).collect()
}

/// The port that callers inside the Flow dial.
pub(crate) const fn entry() -> u16 {
    FIRST
}

/// A port of a Service, its target, and where it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfferedPort {
    pub(crate) port: ServicePort,
    pub(crate) target: u16,
    pub(crate) span: Option<Span>,
}

/// The ports of the Service of a workload: those of its main container, and those that the user
/// chose, with the same targets.
pub(crate) fn service_ports(
    workload: &Workload,
    diagnostics: &mut Diagnostics,
) -> Vec<OfferedPort> {
    let listening = container_ports(workload.main());
    let mut offered: Vec<OfferedPort> = listening
        .iter()
        .map(|&(number, usage)| OfferedPort {
            port: ServicePort { usage, number, chosen: false },
            target: number,
            span: None,
        })
        .collect();
    for (chosen, &(target, usage)) in workload.ports.0.iter().zip(&listening) {
        let number = chosen.value;
        match offered.iter().find(|other| other.port.number == number) {
            None => offered.push(OfferedPort {
                port: ServicePort { usage, number, chosen: true },
                target,
                span: chosen.span,
            }),
            Some(same) if same.target == target => {}
            Some(other) => {
                let message = format!(
                    "port {number} of `{}` belongs to {} already",
                    workload.deployment,
                    other.port.usage.word()
                );
                diagnostics.push(
                    Diagnostic::new(&SERVICE_PORT_TWICE, message)
                        .at(chosen.span, "expected a number that no other protocol has")
                        .note(
                            "processes listen on 8080 and up, and the Service offers these ports",
                        ),
                );
            }
        }
    }
    offered
}

fn port_use(protocol: Protocol) -> PortUse {
    match protocol {
        Protocol::Grpc => PortUse::Grpc,
        Protocol::Http => PortUse::Http,
        Protocol::WebSocket => PortUse::WebSocket,
    }
}
