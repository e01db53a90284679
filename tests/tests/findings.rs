//! Every mistake is found, at its place, in words that help.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use flow_model::Diagnostic;
use flow_model::report::{Style, render, summary};
use flowship_tests::{Fixture, fixtures, rules};

/// Each fixture's findings as they are drawn.
#[test]
fn findings_are_drawn_at_their_place() {
    for fixture in fixtures("refused") {
        let (compiled, _) = fixture.render("linkerd");
        let drawn = compiled.diagnostics.iter();
        let mut drawn: Vec<_> =
            drawn.map(|finding| render(finding, &compiled.sources, Style::Plain)).collect();
        drawn.extend(summary(&compiled.diagnostics));
        insta::with_settings!({ snapshot_path => "../snapshots/findings", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(fixture.name.as_str(), drawn.join("\n\n"));
        });
    }
}

/// Every rule has a fixture that begins with its code, and is found in it.
#[test]
fn every_rule_has_a_fixture() {
    let missing: Vec<_> = rules()
        .into_iter()
        .map(|rule| rule.code)
        .filter(|code| !WITHOUT_FIXTURE.contains(code))
        .filter(|code| {
            !fixtures("refused").iter().filter(|fixture| fixture.name.starts_with(code)).any(
                |fixture| {
                    let (compiled, _) = fixture.render("linkerd");
                    compiled.diagnostics.iter().any(|finding| finding.rule.code == *code)
                },
            )
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// Found by tests of their own: limits need large texts, no mesh that ships balances by connection,
/// what only code can say no file can show, and platforms have findings of theirs.
const WITHOUT_FIXTURE: &[&str] = &[
    "bad-env-line",
    "claim-not-resized",
    "claim-pending",
    "config-not-found",
    "crashed",
    "ended",
    "field-conflict",
    "image-not-pulled",
    "mesh-missing",
    "missing-definition",
    "missing-secret",
    "needs-recreate",
    "not-injected",
    "not-permitted",
    "not-started",
    "nul-character",
    "object-in-the-way",
    "object-refused",
    "out-of-memory",
    "plan-outdated",
    "pod-refused",
    "probe-failed",
    "program-not-started",
    "refused-key",
    "too-deep",
    "too-large",
    "too-many-nodes",
    "two-generations",
    "unbalanced-replicas",
    "unfinished",
    "unschedulable",
    "variable-not-set",
];

#[test]
fn codes_are_unique_and_well_formed() {
    let rules = rules();
    let codes: BTreeSet<_> = rules.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rules.len());
    for rule in rules {
        let code = rule.code;
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{code}");
        assert!(rule.explanation.len() > 80, "{code} explains too little");
    }
}

#[test]
fn ten_mistakes_are_ten_findings_in_one_run() {
    let fixture = fixtures("refused").into_iter().find(|fixture| fixture.name == "ten-mistakes");
    let (compiled, bundle) = fixture.unwrap().render("linkerd");
    let places: Vec<_> = compiled
        .diagnostics
        .iter()
        .map(|finding| {
            let at = compiled.sources.line_column(finding.span().unwrap()).unwrap();
            format!("{}:{} {}", at.line, at.column, finding.rule.code)
        })
        .collect();
    assert_eq!(
        places,
        [
            "3:13 wrong-type",
            "5:13 wrong-value",
            "7:11 bad-name",
            "10:11 no-container",
            "11:5 misspelled-key",
            "12:13 wrong-value",
            "15:12 unresolved-need",
            "16:11 wrong-value",
            "17:11 duplicate-name",
            "19:14 wrong-value",
        ]
    );
    assert_eq!(bundle, None);
}

/// What a finding would edit is edited, and the finding is gone. The edits of all findings go together.
#[test]
fn fixes_cure_what_was_found() {
    let mut cured = 0;
    for fixture in fixtures("refused") {
        let (compiled, _) = fixture.render("linkerd");
        let found = compiled.diagnostics.iter();
        let is_own = |finding: &&Diagnostic| {
            // Files that the fixture refers to stay as they are.
            let name = finding.span().and_then(|span| compiled.sources.get(span.file));
            name.is_some_and(|source| source.text == fixture.text)
        };
        let with_fix: Vec<_> =
            found.filter(|finding| !finding.fixes.is_empty()).filter(is_own).collect();
        if with_fix.is_empty() {
            continue;
        }
        let mut edits: Vec<_> = with_fix
            .iter()
            .filter_map(|finding| finding.fixes.first())
            .flat_map(|fix| &fix.edits)
            .collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        edits.dedup();
        let mut text = fixture.text.clone();
        for edit in edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        let mended = Fixture { name: fixture.name.clone(), path: fixture.path.clone(), text };
        let (after, _) = mended.render("linkerd");
        for finding in with_fix {
            let again = after.diagnostics.iter().any(|other| other.message == finding.message);
            assert!(!again, "{}: {}\n{}", fixture.name, finding.message, mended.text);
            cured += 1;
        }
    }
    assert!(cured > 10, "{cured}");
}
