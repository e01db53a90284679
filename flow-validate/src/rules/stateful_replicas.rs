//! Stateful Executors with several replicas.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A stateful Executor with several replicas.
pub static STATEFUL_REPLICAS: RuleInfo = RuleInfo {
    code: "stateful-replicas",
    level: Level::Error,
    summary: "a stateful Executor with several replicas",
    explanation: "\
Replicas of a stateful Executor synchronize their state with RAFT, and Jina's launcher tells each \
replica its number and its peers. A cluster or Docker Compose does not: every replica would elect \
itself and store only the requests that it receives. `jina export` writes such manifests.

Set `replicas: 1`; the state is kept in a volume and outlives the container.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in subject.flow.executors.iter().filter(|executor| !executor.is_external()) {
        let stateful = executor.settings.stateful.filter(|stateful| stateful.0);
        let Some(stateful) = stateful else { continue };
        let replicas = executor.replicas();
        if replicas.get() == 1 {
            continue;
        }
        let name = &executor.name.value;
        let message = format!(
            "{} replicas of the stateful `{name}` would keep different data",
            replicas.get()
        );
        diagnostics.push(
            Diagnostic::new(&STATEFUL_REPLICAS, message)
                .at(replicas.span, "expected one replica")
                .at(stateful.span, "only Jina's launcher connects the replicas"),
        );
    }
}
