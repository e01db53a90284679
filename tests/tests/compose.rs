//! Docker Compose: files that mean something, and a word about every key that means less.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use backend_compose::{Compose, Options};
use flow_model::keys::{Key, Scope};
use flow_model::{Backend as _, Fate};
use flowship_tests::{COMPOSE, fixtures, services};
use serde_json::Value;

fn file(fixture: &flowship_tests::Fixture) -> Value {
    let (compiled, bundle) = fixture.render(COMPOSE);
    let findings: Vec<_> = compiled.diagnostics.iter().map(|found| &found.message).collect();
    let bundle = bundle.unwrap_or_else(|| panic!("{} is refused: {findings:?}", fixture.name));
    let mut documents = bundle.documents().map(|(_, document)| document.value());
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

/// For each key whose meaning depends on Docker Compose itself: a value that means less, and the
/// finding that says so. Keys that are ignored or approximated always are findings about their fates.
const MEANS_LESS: &[(Scope, &str, &str, &str)] = &[
    (Scope::Gateway, "replicas", "2", "one-gateway"),
    (Scope::Executor, "port", "12345", "inside-port"),
    (Scope::Executor, "workspace", "data", "relative-workspace"),
    (Scope::Executor, "workspace_id", "w", "ignored-key"),
    (Scope::Executor, "image_pull_secrets", "s", "ignored-key"),
    (Scope::Executor, "env_from_secret", "{A: {name: s, key: k}}", "approximated-key"),
    (Scope::Executor, "volumes", "/data", "approximated-key"),
    (Scope::Executor, "host", "example.com", "not-external"),
    (Scope::Executor, "tls", "true", "not-external"),
    (Scope::Executor, "polling", "ALL", "not-sharded"),
    (Scope::Executor, "uses_before", "docker://b", "not-sharded"),
];

/// What a backend ignores never becomes an argument: a value there may be a secret.
#[test]
fn what_is_ignored_is_not_written() {
    let backends: [&dyn flow_model::Backend; 2] = [
        &Compose::new(Options::default()),
        &backend_k8s::Kubernetes::new(backend_k8s::Options::default()),
    ];
    for backend in backends {
        for key in Key::all() {
            if let Fate::Ignored(_) = backend.fate(key) {
                assert_eq!(key.info().flag.map(|flag| flag.name), None, "{key:?}");
            }
        }
    }
}

#[test]
fn every_fate_says_why() {
    let backend = Compose::new(Options::default());
    for key in Key::all() {
        match backend.fate(key) {
            Fate::Exact => {}
            Fate::Depends(why)
            | Fate::Approximated(why)
            | Fate::Ignored(why)
            | Fate::Refused(why) => {
                assert!(why.len() > 10 && !why.contains("Pod"), "{key:?}: {why}");
            }
        }
    }
}

#[test]
fn a_key_that_means_less_is_spoken_of_when_used() {
    let backend = Compose::new(Options::default());
    for (scope, key, value, code) in MEANS_LESS {
        let place =
            |wanted| if *scope == wanted { format!("{key}: '{value}'") } else { String::new() };
        let text = format!(
            "jtype: Flow\nwith: {{{}}}\ngateway: {{{}}}\nexecutors:\n  - {{name: a, uses: 'docker://a', {}}}\n",
            place(Scope::Flow),
            place(Scope::Gateway),
            place(Scope::Executor),
        )
        .replace("'{", "{")
        .replace("}'", "}");
        let options = flow_validate::Options::default();
        let found =
            flow_validate::compile(("flow.yml", text.as_str()), &backend, &options).diagnostics;
        let finding = found.iter().find(|finding| finding.rule.code == *code);
        let codes: Vec<_> = found.iter().map(|finding| finding.rule.code).collect();
        let finding = finding.unwrap_or_else(|| panic!("{key}: {codes:?}\n{text}"));
        assert!(finding.span().is_some(), "{key} is found nowhere");
    }
}

/// As Jina's launcher does: each replica gets the next one, and each shard begins anew. The container
/// sees this GPU alone, which is number 0 there.
#[test]
fn gpus_are_dealt_out_in_turn() {
    let backend = Compose::new(Options::default());
    for (devices, more, expected) in [
        ("RR0:2", "replicas: 3", vec!["a-rep-0 0", "a-rep-1 1", "a-rep-2 0"]),
        ("RR1:3", "replicas: 2, gpus: 1", vec!["a-rep-0 1", "a-rep-1 2"]),
        ("RR2,0", "replicas: 2, gpus: all", vec!["a-rep-0 2", "a-rep-1 0"]),
        ("RR1", "gpus: 2", vec!["a 1"]),
        ("RRGPU-a,GPU-b", "replicas: 2", vec!["a-rep-0 GPU-a", "a-rep-1 GPU-b"]),
        (
            "RR0:2",
            "shards: 2, replicas: 2, volumes: /data",
            vec!["a-0-rep-0 0", "a-0-rep-1 1", "a-1-rep-0 0", "a-1-rep-1 1"],
        ),
    ] {
        let env = format!("{{CUDA_VISIBLE_DEVICES: '{devices}', A: b}}");
        let text = format!(
            "jtype: Flow\nexecutors:\n- {{name: a, uses: 'docker://a/b:1', env: {env}, {more}}}\n"
        );
        let options = flow_validate::Options::default();
        let compiled = flow_validate::compile(("flow.yml", text.as_str()), &backend, &options);
        let bundle = compiled.bundle.unwrap_or_else(|| panic!("{}", compiled.diagnostics));
        let file = bundle.documents().next().unwrap().1.value();
        let mut dealt = Vec::new();
        for (name, service) in file["services"].as_object().unwrap() {
            assert_eq!(service["environment"]["CUDA_VISIBLE_DEVICES"], Value::Null, "{name}");
            let device = &service["deploy"]["resources"]["reservations"]["devices"][0];
            if let [Value::String(id)] = device["device_ids"].as_array().map_or(&[][..], |ids| ids)
            {
                assert_eq!(device["count"], Value::Null, "either a number or certain ones");
                assert_eq!(service["environment"]["A"], "b");
                dealt.push(format!("{name} {id}"));
            }
        }
        assert_eq!(dealt, expected, "{devices} {more}");
    }
}
