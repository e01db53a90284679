//! Docker Compose: files that mean something, and a word about every key that means less.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use backend_compose::{Compose, Options};
use flow_model::keys::{Key, Scope};
use flow_model::{Backend as _, Fate};
use flowship_tests::{COMPOSE, fixtures, services};
use serde_json::Value;

fn file(fixture: &flowship_tests::Fixture) -> Value {
    let (compiled, bundle) = fixture.render(COMPOSE);
    let findings: Vec<_> = compiled.diagnostics.iter().map(|found| &found.message).collect();
    let bundle = bundle.unwrap_or_else(|| panic!("{} is refused: {findings:?}", fixture.name));
    let mut documents = bundle.documents().map(|(_, document)| document.value.clone());
    let file = documents.next().unwrap();
    assert_eq!(documents.next(), None, "one file of one document");
    file
}

#[test]
fn files_have_no_problem_of_meaning() {
    let mut found = Vec::new();
    for fixture in fixtures("accepted") {
        let problems = services::problems(&file(&fixture)).into_iter();
        found.extend(problems.map(|problem| format!("{}: {problem}", fixture.name)));
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn each_check_sees_the_fault_that_it_plants() {
    let fixture = fixtures("accepted").into_iter().find(|f| f.name == "uses-before-and-after");
    let file = file(&fixture.unwrap());
    for check in services::checks() {
        assert_eq!((check.find)(&file), [""; 0], "{}", check.rule);
        let mut broken = file.clone();
        (check.plant)(&mut broken);
        assert_ne!((check.find)(&broken), [""; 0], "{}", check.rule);
    }
}

/// For each key that is not exact: a value that uses it, and the finding that says so.
const LESS_THAN_EXACT: &[(Scope, &str, &str, &str)] = &[
    (Scope::Flow, "name", "My Flow", "project-changed"),
    (Scope::Flow, "workspace_id", "w", "ignored-key"),
    (Scope::Flow, "quiet", "true", "ignored-key"),
    (Scope::Flow, "quiet_error", "true", "ignored-key"),
    (Scope::Gateway, "replicas", "2", "ignored-key"),
    (Scope::Gateway, "image_pull_secrets", "s", "ignored-key"),
    (Scope::Gateway, "env_from_secret", "{A: {name: s, key: k}}", "approximated-key"),
    (Scope::Executor, "image_pull_secrets", "s", "ignored-key"),
    (Scope::Executor, "env_from_secret", "{A: {name: s, key: k}}", "approximated-key"),
    (Scope::Executor, "port", "12345", "approximated-key"),
    (Scope::Executor, "workspace", "/workspace", "approximated-key"),
    (Scope::Executor, "host", "example.com", "not-external"),
    (Scope::Executor, "tls", "true", "not-external"),
    (Scope::Executor, "protocol", "http", "executor-protocol"),
];

#[test]
fn a_key_that_means_less_is_spoken_of_when_used() {
    let backend = Compose::new(Options::default());
    let less: BTreeSet<_> = Key::all()
        .filter(|key| backend.fate(*key) != Fate::Exact)
        .map(|key| (key.scope(), key.info().name))
        .collect();
    let tested: BTreeSet<_> =
        LESS_THAN_EXACT.iter().map(|(scope, key, ..)| (*scope, *key)).collect();
    assert_eq!(less, tested);
    for (scope, key, value, code) in LESS_THAN_EXACT {
        let place =
            |wanted| if *scope == wanted { format!("{key}: {value}") } else { String::new() };
        let text = format!(
            "jtype: Flow\nwith: {{{}}}\ngateway: {{{}}}\nexecutors:\n  - {{name: a, uses: 'docker://a', {}}}\n",
            place(Scope::Flow),
            place(Scope::Gateway),
            place(Scope::Executor),
        );
        let compiled =
            flow_validate::compile("flow.yml", &text, &flow_validate::Options::default());
        let mut found = compiled.diagnostics;
        if let Some(plan) = &compiled.plan {
            found.extend(backend.render(plan).1);
        }
        let finding = found.iter().find(|finding| finding.rule.code == *code);
        let codes: Vec<_> = found.iter().map(|finding| finding.rule.code).collect();
        let finding = finding.unwrap_or_else(|| panic!("{key}: {codes:?}\n{text}"));
        assert!(finding.span().is_some(), "{key} is found nowhere");
        assert!(finding.message.contains(key) || *code != "ignored-key", "{}", finding.message);
    }
}
