//! Comments that allow a finding where it is: `# flowship: allow(CODE)`.

use std::collections::BTreeSet;

use flow_model::flow::ReadDocument;
use flow_model::keys::nearest;
use flow_model::source::{Mapping, Node};
use flow_model::{
    Applicability, Diagnostic, Diagnostics, Edit, FileId, Fix, Level, RuleInfo, Sources, Span,
};

/// A comment that allows nothing.
pub(crate) static UNUSED_ALLOW: RuleInfo = RuleInfo {
    code: "unused-allow",
    level: Level::Warning,
    summary: "a comment that allows a finding that is not there",
    explanation: "\
A comment allows findings of a rule on its line; a comment on a line of its own, those on the next \
line. Findings without which nothing right could be written cannot be allowed. Remove comments that \
are no longer needed: they would hide the next mistake.

```yaml
executors:
  - name: encoder
    labels: {team: search}    # flowship: allow(unknown-key)
    replicas: 2               # flowship: allow(unknown-key) warning: nothing to allow
```",
};

/// The comments of all files of a Flow.
#[derive(Debug, Default)]
pub(crate) struct Allowances {
    list: Vec<Allowance>,
}

/// One code of one comment.
#[derive(Debug)]
struct Allowance {
    code: String,
    /// The code.
    span: Span,
    /// What has to go with it.
    removal: Span,
    /// The line whose findings are allowed, from 1.
    line: usize,
    is_used: bool,
}

impl Allowances {
    /// The comments of the documents that were read.
    pub(crate) fn of(documents: &[ReadDocument], sources: &Sources) -> Self {
        let mut allowances = Self::default();
        let mut seen: BTreeSet<FileId> = BTreeSet::new();
        for document in documents {
            let Some(source) = sources.get(document.file) else { continue };
            if !source.text.contains(WORD) || !seen.insert(document.file) {
                continue;
            }
            allowances.scan(document, &source.text);
        }
        allowances
    }

    fn scan(&mut self, document: &ReadDocument, text: &str) {
        let mut scalars = Vec::new();
        collect_scalars(&document.written, &mut scalars);
        scalars.sort_unstable();
        let is_text = |at: usize| {
            let before = scalars.partition_point(|(start, _)| *start <= at);
            scalars[..before].iter().rev().take(8).any(|(_, end)| at < *end)
        };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let has_several = lines.iter().any(|line| line.starts_with("---"));
        let root = document.written.span.range();
        let mut start = 0;
        for (index, line) in lines.iter().enumerate() {
            let comment = comment(line).filter(|at| !is_text(start + at));
            if let Some((at, codes)) = comment.and_then(|at| Some((at, codes(&line[at..])?))) {
                let is_alone = line[..at].trim().is_empty();
                let target = if is_alone { next_content(&lines, index) } else { Some(index) };
                let is_elsewhere = has_several && !root.contains(&start);
                if !is_elsewhere {
                    let range = removal(line, at, is_alone);
                    let range = start + range.start..start + range.end;
                    self.add(document.file, start + at, &codes, range, target.unwrap_or(index));
                }
            }
            start += line.len();
        }
    }

    fn add(
        &mut self,
        file: FileId,
        at: usize,
        codes: &[(usize, &str)],
        comment: std::ops::Range<usize>,
        line: usize,
    ) {
        for (index, (offset, code)) in codes.iter().enumerate() {
            let start = at + offset;
            // A comment of one code goes whole; of several, a code with a comma beside it.
            let removal = match codes.get(index + 1) {
                _ if codes.len() == 1 => comment.clone(),
                Some((next, _)) => start..at + next,
                None => {
                    let (before, word) = codes[index - 1];
                    at + before + word.len()..start + code.len()
                }
            };
            self.list.push(Allowance {
                code: (*code).to_owned(),
                span: span(file, start..start + code.len()),
                removal: span(file, removal),
                line: line + 1,
                is_used: false,
            });
        }
    }

