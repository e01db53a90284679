//! Misspelled keys.

use flow_model::{Diagnostic, Diagnostics, Fix, Level, RuleInfo};

use super::Subject;
use super::kwargs::arguments;
use super::verdict::{Verdict, place, shown};

/// An unknown key that is close to a known one.
pub static MISSPELLED_KEY: RuleInfo = RuleInfo {
    code: "misspelled-key",
    level: Level::Denied,
    summary: "an unknown key that is close to a known one",
    explanation: "\
Jina only warns about an unknown key, or ignores it silently, and accepts the beginning of a key \
for the whole (`mon: true` for `monitoring`). flowship reports a key that looks like a misspelled \
one as an error, because the setting would be lost.

```yaml
executors:
  - name: encoder
    replica: 2    # error: write `replicas`
```

If it is a key of your own, begin it with `x-`, or pass `--allow misspelled-key`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Misspelled(word, sure) = verdict else { continue };
        let message = match shown(key) {
            Some(name) => format!("unknown key `{name}` in {}", place(key)),
            None => format!("unknown key in {}", place(key)),
        };
        // What Python is called with has no keys of one's own.
        let help = match arguments(key.kind) {
            Some(_) => format!("write `{word}`"),
            None => format!("write `{word}`, or begin a key of your own with `x-`"),
        };
        diagnostics.push(
            Diagnostic::new(&MISSPELLED_KEY, message)
                .at(key.name.span, format!("did you mean `{word}`?"))
                .help(help)
                .fix(Fix::rename(&key.name, word, sure)),
        );
    }
}
