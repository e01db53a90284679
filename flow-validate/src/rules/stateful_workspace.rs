//! State without a place.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

pub(super) static STATEFUL_WORKSPACE: RuleInfo = RuleInfo {
    code: "stateful-workspace",
    level: Level::Error,
    summary: "a stateful Executor without an absolute `workspace`",
    explanation: "\
A stateful Executor keeps its state in its `workspace`, a path in the container. Jina refuses one \
without it.

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
        let is_place = |path: &str| path.starts_with('/') && !path.trim_matches('/').is_empty();
        if workspace.is_some_and(|workspace| is_place(&workspace.value)) {
            continue;
        }
        let name = &executor.name.value;
        let message = format!("the stateful `{name}` has no place for its state");
        diagnostics.push(
            Diagnostic::new(&STATEFUL_WORKSPACE, message)
                .at(
                    workspace.map_or(stateful.span, |workspace| workspace.span),
                    "expected an absolute path",
                )
                .help("write `workspace: /PATH/IN/CONTAINER`"),
        );
    }
}