    /// Drops the findings that are allowed where they are.
    pub(crate) fn apply(&mut self, diagnostics: &mut Diagnostics, sources: &Sources) {
        if self.list.is_empty() {
            return;
        }
        diagnostics.retain(|finding| {
            let Some(span) = finding.span().filter(|_| finding.rule.level != Level::Error) else {
                return true;
            };
            let Some(at) = sources.line_column(span) else { return true };
            let mut is_allowed = false;
            for allowance in &mut self.list {
                let is_meant = allowance.code == finding.rule.code
                    && allowance.span.file == span.file
                    && allowance.line == at.line;
                allowance.is_used |= is_meant;
                is_allowed |= is_meant;
            }
            !is_allowed
        });
    }

    /// Findings about comments that allowed nothing. Of the rules that were looked at (`judged`); of
    /// codes that no rule has where all rules are `known`.
    pub(crate) fn unused(
        &self,
        judged: &[&'static RuleInfo],
        known: &[&'static RuleInfo],
    ) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        for allowance in self.list.iter().filter(|allowance| !allowance.is_used) {
            let code = allowance.code.as_str();
            let rule = judged.iter().chain(known).find(|rule| rule.code == code);
            let (message, label) = match rule {
                Some(rule) if rule.level == Level::Error => (
                    format!("findings of `{code}` cannot be allowed"),
                    "nothing right can be written with them".to_owned(),
                ),
                Some(_) if judged.iter().any(|rule| rule.code == code) => (
                    format!("this comment allows `{code}`, and there is no such finding"),
                    "not needed".to_owned(),
                ),
                Some(_) => continue,
                None => {
                    let codes = judged.iter().chain(known).map(|rule| rule.code);
                    let label = match nearest(code, codes) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if known.is_empty() => continue,
                        None => "no rule has this code".to_owned(),
                    };
                    (format!("`{code}` is not the code of a rule"), label)
                }
            };
            let edit = Edit { span: allowance.removal, text: String::new() };
            diagnostics.push(
                Diagnostic::new(&UNUSED_ALLOW, message)
                    .at(allowance.span, label)
                    .help("remove it from the comment")
                    .fix(Fix {
                        title: format!("remove `{code}` from the comment"),
                        edits: vec![edit],
                        applicability: Applicability::Safe,
                    }),
            );
        }
        diagnostics
    }
}

/// What every such comment holds.
const WORD: &str = "flowship:";

/// Where scalars and keys are: a `#` in them begins no comment.
fn collect_scalars(node: &Node, spans: &mut Vec<(usize, usize)>) {
    let mut add = |span: Span| spans.push((span.start as usize, span.end as usize));
    if node.alias.is_some() {
        return;
    }
    if node.as_scalar().is_some() {
        add(node.span);
    }
    for item in node.as_sequence().into_iter().flatten() {
        collect_scalars(item, spans);
    }
    for entry in node.as_mapping().into_iter().flat_map(Mapping::iter) {
        if entry.merged.is_none() {
            spans.extend(entry.key.span.map(|span| (span.start as usize, span.end as usize)));
            collect_scalars(&entry.value, spans);
        }
    }
}

/// Where the comment begins that speaks to flowship.
fn comment(line: &str) -> Option<usize> {
    let mut hashes = line.match_indices('#').map(|(at, _)| at);
    hashes.find(|at| {
        let is_comment = line[..*at].ends_with([' ', '\t']) || *at == 0;
        is_comment && line[at + 1..].trim_start().starts_with(WORD)
    })
}

/// The codes in `# flowship: allow(CODE, CODE)`, and where each begins.
fn codes(comment: &str) -> Option<Vec<(usize, &str)>> {
    let words = comment.find(WORD)? + WORD.len();
    let rest = comment[words..].trim_start();
    let list = rest.strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    let (list, _) = list.split_once(')')?;
    let begin = list.as_ptr() as usize - comment.as_ptr() as usize;
    let mut at = begin;
    let mut codes = Vec::new();
    for word in list.split(',') {
        let code = word.trim();
        if !code.is_empty() {
            codes.push((at + word.len() - word.trim_start().len(), code));
        }
        at += word.len() + 1;
    }
    (!codes.is_empty()).then_some(codes)
}

