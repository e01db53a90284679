//! Shards of nothing.

use std::collections::BTreeSet;

use flow_model::flow::Executor;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Shards of an Executor that keeps nothing.
pub static STATELESS_SHARDS: RuleInfo = RuleInfo {
    code: "stateless-shards",
    level: Level::Warning,
    summary: "shards of an Executor that keeps nothing",
    explanation: "\
Shards split the data that an Executor keeps: each holds a part, and a search asks all of them. An \
Executor without `volumes` and `workspace` keeps nothing that outlives its Pod. To share the work, \
write `replicas`.

```yaml
executors:
  - name: indexer
    shards: 2
    volumes: /index    # what each shard keeps
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for executor in &subject.flow.executors {
        if executor.shards() == 1 || executor.is_external() || keeps_something(executor) {
            continue;
        }
        let shards = executor.settings.shards.and_then(|shards| shards.span);
        // What `with` hands down is said once.
        if shards.is_some_and(|span| !said.insert(span)) {
            continue;
        }
        let message = format!("the shards of `{}` keep nothing", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&STATELESS_SHARDS, message)
                .at(shards.or(executor.name.span), "splits data, and there is none")
                .help("give it `volumes`, or write `replicas` to share the work"),
        );
    }
}

fn keeps_something(executor: &Executor) -> bool {
    let settings = &executor.settings;
    settings.volumes.as_ref().is_some_and(|volumes| !volumes.is_empty())
        || settings.workspace.is_some()
        || settings.stateful.is_some_and(|stateful| stateful.0)
        || settings.uses_metas.as_ref().is_some_and(|metas| metas.contains_key("workspace"))
}
