//! Keys without effect.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::kwargs::arguments;
use super::verdict::{Verdict, place, shown};

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
```

`docker_kwargs` and `uvicorn_kwargs` are the arguments of functions in Python, which refuse what they do \
not know.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Unknown(why) = verdict else { continue };
        let message = match shown(key) {
            Some(name) if arguments(key.kind).is_some() => {
                format!("unknown key `{name}` in {}", place(key))
            }
            Some(name) => format!("`{name}` has no effect in {}", place(key)),
            None => format!("a key has no effect in {}", place(key)),
        };
        diagnostics.push(Diagnostic::new(&UNKNOWN_KEY, message).at(key.name.span, why));
    }
}
