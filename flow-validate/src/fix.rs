//! Applies the fixes of findings to a text.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::{Applicability, Diagnostic, Edit, FileId, Fix, Help};

use crate::Compiled;

/// What became of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fixed {
    /// The text with all fixes.
    pub text: String,
    /// What each fix did, in the order in which they were applied.
    pub titles: Vec<String>,
}

/// Compiling takes as long each time; whoever has more mistakes runs it again.
const MOST_COMPILATIONS: usize = 200;

/// Applies all fixes of a Flow's own text that are at least as sure as `least`, until nothing
/// changes. A fix that makes new errors is left out, unless an option answers them.
///
/// `compile` compiles the text with whatever options its owner has. What came from substitution is
/// never written: such places have no edits.
pub fn fix(text: &str, least: Applicability, mut compile: impl FnMut(&str) -> Compiled) -> Fixed {
    let mut fixed = Fixed { text: text.to_owned(), titles: Vec::new() };
    let mut compiled = compile(text);
    let mut rejected: BTreeSet<(&'static str, String)> = BTreeSet::new();
    let mut compilations = 1;
    while compilations < MOST_COMPILATIONS {
        let Some(file) = compiled.flow.span.map(|span| span.file) else { break };
        let chosen = choose(&compiled, file, least, &rejected);
        if chosen.is_empty() {
            break;
        }
        // All together, or else one after the other, to find the one that does harm.
        let mut attempts = vec![chosen.clone()];
        if chosen.len() > 1 {
            attempts.extend(chosen.into_iter().map(|one| vec![one]));
        }
        let mut accepted = None;
        for attempt in attempts {
            let text = apply(&fixed.text, &attempt);
            let after = compile(&text);
            compilations += 1;
            if is_better(&compiled, &after, &attempt) {
                let titles = attempt.iter().map(|(_, fix)| fix.title.clone()).collect::<Vec<_>>();
                accepted = Some((text, after, titles));
                break;
            }
            if let [(finding, _)] = attempt.as_slice() {
                rejected.insert((finding.rule.code, finding.message.clone()));
            }
            if compilations >= MOST_COMPILATIONS {
                break;
            }
        }
        let Some((text, after, titles)) = accepted else { continue };
        fixed.text = text;
        fixed.titles.extend(titles);
        compiled = after;
    }
    fixed
}

/// The fixes that can be applied together: of each finding the first that is sure enough.
fn choose<'a>(
    compiled: &'a Compiled,
    file: FileId,
    least: Applicability,
    rejected: &BTreeSet<(&'static str, String)>,
) -> Vec<(&'a Diagnostic, &'a Fix)> {
    let is_own = |edit: &Edit| edit.span.file == file && !edit.span.substituted;
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut chosen = Vec::new();
    for finding in &compiled.diagnostics {
        if rejected.contains(&(finding.rule.code, finding.message.clone())) {
            continue;
        }
        let fix = finding.fixes.iter().find(|fix| fix.applicability <= least);
        let Some(fix) = fix.filter(|fix| fix.edits.iter().all(is_own)) else { continue };
        let is_free = fix.edits.iter().all(|edit| {
            let before = taken.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, end)| *end < edit.span.start)
        });
        if is_free && !fix.edits.is_empty() {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start, edit.span.end)));
            chosen.push((finding, fix));
        }
    }
    chosen
}

fn apply(text: &str, chosen: &[(&Diagnostic, &Fix)]) -> String {
    let mut edits: Vec<&Edit> = chosen.iter().flat_map(|(_, fix)| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut written = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        // Edits that overlap were not chosen together.
        let Some(between) = text.get(at..range.start) else { continue };
        written.push_str(between);
        written.push_str(&edit.text);
        at = range.end;
    }
    written + text.get(at..).unwrap_or_default()
}

/// Whether a text still is the Flow that it was, has no error that it did not have, and less of what
/// was to be fixed.
///
/// An error that an option answers is not one of the text: whoever writes `uses` for `yaml_path` names
/// an image for it next.
fn is_better(before: &Compiled, after: &Compiled, attempt: &[(&Diagnostic, &Fix)]) -> bool {
    let count = |compiled: &Compiled, errors_only: bool| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        let findings = compiled.diagnostics.iter();
        let counts_as_error = |finding: &Diagnostic| {
            let is_answered = finding.helps.iter().any(|help| matches!(help, Help::Option(_)));
            finding.level.is_error() && !is_answered
        };
        for finding in findings.filter(|finding| !errors_only || counts_as_error(finding)) {
            *counts.entry(finding.rule.code).or_default() += 1;
        }
        counts
    };
    let (errors, left) = (count(before, true), count(after, true));
    let no_new = left.iter().all(|(code, count)| errors.get(code).is_some_and(|had| count <= had));
    let (had, has) = (count(before, false), count(after, false));
    let is_less = attempt.iter().all(|(finding, _)| {
        let code = finding.rule.code;
        has.get(code).unwrap_or(&0) < had.get(code).unwrap_or(&0)
    });
    let is_same =
        after.flow.span.is_some() && after.flow.executors.len() >= before.flow.executors.len();
    is_same && no_new && is_less
}

#[cfg(test)]
mod tests {
    use super::is_better;
    use crate::{Compiled, Options, plan};

    fn checked(text: &str) -> Compiled {
        plan(("flow.yml", text), &Options::default())
    }

    /// The finding and its fix are those of a key with a slip.
    #[test]
    fn a_fix_loses_nothing() {
        let entry = |key: &str| format!("  - {{name: a, uses: docker://a/b:1, {key}: 2}}\n");
        let other = "  - {name: b, uses: docker://a/b:1}\n";
        let flow = |entries: &str| checked(&format!("jtype: Flow\nexecutors:\n{entries}"));
        let before = flow(&(entry("replcas") + other));
        let finding =
            before.diagnostics.iter().find(|finding| finding.rule.code == "misspelled-key");
        let finding = finding.expect("the key is misspelled");
        let fix = &finding.fixes[0];
        for (after, is_fixed) in [
            (flow(&(entry("replicas") + other)), true),
            (flow(&(entry("replcas") + other)), false),
            (flow(&entry("replicas")), false),
            (flow(&(entry("replicas") + "  - {name: a, uses: docker://a/b:1}\n")), false),
            (checked("- a\n"), false),
            (checked(""), false),
        ] {
            let text = after.flow.executors.len();
            assert_eq!(is_better(&before, &after, &[(finding, fix)]), is_fixed, "{text}");
        }
    }
}
