//! Keys that mean something elsewhere.

use flow_model::keys::MappingKind;
use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place, shown};
use crate::layout::{Layout, MOST_LAYOUTS};

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
    let mut layouts = 0;
    for (key, verdict) in subject.verdicts() {
        let Verdict::Misplaced(home) = verdict else { continue };
        let is_too_deep = matches!(key.kind, MappingKind::Configuration | MappingKind::Metas);
        let mut fix = None;
        if is_too_deep && layouts < MOST_LAYOUTS {
            layouts += 1;
            let edits = Layout::around(subject.sources, key.name.span).and_then(|at| at.move_up());
            fix = edits.map(|edits| Fix {
                title: format!("move `{}` one level up", key.name.value),
                edits,
                applicability: Applicability::Safe,
            });
        }
        let message = match shown(key) {
            Some(name) => format!("`{name}` has no effect in {}", place(key)),
            None => format!("a key has no effect in {}", place(key)),
        };
        diagnostics.push(
            Diagnostic::new(&MISPLACED_KEY, message)
                .at(key.name.span, format!("belongs {home}"))
                .help(format!("move it {home}"))
                .fix(fix),
        );
    }
}
