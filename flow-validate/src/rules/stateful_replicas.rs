//! State that replicas would not agree on.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A stateful Executor with several replicas.
pub static STATEFUL_REPLICAS: RuleInfo = RuleInfo {
    code: "stateful-replicas",
    level: Level::Error,
    summary: "a stateful Executor with several replicas",
    explanation: "\
Replicas of a stateful Executor agree on what they keep by RAFT, for which Jina's own launcher \
gives each a number and makes them known to each other. Nothing does in a cluster, or in Docker \
Compose: every one would elect itself, and keep what it happens to receive. `jina export` writes \
exactly that.

Say `replicas: 1`; its state lies in a volume and outlives its container.",
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
                .at(stateful.span, "consensus is made by Jina's own launcher alone"),
        );
    }
}
