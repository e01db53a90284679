//! A Deployment without an image.

use flow_model::keys::MappingKind;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A Deployment without an image.
pub static EMPTY_DEPLOYMENT: RuleInfo = RuleInfo {
    code: "empty-deployment",
    level: Level::Denied,
    summary: "a Deployment without an image",
    explanation: "\
A Deployment is one Executor: `uses` under `with` names its image. Without it Jina starts \
`BaseExecutor`, which returns every request unchanged. If the file has `executors`, write `jtype: \
Flow`.

```yaml
jtype: Deployment
with:
  name: encoder
  uses: docker://example/encoder:1.0
```

If you want `BaseExecutor`, set `uses: BaseExecutor`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    let list = flow.unknown_keys.iter().find(|key| {
        key.kind == MappingKind::Deployment
            && ["executors", "deployments"].contains(&key.name.value.as_str())
    });
    if let Some(list) = list {
        let message = format!("a Deployment does not have `{}`", list.name.value);
        diagnostics.push(
            Diagnostic::new(&EMPTY_DEPLOYMENT, message)
                .at(list.name.span, "only a Flow has this key")
                .help("write `jtype: Flow`"),
        );
        return;
    }
    // `misplaced-key` says where `uses` belongs.
    let is_misplaced = |key: &flow_model::keys::UnknownKey| {
        key.kind == MappingKind::Deployment && key.name.value == "uses"
    };
    if flow.unknown_keys.iter().any(is_misplaced) {
        return;
    }
    for executor in flow.executors.iter().filter(|executor| executor.is_deployment) {
        let name = &executor.name.value;
        let is_chosen = subject.options.images.by_name.contains_key(name);
        if executor.settings.uses.is_some() || executor.is_external() || is_chosen {
            continue;
        }
        let message = format!("the Deployment `{name}` has no image");
        diagnostics.push(
            Diagnostic::new(&EMPTY_DEPLOYMENT, message)
                .at(executor.name.span, "expected `uses` under `with`")
                .help("set `uses: docker://IMAGE` under `with`")
                .help(Advice::Image(Some(name.clone()))),
        );
    }
}
