//! Flows that are too large for a cluster.

use flow_model::flow::Executor;
use flow_model::{Diagnostic, Diagnostics, Flow, Level, RuleInfo};

use super::Subject;

/// More workloads than a cluster holds.
pub static TOO_MANY_WORKLOADS: RuleInfo = RuleInfo {
    code: "too-many-workloads",
    level: Level::Error,
    summary: "more workloads than a cluster holds",
    explanation: "\
Each Executor is a workload; with shards, each shard and the head is one. More than 20,000 workloads are not supported: Kubernetes itself is designed for up to 10,000 Services and 150,000 Pods.",
};

/// The maximum number of workloads: twice the 10,000 Services per cluster that Kubernetes is
/// designed for.
pub(super) const MOST: u64 = 20_000;

/// Executors that the Flow runs: an external one runs elsewhere.
fn run(flow: &Flow) -> impl Iterator<Item = &Executor> {
    flow.executors.iter().filter(|executor| !executor.is_external())
}

/// Workloads of a Flow, heads and the gateway included.
pub(super) fn count(flow: &Flow) -> u64 {
    let of = |shards: u32| if shards == 1 { 1 } else { u64::from(shards) + 1 };
    run(flow).map(|executor| of(executor.shards())).sum::<u64>() + 1
}

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let count = count(subject.flow);
    if count <= MOST {
        return;
    }
    let largest = run(subject.flow).max_by_key(|executor| executor.shards());
    let span = largest.and_then(|executor| {
        executor.settings.shards.and_then(|shards| shards.span).or(executor.span)
    });
    diagnostics.push(
        Diagnostic::new(&TOO_MANY_WORKLOADS, format!("the Flow has {count} workloads"))
            .at(span, format!("expected at most {MOST} in total")),
    );
}
