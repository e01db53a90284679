//! Joins of fewer than two Executors.

use flow_model::values::Method;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `method: needs` with fewer than two names.
pub static LONE_JOIN: RuleInfo = RuleInfo {
    code: "lone-join",
    level: Level::Error,
    summary: "`method: needs` with fewer than two names",
    explanation: "\
`method: needs` joins branches, so it needs at least two names. Jina rejects a Flow with fewer.

```yaml
executors:
  - {name: join, method: needs, needs: encoder}    # error
```

For a single need, remove `method`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let Some(method) = *executor.settings.method else { continue };
        if method.value != Method::Needs || executor.needs().len() > 1 {
            continue;
        }
        let message = format!("`{}` joins fewer than two Executors", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&LONE_JOIN, message)
                .at(method.span, "joins what `needs` lists")
                .help("list at least two names under `needs`, or remove `method`"),
        );
    }
}
