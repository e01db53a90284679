//! Names and addresses of services.

use flow_model::Spanned;
use flow_model::arguments::{Argument, RuntimeOptions, Wiring, words};
use flow_model::keys::Role;
use flow_model::plan::{Address, Callee, Container, Plan, Workload, dns_label};

use crate::ports;

/// The services of one container of a workload: one for each replica.
pub(crate) fn services(workload: &Workload, container: &Container) -> Vec<String> {
    let name = match container.role {
        Role::UsesBefore | Role::UsesAfter => dns_label(&container.name),
        Role::Gateway | Role::Head | Role::Worker => dns_label(&workload.name),
    };
    match replicas(container, workload) {
        1 => vec![name],
        replicas => (0..replicas).map(|replica| format!("{name}-rep-{replica}")).collect(),
    }
}

/// The number of services of a container. A gateway is always one service, because each port can be
/// published once.
pub(crate) fn replicas(container: &Container, workload: &Workload) -> u32 {
    if container.role == Role::Worker { workload.replicas.value.get() } else { 1 }
}

/// The services of a callee.
pub(crate) fn callee(plan: &Plan, callee: Callee) -> Vec<String> {
    // An external Executor has no services.
    let found = plan.find(callee);
    found.map(|(workload, container)| services(workload, container)).unwrap_or_default()
}

/// The services that a container calls.
pub(crate) fn called(plan: &Plan, container: &Container) -> Vec<String> {
    container.dials.iter().flat_map(|dialled| callee(plan, *dialled)).collect()
}

/// The arguments of one service.
pub(crate) fn service_arguments(
    plan: &Plan,
    container: &Container,
    replica: Option<u32>,
    ports: Vec<Spanned<u16>>,
    monitoring_port: Spanned<u16>,
) -> Vec<Argument> {
    let addresses = |dialled: Callee| {
        let services = callee(plan, dialled).into_iter();
        services.map(|host| Address { host, port: ports::INSIDE, tls: false }).collect()
    };
    let wiring = Wiring {
        namespace: None,
        replica,
        ports,
        monitoring_port,
        addresses: &addresses,
        options: RuntimeOptions::default(),
    };
    words(plan, container, &wiring)
}
