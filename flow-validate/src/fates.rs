//! What a backend does with the keys that a Flow uses.

use std::collections::BTreeMap;

use flow_model::{Backend, Diagnostic, Diagnostics, Fate, Flow, Level, RuleInfo, Span, Spanned};

/// The backend has no use for a key.
pub(crate) static IGNORED_KEY: RuleInfo = RuleInfo {
    code: "ignored-key",
    level: Level::Warning,
    summary: "a key that the backend ignores",
    explanation: "\
Jina knows the key, but it means nothing where the Flow is exported to. The message says why, and \
the table of keys says it for every key. Take the key away, or say `--allow ignored-key`.",
};

/// The backend does something close.
pub(crate) static APPROXIMATED_KEY: RuleInfo = RuleInfo {
    code: "approximated-key",
    level: Level::Note,
    summary: "a key of which the backend makes something close to what Jina makes of it",
    explanation: "\
What the key asks for is done in another way, and nothing is lost by it. The message says what \
differs, and the table of keys says it for every key.",
};

/// The backend cannot do it.
pub(crate) static REFUSED_KEY: RuleInfo = RuleInfo {
    code: "refused-key",
    level: Level::Error,
    summary: "a key that the backend refuses",
    explanation: "\
Nothing right can be written for a Flow that uses the key. The message says why, and the table of \
keys says it for every key.",
};

/// Reports every key of a Flow that a backend ignores, approximates or refuses: once for each
/// place, and once for each key, with the number of further places.
pub fn fates(flow: &Flow, backend: &dyn Backend) -> Diagnostics {
    let mut places: BTreeMap<_, (Fate, Vec<Option<Span>>)> = BTreeMap::new();
    for Spanned { value: key, span } in flow.set_keys() {
        let fate = backend.fate(key);
        let why = match fate {
            Fate::Exact | Fate::Depends(_) => continue,
            Fate::Approximated(why) | Fate::Ignored(why) | Fate::Refused(why) => why,
        };
        let (_, spans) = places.entry((key.info().name, why)).or_insert((fate, Vec::new()));
        // What `with` hands down stands in one place.
        if span.is_none() || !spans.contains(&span) {
            spans.push(span);
        }
    }
    let mut diagnostics = Diagnostics::new();
    for ((name, why), (fate, mut spans)) in places {
        spans.sort();
        let place = backend.name();
        let (rule, message) = match fate {
            Fate::Refused(_) => (&REFUSED_KEY, format!("`{name}` cannot be had on {place}")),
            Fate::Ignored(_) => (&IGNORED_KEY, format!("`{name}` has no effect on {place}")),
            Fate::Exact | Fate::Depends(_) | Fate::Approximated(_) => {
                (&APPROXIMATED_KEY, format!("`{name}` means something close on {place}"))
            }
        };
        let mut finding = Diagnostic::new(rule, message).at(spans[0], why);
        if spans.len() > 1 {
            finding = finding.note(match spans.len() - 1 {
                1 => "it is used in one other place".to_owned(),
                others => format!("it is used in {others} other places"),
            });
        }
        diagnostics.push(finding);
    }
    diagnostics
}

/// The rules that [`fates`] reports.
pub(crate) static RULES: &[&RuleInfo] = &[&APPROXIMATED_KEY, &IGNORED_KEY, &REFUSED_KEY];
