//! Keys of older releases.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::verdict::{Verdict, place, verdict};

pub(super) static LEGACY_KEY: RuleInfo = RuleInfo {
    code: "legacy-key",
    level: Level::Denied,
    summary: "a key of an older release of Jina, which Jina 3 does not read",
    explanation: "\
Jina 3 reads over these keys, most of them without a word: `pods:` gives a Flow without Executors, \
`parallel: 4` one replica.

```yaml
pods:           # error: write `executors`
  - name: encoder
    parallel: 2 # error: write `replicas` or `shards`
```

With `--allow legacy-key` they are read over here as well.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for key in &subject.flow.unknown_keys {
        let Verdict::Legacy(today) = verdict(key) else { continue };
        let message = format!("`{}` in {} is of an older Jina", key.name.value, place(key));
        let help = match key.name.value.as_str() {
            "pods" => "rename to `executors`".to_owned(),
            _ => format!("write {today}"),
        };
        diagnostics.push(
            Diagnostic::new(&LEGACY_KEY, message)
                .at(key.name.span, "Jina 3 does not read it")
                .help(help),
        );
    }
}
