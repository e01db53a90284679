//! The ports that processes listen on, and those that are published on this machine.

use std::collections::BTreeMap;

use flow_model::keys::Role;
use flow_model::plan::{Container, METRICS_PORT, Plan, Settings, Workload};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::rules::{INSIDE_PORT, ONE_GATEWAY, PUBLISHED_TWICE};
use crate::wiring;

/// The port of everything but the gateway, as in `jina export docker-compose`. Each container has
/// its own address, so all can use the same port.
pub(crate) const INSIDE: u16 = 8081;

/// The first published port of the gateway if the Flow sets none; one port per protocol.
const PUBLISHED: u16 = 8080;

/// The port of a service's metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Metrics {
    /// The port, and its place in the source if the Flow sets it.
    pub(crate) port: Spanned<u16>,
    /// Whether it is published on this machine, under the same number.
    pub(crate) is_published: bool,
}

/// The published ports of the gateway, one per protocol: those that the Flow sets, then 8080 and
/// up.
pub(crate) fn published(workload: &Workload) -> Vec<Spanned<u16>> {
    let protocols = workload.main().protocols.len();
    let rest = (PUBLISHED..).skip(workload.ports.len()).map(Spanned::unwritten);
    workload.ports.iter().copied().chain(rest).take(protocols).collect()
}

/// The ports that a container listens on, one per protocol. The gateway listens on its published
/// ports.
pub(crate) fn listening(workload: &Workload, container: &Container) -> Vec<Spanned<u16>> {
    if container.role == Role::Gateway {
        return published(workload);
    }
    (INSIDE..).zip(&container.protocols).map(|(port, _)| port.into()).collect()
}

/// The metrics of every service of an Executor, or of the gateway, by its name.
///
/// The ports that the Flow sets are published, one per service, in the order of the file. A port
/// can be published only once, so if no port is left, a service offers its metrics only in the
/// network of the Flow. The gateway's are always published.
pub(crate) fn metrics<'a>(
    workloads: impl Iterator<Item = &'a Workload>,
) -> BTreeMap<String, Metrics> {
    let mut all = BTreeMap::new();
    let mut count = 0;
    for workload in workloads {
        for container in &workload.containers {
            let chosen = match &container.settings {
                Settings::Gateway(keys) => &keys.port_monitoring,
                Settings::Executor(keys) => &keys.port_monitoring,
            };
            let chosen: &[_] = chosen.as_ref().map_or(&[], |ports| &ports.value);
            for service in wiring::services(workload, container) {
                let own = chosen.get(count);
                let port = own.or(chosen.first());
                let is_ours = own.is_some() || container.role == Role::Gateway;
                let metrics = Metrics {
                    port: port.copied().unwrap_or(METRICS_PORT.into()),
                    is_published: is_ours && workload.monitoring.value,
                };
                all.insert(service, metrics);
                count += 1;
            }
        }
    }
    all
}

/// Reports ports that cannot be used.
pub(crate) fn check(
    plan: &Plan,
    metrics: &BTreeMap<String, Metrics>,
    diagnostics: &mut Diagnostics,
) {
    let mut taken: BTreeMap<u16, Option<Span>> = BTreeMap::new();
    let gateway = plan.gateway.iter().flat_map(published);
    let monitoring = metrics.values().filter(|metrics| metrics.is_published);
    let monitoring = monitoring.map(|metrics| metrics.port);
    let door = plan.gateway.as_ref().and_then(|gateway| gateway.span);
    for Spanned { value: port, span } in gateway.chain(monitoring) {
        let Some(other) = taken.insert(port, span) else { continue };
        let is_hidden = [span, other].into_iter().flatten().any(|span| span.substituted);
        let shown = if is_hidden { "a port".to_owned() } else { format!("port {port}") };
        let message = format!("{shown} would be published twice");
        diagnostics.push(
            Diagnostic::new(&PUBLISHED_TWICE, message)
                .at(span.or(other).or(door), "expected a port that is not used")
                .at(other.filter(|_| span.is_some() && span != other), "published here"),
        );
    }
    for (_, workload) in plan.workloads().filter(|(_, workload)| workload.monitoring.value) {
        for container in workload.containers.iter().filter(|one| one.role != Role::Gateway) {
            let listening = listening(workload, container);
            let services = wiring::services(workload, container).into_iter();
            let clash = services
                .filter_map(|service| metrics.get(&service))
                .find(|metrics| listening.contains(&metrics.port));
            let Some(Metrics { port: Spanned { value: port, span }, .. }) = clash else { continue };
            let is_hidden = span.is_some_and(|span| span.substituted);
            let shown = if is_hidden { "this port".to_owned() } else { format!("port {port}") };
            let message = format!("`{}` takes calls on {shown}", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&PUBLISHED_TWICE, message)
                    .at(*span, "expected another port for its metrics"),
            );
        }
    }
    let replicas = plan.gateway.as_ref().map(|gateway| gateway.replicas);
    if let Some(replicas) = replicas.filter(|replicas| replicas.value.get() > 1) {
        diagnostics.push(
            Diagnostic::new(&ONE_GATEWAY, "Docker Compose runs one gateway and ignores `replicas`")
                .at(replicas.span, "each port can be published once"),
        );
    }
}

/// Reports ports of Executors behind the gateway of a Flow, which are not used.
pub(crate) fn check_inside(plan: &Plan, diagnostics: &mut Diagnostics) {
    for executor in &plan.executors {
        let Some(workload) = executor.placement.workloads().next() else { continue };
        let Settings::Executor(settings) = &workload.main().settings else { continue };
        if let Some(ports) = &*settings.port {
            let message = format!("the port of `{}` is not used", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&INSIDE_PORT, message)
                    .at(ports.span, "its containers listen on 8081"),
            );
        }
    }
}
