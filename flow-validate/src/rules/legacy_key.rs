//! Keys of older releases.

use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo};

use super::Subject;
use super::verdict::{Today, Verdict, place};

/// A key of an older release of Jina, which Jina 3 does not read.
pub static LEGACY_KEY: RuleInfo = RuleInfo {
    code: "legacy-key",
    level: Level::Denied,
    summary: "a key of an older release of Jina, which Jina 3 does not read",
    explanation: "\
Jina 3 silently ignores most of these keys: a Flow with `pods:` has no Executors, and `parallel: \
4` starts one replica.

```yaml
pods:           # error: write `executors`
  - name: encoder
    parallel: 2 # error: write `replicas` or `shards`
```

With `--allow legacy-key`, `pods` is read as `executors`, and the other keys are ignored here as well.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (key, verdict) in subject.verdicts() {
        let Verdict::Legacy(today) = verdict else { continue };
        let message = format!("`{}` in {} is a key of an older Jina", key.name.value, place(key));
        let finding = Diagnostic::new(&LEGACY_KEY, message).at(key.name.span, "Jina 3 ignores it");
        diagnostics.push(match today {
            Today::Renamed(word) => {
                let help = match (key.name.value.as_str(), key.holds_entries) {
                    ("pods", false) => {
                        "rename it to `executors`, and write each entry as `- name: NAME`"
                            .to_owned()
                    }
                    _ => format!("rename it to `{word}`"),
                };
                // A mapping of entries has to become a list as well.
                let is_whole = key.name.value != "pods" || key.holds_entries;
                let fix = Fix::rename(&key.name, word, Applicability::Safe);
                finding.help(help).fix(fix.filter(|_| is_whole))
            }
            Today::Changed(words) => finding.help(format!("write {words}")),
            Today::Gone(why) => finding.help(format!("remove it: {why}")),
        });
    }
}
