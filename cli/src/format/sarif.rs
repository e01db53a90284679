//! A SARIF 2.1.0 log, as GitHub's code scanning and editors read it.
//!
//! Paths are relative to `%SRCROOT%`, which is the folder that flowship ran in. Its place on this
//! machine is nobody's business, so it is described and not named.

use flow_model::{Applicability, Diagnostic, Fix, Level, RuleInfo, Sources, Span, print};
use serde_json::{Map, Value, json};

use super::gitlab::Fingerprints;
use super::place::{Place, place, uri};
use crate::findings::Report;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What relative paths begin at.
const ROOT: &str = "%SRCROOT%";

/// Rules whose labels are the steps of one way, in their order.
const WAYS: &[&str] = &["cycle", "many-attempts"];

/// A JSON object.
pub(super) fn text(report: &Report) -> String {
    let mut rules: Vec<&'static RuleInfo> =
        report.iter().map(|(finding, _)| finding.rule).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    let mut fingerprints = Fingerprints::default();
    let results = report.iter().map(|(finding, sources)| {
        let index = rules.iter().position(|rule| rule.code == finding.rule.code);
        result(finding, sources, index, &mut fingerprints)
    });
    let results: Value = results.collect();
    print::json(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "flowship",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|rule| of_rule(rule)).collect::<Value>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "The folder that flowship ran in."}},
            },
            "results": results,
        }],
    }))
}

fn of_rule(rule: &RuleInfo) -> Value {
    let summary = format!("{}.", rule.summary);
    json!({
        "id": rule.code,
        "shortDescription": {"text": summary},
        "help": {"text": rule.explanation, "markdown": rule.explanation},
        "defaultConfiguration": {"level": level(rule.level)},
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error | Level::Denied => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn result(
    finding: &Diagnostic,
    sources: &Sources,
    rule: Option<usize>,
    fingerprints: &mut Fingerprints,
) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(finding.rule.code));
    result.extend(rule.map(|index| ("ruleIndex".to_owned(), json!(index))));
    result.insert("level".to_owned(), json!(level(finding.level)));
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    let helps = finding.helps.iter().map(|help| format!("\nhelp: {help}"));
    let text = notes.chain(helps).fold(finding.message.clone(), |text, more| text + &more);
    result.insert("message".to_owned(), json!({"text": text}));
    let mut labels = finding.labels.iter();
    let locations = labels.next().and_then(|label| location(label.span, &label.text, sources));
    result.insert("locations".to_owned(), locations.into_iter().collect());
    let related: Vec<_> =
        labels.filter_map(|label| location(label.span, &label.text, sources)).collect();
    if WAYS.contains(&finding.rule.code) {
        let steps = finding.labels.iter();
        let steps = steps.filter_map(|label| location(label.span, &label.text, sources));
        let steps: Vec<_> = steps.map(|step| json!({"location": step})).collect();
        if !steps.is_empty() {
            let flow = json!([{"threadFlows": [{"locations": steps}]}]);
            result.insert("codeFlows".to_owned(), flow);
        }
    }
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    let path = finding.span().and_then(|span| place(span, sources)).map(|place| place.path);
    let fingerprint = fingerprints.of(&path.unwrap_or_default(), finding);
    result.insert("partialFingerprints".to_owned(), json!({"flowship/v1": fingerprint}));
    let fixes = finding.fixes.iter().filter(|fix| fix.applicability != Applicability::DisplayOnly);
    let fixes: Vec<_> = fixes.filter_map(|fix| of_fix(fix, sources)).collect();
    if !fixes.is_empty() {
        result.insert("fixes".to_owned(), Value::Array(fixes));
    }
    Value::Object(result)
}

fn location(span: Span, text: &str, sources: &Sources) -> Option<Value> {
    let place = place(span, sources)?;
    let mut location = json!({
        "physicalLocation": {"artifactLocation": artifact(&place.path), "region": region(&place)},
    });
    if !text.is_empty() {
        location["message"] = json!({"text": text});
    }
    Some(location)
}

fn artifact(path: &str) -> Value {
    // A path that leads out of the folder is not one in it.
    if path.starts_with('/') {
        return json!({"uri": format!("file://{}", uri(path))});
    }
    json!({"uri": uri(path), "uriBaseId": ROOT})
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

/// A fix, with one change for each file. `None` where a part of it has no place.
fn of_fix(fix: &Fix, sources: &Sources) -> Option<Value> {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let place = place(edit.span, sources)?;
        let replacement = json!({
            "deletedRegion": region(&place),
            "insertedContent": {"text": edit.text},
        });
        match changes.iter_mut().find(|(path, _)| *path == place.path) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((place.path, vec![replacement])),
        }
    }
    let changes = changes.into_iter().map(|(path, replacements)| {
        json!({"artifactLocation": artifact(&path), "replacements": replacements})
    });
    let changes: Vec<_> = changes.collect();
    Some(json!({"description": {"text": fix.title}, "artifactChanges": changes}))
}
