//! The maximum number of services of a Compose file, checked before they are created.

use flow_model::plan::{Plan, Workload};
use flow_model::{Diagnostic, Diagnostics};

use crate::rules::TOO_MANY_SERVICES;
use crate::wiring;

/// The maximum number of services: the number of interfaces that Linux connects to one bridge
/// (`BR_MAX_PORTS` is 1024, and numbers begin at 1), and all services of a Flow share one.
const MOST_SERVICES: u64 = 1023;

/// True if the services of a Plan fit into one file; reports a finding if not.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) -> bool {
    let workloads = || plan.workloads().map(|(_, workload)| workload);
    let count: u64 = workloads().map(services).sum();
    if count > MOST_SERVICES {
        let largest = workloads().max_by_key(|workload| services(workload));
        let span = largest.and_then(|workload| workload.replicas.span.or(workload.span));
        diagnostics.push(
            Diagnostic::new(&TOO_MANY_SERVICES, format!("the Flow has {count} services"))
                .at(span, format!("expected at most {MOST_SERVICES} in total, including replicas")),
        );
        return false;
    }
    true
}

fn services(workload: &Workload) -> u64 {
    workload
        .containers
        .iter()
        .map(|container| u64::from(wiring::replicas(container, workload)))
        .sum()
}
