//! Host names that mean something else in a container.

use std::collections::BTreeMap;

use flow_model::plan::{Placement, Plan};
use flow_model::{Diagnostic, Diagnostics};

use crate::rules::{RESERVED_HOST, SHADOWED_HOST};
use crate::text::Text;
use crate::wiring;

/// The names that Docker writes into `/etc/hosts` of every container, which win over the names of
/// services.
const RESERVED: &[&str] = &[
    "localhost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
];

/// The machine that containers run on. Docker Desktop resolves this name; for a Docker Engine,
/// `extra_hosts` must define it.
pub(crate) const MACHINE: &str = "host.docker.internal";

/// True if a text of a service contains [`MACHINE`].
pub(crate) fn needs_machine(text: &str) -> bool {
    text.contains(MACHINE)
}

/// The entry of `extra_hosts` that defines [`MACHINE`] on a Docker Engine.
pub(crate) fn machine() -> Text {
    Text::literal(format!("{MACHINE}:host-gateway"))
}

/// Reports services that cannot be called by name, and external Executors whose host is a service
/// of the Flow.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut services = BTreeMap::new();
    for (executor, workload) in plan.workloads() {
        for container in &workload.containers {
            for service in wiring::services(workload, container) {
                if RESERVED.contains(&service.as_str()) {
                    let name = &workload.deployment;
                    let message = if *name == service {
                        format!("`{name}` resolves to the container itself")
                    } else {
                        format!(
                            "`{name}` becomes `{service}`, which resolves to the container itself"
                        )
                    };
                    let named = executor.and_then(|index| plan.executors[index].name.span);
                    diagnostics.push(
                        Diagnostic::new(&RESERVED_HOST, message)
                            .at(
                                named.or(workload.span),
                                "no other container can call this Executor",
                            )
                            .help("rename the Executor"),
                    );
                }
                services.insert(service, workload.span);
            }
        }
    }
    for executor in &plan.executors {
        let Placement::External(addresses) = &executor.placement else { continue };
        let mut spans = addresses.iter().filter_map(|address| services.get(&address.host));
        let Some(span) = spans.next() else { continue };
        let name = &executor.name.value;
        let message = format!("the host of the external `{name}` is a service of this Flow");
        let finding = Diagnostic::new(&SHADOWED_HOST, message)
            .at(executor.name.span, "the gateway would call that service")
            .at(*span, "it becomes this service")
            .help("write the full name of the host, or rename the Executor");
        diagnostics.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::needs_machine;

    #[test]
    fn the_machine_is_named_where_it_is_used() {
        for (text, needs) in [
            ("http://host.docker.internal:6333", true),
            ("host.docker.internal", true),
            ("docker.internal", false),
            ("", false),
        ] {
            assert_eq!(needs_machine(text), needs, "{text}");
        }
    }
}
