//! A Code Quality report of GitLab.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flow_model::{Diagnostic, Level, print};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::place::{path, place};
use crate::findings::Report;

/// A JSON array.
pub(super) fn text(report: &Report) -> String {
    let mut fingerprints = Fingerprints::default();
    let issues = report.iter_about().map(|(finding, sources, about)| {
        let at = finding.span().and_then(|span| place(span, sources));
        // An issue has a file and a line, whatever it is about.
        let file = about.map_or_else(|| ".".to_owned(), path);
        let (file, begin) = at.map_or((file, 1), |place| (place.path, place.start.line));
        json!({
            "description": finding.message,
            "check_name": finding.rule.code,
            "fingerprint": fingerprints.of(&file, finding),
            "severity": match finding.level {
                Level::Error | Level::Denied => "critical",
                Level::Warning => "minor",
                Level::Note => "info",
            },
            "location": {"path": file, "lines": {"begin": begin}},
        })
    });
    print::json(&Value::Array(issues.collect()))
}

/// Names of findings that stay the same while other lines of a file change.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How often a finding has been seen: equal ones are told apart by their order.
    seen: BTreeMap<String, u32>,
}

impl Fingerprints {
    /// The name of a finding in a file.
    pub(super) fn of(&mut self, path: &str, finding: &Diagnostic) -> String {
        let text = format!("{path}\0{}\0{}", finding.rule.code, finding.message);
        let count = self.seen.entry(text.clone()).or_default();
        *count += 1;
        let hash = Sha256::digest(format!("{text}\0{count}"));
        hash.iter().take(20).fold(String::new(), |mut name, byte| {
            // Writing into a `String` does not fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}
