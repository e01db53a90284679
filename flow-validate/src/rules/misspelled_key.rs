//! Keys that are nearly right.

use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place};

/// An unknown key that is close to a known one.
pub static MISSPELLED_KEY: RuleInfo = RuleInfo {
    code: "misspelled-key",
    level: Level::Denied,
    summary: "an unknown key that is close to a known one",
    explanation: "\
Jina warns about an unknown key or says nothing, and takes the beginning of a key for the whole \
(`mon: true` for `monitoring`). A key that was probably meant to be another one is an error here, \
since the setting would be lost.

```yaml
executors:
  - name: encoder
    replica: 2    # error: write `replicas`
```

If you do mean it, begin the key with `x-`, or say `--allow misspelled-key`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Misspelled(word) = verdict else { continue };
        let message = format!("unknown key `{}` in {}", key.name.value, place(key));
        diagnostics.push(
            Diagnostic::new(&MISSPELLED_KEY, message)
                .at(key.name.span, format!("did you mean `{word}`?"))
                .help(format!("write `{word}`, or begin the key with `x-` to keep it for yourself"))
                .fix(Fix::rename(&key.name, word, Applicability::Unsafe)),
        );
    }
}
