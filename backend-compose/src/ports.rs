//! Where processes listen, and what of it this machine's clients can dial.

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Settings, Workload};
use flow_model::{Diagnostic, Diagnostics, Span};

use crate::rules::{IDLE_REPLICAS, INSIDE_PORT, ONE_GATEWAY, PUBLISHED_TWICE};

/// Where everything but the gateway listens, as in `jina export docker-compose`. Each container
/// has an address of its own, so all can have one port.
pub(crate) const INSIDE: u16 = 8081;

/// Where clients find the Flow, one port a protocol, unless it says where.
const PUBLISHED: u16 = 8080;

/// Where a process offers its metrics.
pub(crate) const MONITORING: u16 = 9090;

/// What clients call: the gateway, or the only Executor of a Deployment by itself.
pub(crate) fn door(plan: &Plan) -> Option<&Workload> {
    plan.gateway.as_ref().or_else(|| {
        let mut placements = plan.executors.iter().map(|executor| &executor.placement);
        placements.find_map(|placement| placement.workloads().next())
    })
}

/// The ports that clients dial, one a protocol: those that the Flow chooses, then 8080 and up.
pub(crate) fn published(workload: &Workload) -> Vec<(u16, Option<Span>)> {
    let chosen = workload.ports.iter().map(|port| (port.value, port.span));
    let protocols = workload.main().protocols.len();
    let rest = (PUBLISHED..).skip(workload.ports.len()).map(|port| (port, None));
    chosen.chain(rest).take(protocols).collect()
}

/// The ports that a container listens on, one a protocol. The gateway listens where it is
/// published.
pub(crate) fn listening(workload: &Workload, container: &Container) -> Vec<u16> {
    if container.role == Role::Gateway {
        return published(workload).into_iter().map(|(port, _)| port).collect();
    }
    (INSIDE..).zip(&container.protocols).map(|(port, _)| port).collect()
}

/// Reports ports that cannot be had.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let Some(door) = door(plan) else { return };
    let mut ports = published(door);
    if door.monitoring.value {
        ports.push((MONITORING, None));
    }
    for (index, (port, span)) in ports.iter().enumerate() {
        let Some((_, other)) = ports[..index].iter().find(|(other, _)| other == port) else {
            continue;
        };
        let message = format!("port {port} would be published twice");
        diagnostics.push(
            Diagnostic::new(&PUBLISHED_TWICE, message)
                .at(span.or(*other).or(door.span), "expected a number that nothing else has"),
        );
    }
    if door.replicas.value.get() > 1 {
        let span = door.replicas.span;
        diagnostics.push(if door.role == Role::Gateway {
            Diagnostic::new(
                &ONE_GATEWAY,
                "one gateway runs on Docker Compose, whatever `replicas` says",
            )
            .at(span, "its ports can be published once")
        } else {
            Diagnostic::new(
                &IDLE_REPLICAS,
                format!("the first replica of `{}` takes all calls", door.name),
            )
            .at(span, "the others stand idle")
            .help("write a Flow: its gateway spreads calls over the replicas")
        });
    }
    for executor in plan.executors.iter().filter(|_| plan.gateway.is_some()) {
        let Some(workload) = executor.placement.workloads().next() else { continue };
        let Settings::Executor(settings) = &workload.main().settings else { continue };
        if let Some(ports) = &settings.port {
            let message = format!("nobody dials the port of `{}`", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&INSIDE_PORT, message)
                    .at(ports.span, "its containers listen on 8081 in the network of the Flow"),
            );
        }
    }
}
