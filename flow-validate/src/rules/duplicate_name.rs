//! Two Executors with the same name.

use std::collections::BTreeMap;

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Two Executors with the same name.
pub static DUPLICATE_NAME: RuleInfo = RuleInfo {
    code: "duplicate-name",
    level: Level::Error,
    summary: "two Executors with the same name",
    explanation: "\
The name of an Executor must be unique. `jina export` silently renames the second one (`a`, `a1`), \
and every `needs: a` then refers to the first.

```yaml
executors:
  - name: encoder
  - name: encoder    # error
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut first = BTreeMap::new();
    for executor in &subject.flow.executors {
        let name = &executor.name;
        match first.get(name.value.as_str()) {
            None => {
                first.insert(name.value.as_str(), name.span);
            }
            Some(before) => diagnostics.push(
                Diagnostic::new(
                    &DUPLICATE_NAME,
                    format!("two Executors are named `{}`", name.value),
                )
                .at(name.span, "named again")
                .at(*before, "first named here"),
            ),
        }
    }
}
