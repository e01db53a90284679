//! Stateful Executors without a workspace.

use flow_model::values::Volume;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A stateful Executor without an absolute `workspace`.
pub static STATEFUL_WORKSPACE: RuleInfo = RuleInfo {
    code: "stateful-workspace",
    level: Level::Error,
    summary: "a stateful Executor without an absolute `workspace`",
    explanation: "\
A stateful Executor stores its state in its `workspace`, a path in the container. Jina requires \
it. On a cluster a volume is mounted at this path, so it must be absolute and contain neither `:` \
nor `..`.

```yaml
executors:
  - name: indexer
    stateful: true
    workspace: /workspace
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in subject.flow.executors.iter().filter(|executor| !executor.is_external()) {
        let settings = &executor.settings;
        let Some(stateful) = settings.stateful.filter(|stateful| stateful.0) else { continue };
        let workspace = settings.workspace.as_ref();
        if workspace.is_some_and(|workspace| Volume::at(&workspace.value).is_ok()) {
            continue;
        }
        let name = &executor.name.value;
        let message = format!("the stateful Executor `{name}` has no valid `workspace`");
        diagnostics.push(
            Diagnostic::new(&STATEFUL_WORKSPACE, message)
                .at(
                    workspace.map_or(stateful.span, |workspace| workspace.span),
                    "expected an absolute path without `:` and `..`",
                )
                .help("set `workspace: /PATH/IN/CONTAINER`"),
        );
    }
}
