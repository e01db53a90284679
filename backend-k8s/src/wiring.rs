//! Addresses inside the cluster, and options that the mesh adds to a process.

use flow_model::arguments::{self, Argument, Wiring};
use flow_model::keys::Role;
use flow_model::plan::{Address, Callee, Container, Part, Workload, dns_label};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::expansion;
use crate::mesh::{MeshFlow, Policy, Retries, ServiceMesh, ServicePlan};
use crate::ports;
use crate::rules::OWN_GRPC_OPTION;

/// The Service that callers of a workload dial.
pub(crate) fn dialled_service(workload: &Workload, mesh: &dyn ServiceMesh) -> String {
    let name = dns_label(&workload.name);
    match mesh.service_plan(workload) {
        ServicePlan::ClusterIp => name,
        ServicePlan::ClusterIpAndHeadless => headless(&name),
    }
}

/// The name of the Service that has the address of every Pod.
pub(crate) fn headless(name: &str) -> String {
    format!("{name}-headless")
}

/// The arguments of a container, escaped for the kubelet's expansion. `namespace` is the place
/// where the namespace is set.
pub(crate) fn container_arguments(
    flow: &MeshFlow<'_>,
    namespace: Option<Span>,
    container: &Container,
    mesh: &dyn ServiceMesh,
) -> Vec<Argument> {
    let addresses = |callee: Callee| vec![address(flow, callee, mesh)];
    let mut options = mesh.runtime_options(container);
    options.retries = retries(flow.policy, container);
    let wiring = Wiring {
        namespace: Some(Spanned { value: flow.namespace.as_str(), span: namespace }),
        replica: None,
        ports: ports::serving_ports(container).into_iter().map(|(port, _)| port.into()).collect(),
        monitoring_port: ports::monitoring(container.role).into(),
        addresses: &addresses,
        options,
    };
    let mut words = arguments::words(flow.plan, container, &wiring);
    for word in &mut words {
        word.text = expansion::escape(&word.text);
    }
    words
}

/// The value of `--retries` if Jina does not retry: 0 for the gateway and heads, unset for all
/// others.
pub(crate) fn retries(policy: &Policy, container: &Container) -> Option<u32> {
    let calls = matches!(container.role, Role::Gateway | Role::Head);
    (calls && policy.retries != Retries::Jina).then_some(0)
}

fn address(flow: &MeshFlow<'_>, callee: Callee, mesh: &dyn ServiceMesh) -> Address {
    let local = |port| Address { host: "127.0.0.1".to_owned(), port, tls: false };
    match callee.part {
        Part::UsesBefore => return local(ports::USES_BEFORE),
        Part::UsesAfter => return local(ports::USES_AFTER),
        Part::Entry | Part::Shard(_) => {}
    }
    let (workload, _) = flow.plan.find(callee).expect("a Plan calls what is part of it");
    let service = dialled_service(workload, mesh);
    Address { host: format!("{service}.{}.svc", flow.namespace), port: ports::entry(), tls: false }
}

/// Reports options of the Flow that replace what the mesh needs.
pub(crate) fn check_options(
    container: &Container,
    mesh: &dyn ServiceMesh,
    diagnostics: &mut Diagnostics,
) {
    let needed = mesh.runtime_options(container);
    let own = container.settings.grpc_options();
    for (own, span, needed) in [
        (own.channel, own.channel_span, &needed.channel_options),
        (own.server, own.server_span, &needed.server_options),
    ] {
        let Some(own) = own else { continue };
        for (option, value) in needed {
            if own.get(option).is_none_or(|written| written == value) {
                continue;
            }
            let title = mesh.identity().title;
            let message = format!("`{option}` of the Flow replaces the value that {title} needs");
            diagnostics.push(
                Diagnostic::new(&OWN_GRPC_OPTION, message)
                    .at(span, "this value wins")
                    .note(format!("without it, the value would be {value}")),
            );
        }
    }
}
