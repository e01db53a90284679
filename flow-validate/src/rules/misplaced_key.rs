//! Keys that mean something elsewhere.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place, verdict};

pub(super) static MISPLACED_KEY: RuleInfo = RuleInfo {
    code: "misplaced-key",
    level: Level::Warning,
    summary: "a key that would mean something at another place",
    explanation: "\
What a Flow says of itself, and what it hands down to its entries, stands under `with`; what \
concerns clients stands under `gateway`. At another place Jina reads over it without a word.

```yaml
jtype: Flow
monitoring: true    # warning: belongs under `with`
executors:
  - name: encoder
    prefetch: 10    # warning: belongs under `gateway`
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for key in &subject.flow.unknown_keys {
        let Verdict::Misplaced(home) = verdict(key) else { continue };
        let message = format!("`{}` has no effect in {}", key.name.value, place(key));
        diagnostics.push(
            Diagnostic::new(&MISPLACED_KEY, message)
                .at(key.name.span, format!("belongs {home}"))
                .help(format!("write it {home}")),
        );
    }
}
