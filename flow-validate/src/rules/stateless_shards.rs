//! Shards of Executors that store nothing.

use std::collections::BTreeSet;

use flow_model::flow::Executor;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Shards of an Executor that stores nothing.
pub static STATELESS_SHARDS: RuleInfo = RuleInfo {
    code: "stateless-shards",
    level: Level::Warning,
    summary: "shards of an Executor that stores nothing",
    explanation: "\
Shards split the data that an Executor stores: each shard has a part, and a search asks all \
shards. An Executor without `volumes` or `workspace` stores nothing that outlives its Pod. To \
share the work, set `replicas`.

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
        // A value inherited from `with` is reported once.
        if shards.is_some_and(|span| !said.insert(span)) {
            continue;
        }
        let message = format!("the shards of `{}` store no data", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&STATELESS_SHARDS, message)
                .at(shards.or(executor.name.span), "splits data, but none is stored")
                .help("set `volumes`, or use `replicas` to share the work"),
        );
    }
}

fn keeps_something(executor: &Executor) -> bool {
    let settings = &executor.settings;
    settings.volumes.as_ref().is_some_and(|volumes| !volumes.is_empty())
        || settings.workspace.is_some()
        || settings.jcloud.as_ref().is_some_and(|jcloud| jcloud.storage.is_some())
        || settings.stateful.is_some_and(|stateful| stateful.0)
        || settings.uses_metas.as_ref().is_some_and(|metas| metas.contains_key("workspace"))
}
