//! Keys that are nearly right.

use flow_model::flow::DOCUMENT_KEYS;
use flow_model::keys::{Place, Suggestion, UnknownKey, suggest};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

pub(super) static MISSPELLED_KEY: RuleInfo = RuleInfo {
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

/// Keys of older releases, and what they are called now.
const OLD_KEYS: &[(&str, &str)] = &[("pods", "executors")];

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for key in &subject.flow.unknown_keys {
        let Some(word) = meant(key) else { continue };
        let message = format!("unknown key `{}` in {}", key.name.value, place(key));
        diagnostics.push(
            Diagnostic::new(&MISSPELLED_KEY, message)
                .at(key.name.span, format!("did you mean `{word}`?"))
                .help(format!(
                    "write `{word}`, or begin the key with `x-` to keep it for yourself"
                )),
        );
    }
}

/// The key that was probably meant.
pub(super) fn meant(key: &UnknownKey) -> Option<&'static str> {
    let name = key.name.value.as_str();
    let suggestion = match key.place {
        Place::Document => {
            if let Some((_, new)) = OLD_KEYS.iter().find(|(old, _)| *old == name) {
                return Some(new);
            }
            suggest(name, DOCUMENT_KEYS.iter().copied())
        }
        Place::Scope(scope) => suggest(
            name,
            scope.accepted().into_iter().flat_map(flow_model::keys::KeyInfo::spellings),
        ),
    };
    suggestion.map(|Suggestion { word, .. }| word)
}

pub(super) fn place(key: &UnknownKey) -> &'static str {
    match key.place {
        Place::Document => "the Flow",
        Place::Scope(scope) => scope.place(),
    }
}