/// The next line with something other than a comment.
fn next_content(lines: &[&str], after: usize) -> Option<usize> {
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    (after + 1..lines.len()).find(|index| is_content(lines[*index]))
}

/// What goes when the comment goes: its line, or the end of its line.
fn removal(line: &str, at: usize, is_alone: bool) -> std::ops::Range<usize> {
    if is_alone {
        return 0..line.len();
    }
    line[..at].trim_end().len()..line.trim_end_matches(['\n', '\r']).len()
}

fn span(file: FileId, range: std::ops::Range<usize>) -> Span {
    let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, bound(range.start), bound(range.end))
}

#[cfg(test)]
mod tests {
    use flow_model::{Level, RuleInfo, Sources, Span};

    use super::{Allowance, Allowances, codes, comment, removal};

    const fn rule(code: &'static str, level: Level) -> RuleInfo {
        RuleInfo { code, level, summary: "", explanation: "" }
    }

    #[test]
    fn only_what_was_looked_at_is_not_needed() {
        static JUDGED: RuleInfo = rule("judged", Level::Warning);
        static ERROR: RuleInfo = rule("error", Level::Error);
        static OTHER: RuleInfo = rule("other", Level::Warning);
        let span = Span::new(Sources::new().add("flow.yml", ""), 0, 0);
        for (code, is_used, knows, expected) in [
            ("judged", false, true, Some("this comment allows `judged`")),
            ("judged", true, true, None),
            ("error", false, true, Some("findings of `error` cannot be allowed")),
            ("other", false, true, None),
            ("xyz", false, true, Some("`xyz` is not the code of a rule")),
            ("xyz", false, false, None),
            ("judge", false, false, Some("`judge` is not the code of a rule")),
        ] {
            let code = code.to_owned();
            let allowance = Allowance { code, span, removal: span, line: 1, is_used };
            let known: &[&RuleInfo] = if knows { &[&OTHER] } else { &[] };
            let found = Allowances { list: vec![allowance] }.unused(&[&JUDGED, &ERROR], known);
            let messages: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
            let begins =
                expected.is_none_or(|text| messages.iter().all(|one| one.starts_with(text)));
            assert_eq!(messages.len(), usize::from(expected.is_some()), "{messages:?}");
            assert!(begins, "{messages:?}");
        }
    }

    #[test]
    fn comments_are_told_from_other_text() {
        for (line, expected) in [
            ("a: 1 # flowship: allow(x)", Some(vec!["x"])),
            ("a: 1 #flowship: allow( x , y )  because", Some(vec!["x", "y"])),
            ("# flowship: allow(x)\n", Some(vec!["x"])),
            ("a: 1 # see # flowship: allow(x)", Some(vec!["x"])),
            ("a: 1# flowship: allow(x)", None),
            ("# flowship: --mesh none", None),
            ("# flowship: allow()", None),
            ("# flowship: allow(x", None),
            ("# allow(x)", None),
        ] {
            let found = comment(line).and_then(|at| codes(&line[at..]));
            let found =
                found.map(|codes| codes.into_iter().map(|(_, code)| code).collect::<Vec<_>>());
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn a_comment_goes_with_the_blanks_before_it() {
        for (line, expected) in [
            ("a: 1   # flowship: allow(x)\r\n", "a: 1\r\n"),
            ("  # flowship: allow(x)\n", ""),
            ("a: 1 # flowship: allow(x)", "a: 1"),
        ] {
            let at = comment(line).unwrap();
            let mut left = line.to_owned();
            left.replace_range(removal(line, at, line[..at].trim().is_empty()), "");
            assert_eq!(left, expected);
        }
    }
}
