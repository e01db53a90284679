//! Keys of older releases.

use flow_model::flow::{Executor, LEGACY_LIST};
use flow_model::keys::{MappingKind, Scope, UnknownKey};
use flow_model::values::ToValue as _;
use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo, Span};

use super::Subject;
use super::verdict::{Today, Verdict, place};
use crate::layout::{Layout, MOST_LAYOUTS};

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
    let legacy = subject.verdicts().filter_map(|(key, verdict)| match verdict {
        Verdict::Legacy(today) => Some((key, today)),
        _ => None,
    });
    let mut siblings = None;
    for (index, (key, today)) in legacy.enumerate() {
        let message = format!("`{}` in {} is a key of an older Jina", key.name.value, place(key));
        let finding = Diagnostic::new(&LEGACY_KEY, message).at(key.name.span, "Jina 3 ignores it");
        // Of a mapping of entries, the entries have to be written in another way too.
        let is_mapping = key.name.value == LEGACY_LIST && !key.holds_entries;
        let help = match today {
            Today::Renamed(_) if is_mapping => {
                "rename it to `executors`, and write each entry as `- name: NAME`".to_owned()
            }
            Today::Renamed(word) => format!("rename it to `{word}`"),
            Today::Changed(words) => format!("write {words}"),
            Today::Gone(why) => format!("remove it: {why}"),
        };
        let fix = match today {
            Today::Renamed(word) if key.name.value != LEGACY_LIST => {
                Fix::rename(&key.name, word, Applicability::Safe)
            }
            _ if index >= MOST_LAYOUTS => None,
            _ => {
                let siblings = siblings.get_or_insert_with(|| Siblings::of(subject));
                moved_over(subject, key, today, siblings)
            }
        };
        diagnostics.push(finding.help(help).fix(fix));
    }
}

/// The fix of a key that takes more than another name.
fn moved_over(
    subject: &Subject<'_>,
    key: &UnknownKey,
    today: Today,
    siblings: &Siblings<'_>,
) -> Option<Fix> {
    let layout = Layout::around(subject.sources, key.name.span)?;
    let executor = siblings.executor(key.name.span);
    let rename = |word| Fix::rename(&key.name, word, Applicability::Safe);
    let removed = || {
        let title = format!("remove `{}`", key.name.value);
        Some(Fix { title, edits: layout.remove()?, applicability: Applicability::Safe })
    };
    match (today, key.name.value.as_str()) {
        (Today::Renamed(word), LEGACY_LIST) => {
            let mut fix = rename(word)?;
            if !key.holds_entries {
                fix.edits.extend(layout.list_entries()?);
                "write the entries as a list of `executors`".clone_into(&mut fix.title);
            }
            fix.edits.extend(layout.tag_as_key());
            Some(fix)
        }
        (Today::Renamed(word), _) => rename(word),
        (Today::Gone(_), _) => removed(),
        // Who asked for parts of the data said so, by polling all of them or by a folder for each.
        (Today::Changed(_), "parallel") => {
            let settings = executor.map(|executor| &executor.settings);
            let is_set =
                settings.is_some_and(|keys| keys.replicas.is_some() || keys.shards.is_some());
            let polls_all = settings
                .and_then(|keys| keys.polling.as_ref())
                .is_some_and(|polling| polling.value.to_value() != "ANY");
            let is_split = polls_all || executor.is_some_and(|it| siblings.separates(it));
            // What the Flow hands down is not what the entry says.
            let is_own = |span: Option<Span>| {
                executor.and_then(|it| it.span).zip(span).is_some_and(|(it, at)| it.contains(at))
            };
            let is_set = is_set
                && settings.is_some_and(|keys| {
                    is_own(keys.replicas.as_ref().and_then(|value| value.span))
                        || is_own(keys.shards.as_ref().and_then(|value| value.span))
                });
            if is_set {
                return None;
            }
            rename(if is_split { "shards" } else { "replicas" })
        }
        (Today::Changed(_), "rest_api" | "restful") => {
            let is_of_entry = key.kind == MappingKind::Scope(Scope::Executor);
            match layout.value()? {
                "false" | "False" | "0" | "null" | "" => removed(),
                "true" | "True" | "1" if !is_of_entry => Some(Fix {
                    title: "write `protocol: http`".to_owned(),
                    edits: layout.replace("protocol: http")?,
                    applicability: Applicability::Safe,
                }),
                _ => None,
            }
        }
        (Today::Changed(_), "port_expose") => {
            if executor.is_some_and(flow_model::flow::Executor::is_external) {
                return rename("port");
            }
            // An Executor inside the Flow listens where the Flow is told that it does.
            removed()
        }
        (Today::Changed(_), _) => None,
    }
}

/// The entries of a Flow by their places.
struct Siblings<'a> {
    /// Sorted by span.
    executors: Vec<(Span, &'a Executor)>,
    /// Where a folder for each part is asked for, sorted.
    separated: Vec<Span>,
}

impl<'a> Siblings<'a> {
    fn of(subject: &'a Subject<'_>) -> Self {
        let executors = subject.flow.executors.iter();
        let mut executors: Vec<_> =
            executors.filter_map(|executor| Some((executor.span?, executor))).collect();
        executors.sort_by_key(|(span, _)| *span);
        let is_separated =
            |name: &str| ["separated_workspace", "seperated_workspace"].contains(&name);
        let keys = subject.flow.unknown_keys.iter().filter(|key| is_separated(&key.name.value));
        let mut separated: Vec<_> = keys.filter_map(|key| key.name.span).collect();
        separated.sort_unstable();
        Self { executors, separated }
    }

    /// The entry around a place.
    fn executor(&self, at: Option<Span>) -> Option<&'a Executor> {
        let at = at?;
        let before = self.executors.partition_point(|(span, _)| *span <= at);
        let (span, executor) = self.executors.get(before.checked_sub(1)?)?;
        span.contains(at).then_some(*executor)
    }

    /// Whether an entry has a folder for each part.
    fn separates(&self, executor: &Executor) -> bool {
        let Some(span) = executor.span else { return false };
        let from = self.separated.partition_point(|at| *at < span);
        self.separated.get(from).is_some_and(|at| span.contains(*at))
    }
}
