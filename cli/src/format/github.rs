//! Workflow commands of GitHub Actions, which become annotations of files.
//!
//! GitHub draws ten errors, ten warnings and ten notices of a step, so the heaviest come first, and
//! the last line says how many there are.

use std::cmp::Reverse;
use std::fmt::Write as _;

use flow_model::{Diagnostic, Level, Sources, visible};

use super::full::weight;
use super::place::{Place, place};
use crate::findings::Report;

/// A command a line, and a count.
pub(super) fn text(report: &Report) -> String {
    let mut findings: Vec<_> = report.iter().collect();
    findings.sort_by_key(|(finding, _)| Reverse(weight(finding.level)));
    let mut text = String::new();
    for (finding, sources) in findings {
        command(&mut text, finding, sources);
    }
    if let Some(counts) = report.summary() {
        text.push_str(&counts);
        text.push('\n');
    }
    text
}

fn command(text: &mut String, finding: &Diagnostic, sources: &Sources) {
    let kind = match finding.level {
        Level::Error | Level::Denied => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    // Writing into a `String` does not fail.
    let _ =
        write!(text, "::{kind} title={}", property(&format!("flowship[{}]", finding.rule.code)));
    if let Some(Place { path, start, end }) = finding.span().and_then(|span| place(span, sources)) {
        if path != "<stdin>" {
            let _ = write!(text, ",file={}", property(&path));
        }
        let _ = write!(text, ",line={},endLine={}", start.line, end.line);
        // Columns of a place of several lines would be refused.
        if start.line == end.line {
            let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
        }
    }
    let _ = write!(text, "::{}", data(&finding.message));
    if let Some(label) = finding.labels.first().filter(|label| !label.text.is_empty()) {
        let _ = write!(text, "%0A{}", data(&label.text));
    }
    for note in &finding.notes {
        let _ = write!(text, "%0Anote: {}", data(note));
    }
    for help in &finding.helps {
        let _ = write!(text, "%0Ahelp: {}", data(&help.to_string()));
    }
    text.push('\n');
}

/// The words of a command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_would_end_a_value_is_escaped() {
        for (text, in_words, in_property) in [
            ("plain", "plain", "plain"),
            ("100%", "100%25", "100%25"),
            ("a: b, c", "a: b, c", "a%3A b%2C c"),
            ("a\n::error::b", r"a\n::error::b", r"a\n%3A%3Aerror%3A%3Ab"),
            ("%0A", "%250A", "%250A"),
        ] {
            assert_eq!(data(text), in_words);
            assert_eq!(property(text), in_property);
        }
    }
}
