//! Where processes listen.

use flow_model::plan::{Container, Workload};
use flow_model::{Diagnostic, Diagnostics, Span};

use crate::rules::PUBLISHED_TWICE;

/// Where everything but the gateway listens, as in `jina export docker-compose`. Each container
/// has an address of its own, so all can have one port.
pub(crate) const INSIDE: u16 = 8081;

/// Where the gateway listens and is published, one port a protocol, unless the Flow says where.
const GATEWAY: u16 = 8080;

/// Where a process offers its metrics.
pub(crate) const MONITORING: u16 = 9090;

/// The ports of the gateway, one a protocol: those that the Flow chooses, then 8080 and up.
pub(crate) fn gateway(workload: &Workload) -> Vec<(u16, Option<Span>)> {
    let chosen = workload.ports.0.iter().map(|port| (port.value, port.span));
    let protocols = workload.main().protocols.len();
    let rest = (GATEWAY..).skip(workload.ports.0.len()).map(|port| (port, None));
    chosen.chain(rest).take(protocols).collect()
}

/// Reports two protocols of the gateway on one port.
pub(crate) fn check(workload: &Workload, diagnostics: &mut Diagnostics) {
    let ports = gateway(workload);
    for (index, (port, _)) in ports.iter().enumerate() {
        let Some((_, other)) = ports[..index].iter().find(|(other, _)| other == port) else {
            continue;
        };
        let span = ports[index].1.or(*other).or(workload.span);
        diagnostics.push(
            Diagnostic::new(
                &PUBLISHED_TWICE,
                format!("two protocols of the gateway have port {port}"),
            )
            .at(span, "expected a number that no other protocol has"),
        );
    }
}

/// The ports that a container listens on.
pub(crate) fn inside(container: &Container) -> Vec<u16> {
    container.protocols.iter().map(|_| INSIDE).collect()
}
