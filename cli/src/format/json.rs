//! A list of findings for programs: all that findings hold, with places as lines, columns and bytes.

use flow_model::{Applicability, Diagnostic, Edit, Label, Sources, Span, print};
use serde_json::{Value, json};

use super::place::{Place, place};
use crate::findings::Report;

/// A JSON array.
pub(super) fn text(report: &Report) -> String {
    let findings = report.iter().map(|(finding, sources)| value(finding, sources));
    print::json(&Value::Array(findings.collect()))
}

fn value(finding: &Diagnostic, sources: &Sources) -> Value {
    let place = finding.span().and_then(|span| place(span, sources));
    let labels = finding.labels.iter().map(|label| of_label(label, sources));
    let fixes = finding.fixes.iter().map(|fix| {
        json!({
            "title": fix.title,
            "applicability": match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "display-only",
            },
            "edits": fix.edits.iter().map(|edit| of_edit(edit, sources)).collect::<Value>(),
        })
    });
    json!({
        "code": finding.rule.code,
        "level": finding.level.word(),
        "allowable": finding.rule.level != flow_model::Level::Error,
        "message": finding.message,
        "file": place.map(|place| place.path),
        "place": finding.span().map(|span| range(span, sources)),
        "labels": labels.collect::<Value>(),
        "notes": finding.notes,
        "helps": finding.helps.iter().map(ToString::to_string).collect::<Value>(),
        "fixes": fixes.collect::<Value>(),
    })
}

fn of_label(label: &Label, sources: &Sources) -> Value {
    json!({
        "file": place(label.span, sources).map(|place| place.path),
        "place": range(label.span, sources),
        "text": label.text,
    })
}

fn of_edit(edit: &Edit, sources: &Sources) -> Value {
    json!({
        "file": place(edit.span, sources).map(|place| place.path),
        "place": range(edit.span, sources),
        "text": edit.text,
    })
}

fn range(span: Span, sources: &Sources) -> Value {
    let Some(Place { start, end, .. }) = place(span, sources) else { return Value::Null };
    json!({
        "start": {"line": start.line, "column": start.column, "byte": span.start},
        "end": {"line": end.line, "column": end.column, "byte": span.end},
    })
}
