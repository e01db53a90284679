//! State without a place.

use flow_model::values::Volume;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A stateful Executor without an absolute `workspace`.
pub static STATEFUL_WORKSPACE: RuleInfo = RuleInfo {
    code: "stateful-workspace",
    level: Level::Error,
    summary: "a stateful Executor without an absolute `workspace`",
    explanation: "\
A stateful Executor keeps its state in its `workspace`, a path in the container. Jina refuses one \
without it. On a cluster the path becomes the place of a volume, so it is absolute and holds neither `:` \
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
        let message = format!("the stateful `{name}` has no place for its state");
        diagnostics.push(
            Diagnostic::new(&STATEFUL_WORKSPACE, message)
                .at(
                    workspace.map_or(stateful.span, |workspace| workspace.span),
                    "expected an absolute path without `:` and `..`",
                )
                .help("write `workspace: /PATH/IN/CONTAINER`"),
        );
    }
}
