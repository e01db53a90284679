//! Keys that mean something elsewhere.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place, shown};

/// A key in the wrong place, where it has no effect.
pub static MISPLACED_KEY: RuleInfo = RuleInfo {
    code: "misplaced-key",
    level: Level::Denied,
    summary: "a key in the wrong place, where it has no effect",
    explanation: "\
Keys of the Flow, and keys that its entries inherit, belong under `with`; keys about clients \
belong under `gateway`; keys about the container of an Executor belong beside `uses`. Anywhere \
else Jina silently ignores them, and the setting is lost.

```yaml
jtype: Flow
monitoring: true    # error: belongs under `with`
executors:
  - name: encoder
    prefetch: 10    # error: belongs under `gateway`
    uses:
      jtype: Encoder
      replicas: 2   # error: belongs one level up, beside `uses`
```

Pass `--allow misplaced-key` to ignore these keys as Jina does.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Misplaced(home) = verdict else { continue };
        let message = match shown(key) {
            Some(name) => format!("`{name}` has no effect in {}", place(key)),
            None => format!("a key has no effect in {}", place(key)),
        };
        diagnostics.push(
            Diagnostic::new(&MISPLACED_KEY, message)
                .at(key.name.span, format!("belongs {home}"))
                .help(format!("move it {home}")),
        );
    }
}
