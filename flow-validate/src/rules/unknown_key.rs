//! Keys that mean nothing here.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place};

/// A key that has no effect.
pub static UNKNOWN_KEY: RuleInfo = RuleInfo {
    code: "unknown-key",
    level: Level::Warning,
    summary: "a key that has no effect",
    explanation: "\
The key is not supported in this place and has no effect. Keys that begin with `x-` are your own \
and are not checked.

```yaml
executors:
  - name: encoder
    x-owner: search-team    # silent
    labels: {team: search}  # warning
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Unknown(why) = verdict else { continue };
        let message = format!("`{}` has no effect in {}", key.name.value, place(key));
        diagnostics.push(Diagnostic::new(&UNKNOWN_KEY, message).at(key.name.span, why));
    }
}
