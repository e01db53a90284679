//! Names that cannot become a Python identifier and a DNS label.

use flow_model::flow::Executor;
use flow_model::topology::GATEWAY;
use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Flow, Level, RuleInfo};

use super::Subject;

/// An Executor's name that Jina or DNS does not accept.
pub static BAD_NAME: RuleInfo = RuleInfo {
    code: "bad-name",
    level: Level::Error,
    summary: "an Executor's name that Jina or DNS does not accept",
    explanation: "\
The name of an Executor consists of letters, digits and `_`. It also becomes a DNS label, in lower \
case and with `-` for `_`, so it must begin with a letter and end with a letter or a digit. `jina \
export` writes `_a` as `-a`, which the API server rejects.

```yaml
executors:
  - name: text-encoder    # error: write `text_encoder`
```

The name of a standalone Deployment may contain `-`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let name = executor.name.value.as_str();
        let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        let last = name.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        // No Flow calls a standalone Executor, and Jina does not check its name.
        let is_alone = subject.flow.gateway.is_none();
        let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_alone && c == '-';
        let inside = name.chars().all(is_inside);
        if first && last && inside {
            continue;
        }
        let label = if is_alone {
            "expected letters, digits, `_` and `-`: a letter first, a letter or a digit last"
        } else {
            "expected letters, digits and `_`: a letter first, no `_` last"
        };
        let is_hidden = executor.name.is_substituted();
        let shown = if is_hidden { "this value".to_owned() } else { format!("`{name}`") };
        let message = format!("{shown} cannot be the name of an Executor");
        let mut finding = Diagnostic::new(&BAD_NAME, message).at(executor.name.span, label);
        if let Some(mended) = mend(name).filter(|_| !is_hidden) {
            let fix = rename(subject.flow, executor, &mended);
            finding = finding.help(format!("write `{mended}`")).fix(fix);
        }
        diagnostics.push(finding);
    }
}

/// Renames an Executor wherever it is named. `None` where a place cannot be edited, and where
/// another one has the new name.
fn rename(flow: &Flow, executor: &Executor, name: &str) -> Option<Fix> {
    let old = &executor.name;
    let is_taken = name == GATEWAY || flow.executors.iter().any(|other| other.name.value == name);
    // Of two with the old name, nobody knows which one is needed.
    let is_twice = flow.executors.iter().filter(|other| other.name.value == old.value).count() > 1;
    if is_taken || is_twice {
        return None;
    }
    let is_plain = old.value.replace('-', "_") == name;
    let sure = if is_plain { Applicability::Safe } else { Applicability::Unsafe };
    let mut fix = Fix::rename(old, name, sure)?;
    let needs = flow.executors.iter().flat_map(Executor::needs);
    for need in needs.filter(|need| need.value == old.value) {
        fix.edits.extend(Fix::rename(need, name, sure)?.edits);
    }
    fix.edits.sort_by_key(|edit| edit.span);
    fix.edits.dedup();
    Some(fix)
}

/// The nearest name that would do.
fn mend(name: &str) -> Option<String> {
    let mended: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mended = mended
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
        .trim_end_matches('_')
        .to_owned();
    (!mended.is_empty()).then_some(mended)
}
