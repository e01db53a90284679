//! Findings in the formats of other programs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use flowship_tests::{fixtures, flowship, workspace};
use serde_json::Value;

const FORMATS: [&str; 7] = ["full", "concise", "json", "github", "gitlab", "sarif", "junit"];

/// Files with mistakes of many kinds: in the syntax, in keys, values and names, in the graph, in
/// files that they refer to.
const TEN: [&str; 10] = [
    "bad-document-several.yml",
    "bad-reference.yml",
    "cycle.yml",
    "duplicate-key-lists.yml",
    "legacy-key-mapping.yml",
    "many-attempts.yml",
    "misspelled-key.yml",
    "syntax-error.yml",
    "undefined-variable.yml",
    "unresolved-need.yml",
];

/// Checks files of a folder; what is printed, and the code.
fn check(folder: &Path, files: &[&str], format: &str) -> (String, i32) {
    let mut command = Command::new(flowship());
    command.arg("check").args(files).args(["--format", format]);
    command.current_dir(folder).env_remove("JINA_GATEWAY_IMAGE");
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

fn refused() -> std::path::PathBuf {
    workspace().join("tests/fixtures/refused")
}

#[test]
fn ten_files_are_reported_in_each_format() {
    for format in FORMATS {
        let (printed, code) = check(&refused(), &TEN, format);
        assert_eq!(code, 1);
        insta::with_settings!({ snapshot_path => "../snapshots/formats", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format, printed);
        });
    }
}

/// The schema is the one that OASIS publishes, as the crate `serde-sarif` has it.
#[test]
fn sarif_fits_its_schema() {
    let schema = fs::read_to_string(workspace().join("tests/schemas/sarif-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // Its pattern of languages is not a valid regular expression.
    for of in ["run", "toolComponent"] {
        let language = format!("/definitions/{of}/properties/language");
        let language = schema.pointer_mut(&language).unwrap().as_object_mut().unwrap();
        language.remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for files in [vec!["."], TEN.to_vec()] {
        let (printed, _) = check(&refused(), &files, "sarif");
        let log: Value = serde_json::from_str(&printed).unwrap();
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        let results = log["runs"][0]["results"].as_array().unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            for location in result["locations"].as_array().unwrap() {
                let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                assert!(!uri.starts_with('/') && !uri.contains(' '), "{uri}");
            }
        }
        // The schema must be able to say no.
        let mut broken = log.clone();
        broken["runs"][0]["results"][0]["level"] = "fatal".into();
        assert!(!validator.is_valid(&broken));
    }
}

#[test]
fn a_cycle_is_a_code_flow() {
    let (printed, _) = check(&refused(), &["cycle.yml"], "sarif");
    let log: Value = serde_json::from_str(&printed).unwrap();
    let steps = &log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    let steps = steps.as_array().unwrap().iter();
    let steps: Vec<_> =
        steps.map(|step| step["location"]["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(
        steps,
        ["`encoder` needs `ranker`", "`ranker` needs `indexer`", "`indexer` needs `encoder`"]
    );
}

/// GitLab compares reports by fingerprints: they outlive a line that is added above.
#[test]
fn fingerprints_are_unique_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let fingerprints = |text: &str| {
        fs::write(folder.path().join("flow.yml"), text).unwrap();
        let (printed, _) = check(folder.path(), &["flow.yml"], "gitlab");
        let issues: Value = serde_json::from_str(&printed).unwrap();
        let issues = issues.as_array().unwrap().clone();
        for issue in &issues {
            for key in ["description", "check_name", "fingerprint", "severity"] {
                assert!(issue[key].is_string(), "{issue}");
            }
            assert!(issue["location"]["path"].is_string(), "{issue}");
            assert!(issue["location"]["lines"]["begin"].is_u64(), "{issue}");
        }
        let of = |issue: &Value| issue["fingerprint"].as_str().unwrap().to_owned();
        let all: BTreeSet<_> = issues.iter().map(of).collect();
        assert_eq!(all.len(), issues.len());
        all
    };
    for fixture in fixtures("refused") {
        let before = fingerprints(&fixture.text);
        if before.is_empty() || fixture.text.starts_with('%') {
            continue;
        }
        let after = fingerprints(&format!("# one more line\n{}", fixture.text));
        assert_eq!(before, after, "{}", fixture.name);
    }
}

#[test]
fn junit_counts_what_it_holds() {
    let (printed, _) = check(&refused(), &["."], "junit");
    let count = |what: &str| printed.matches(what).count();
    let first = printed.lines().nth(1).unwrap();
    assert!(first.contains(&format!("tests=\"{}\"", count("<testcase"))), "{first}");
    assert!(first.contains(&format!("failures=\"{}\"", count("<failure"))), "{first}");
    assert_eq!(count("<testcase"), count("</testcase>") + count("\"/>"));
}

/// Paths with blanks and other characters are escaped by the rules of each format.
#[test]
fn names_of_files_are_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let name = "100% a:b,c&<d>\"ö.yml";
    fs::write(folder.path().join(name), "jtype: Flow\nexecutors: [{name: a, replicas: x}]\n")
        .unwrap();
    for (format, expected) in [
        ("concise", "100% a:b,c&<d>\"ö.yml:2:33: error[wrong-type]"),
        ("json", r#""file": "100% a:b,c&<d>\"ö.yml""#),
        ("github", "file=100%25 a%3Ab%2Cc&<d>\"ö.yml,line=2"),
        ("gitlab", r#""path": "100% a:b,c&<d>\"ö.yml""#),
        ("sarif", r#""uri": "100%25%20a%3Ab%2Cc%26%3Cd%3E%22%C3%B6.yml""#),
        ("junit", "classname=\"100% a:b,c&amp;&lt;d&gt;&quot;ö.yml\""),
    ] {
        let (printed, code) = check(folder.path(), &[name], format);
        assert_eq!(code, 1);
        assert!(printed.contains(expected), "{format}: {printed}");
    }
}
