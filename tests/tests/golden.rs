//! What is written, read line by line by people, and by a reader that did not write it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::{Bundle, Document};
use flowship_tests::{Fixture, fixtures, meaning, targets};

/// Few enough to be read, chosen so that each shows something that the others do not.
const GOLDEN: &[(&str, &str)] = &[
    ("two-executors", "linkerd"),
    ("two-executors", "none"),
    ("uses-before-and-after", "none"),
    ("several-protocols", "linkerd"),
    ("env-from-secret", "linkerd"),
    ("external-tls", "linkerd"),
    ("chosen-port", "none"),
    ("two-executors", "istio"),
    ("several-protocols", "istio"),
    ("two-executors", "istio-ambient"),
    ("two-executors", "docker-compose"),
    ("replicas", "docker-compose"),
    ("uses-before-and-after", "docker-compose"),
    ("conditions", "docker-compose"),
    ("optional-secret", "docker-compose"),
    ("several-protocols", "docker-compose"),
    ("volumes-with-shards", "linkerd"),
    ("volumes", "none"),
    ("gpus", "none"),
    ("monitoring", "none"),
    ("gateway-tls", "linkerd"),
    ("deployment", "linkerd"),
    ("inspect", "linkerd"),
    ("variables", "linkerd"),
    ("blocks", "none"),
    ("blocks", "docker-compose"),
    ("compose-settings", "docker-compose"),
    ("restricted", "none"),
    ("without-defaults", "none"),
    ("provisions", "none"),
    ("provisions", "docker-compose"),
    ("autoscale", "none"),
    ("collectors", "none"),
    ("expose-nginx", "none"),
    ("expose-alb", "none"),
    ("expose-routes", "istio"),
    ("expose-load-balancer", "none"),
];

fn bundle(fixture: &Fixture, target: &str) -> Bundle {
    let (_, bundle) = fixture.render(target);
    bundle.unwrap_or_else(|| panic!("{} is refused", fixture.name))
}

#[test]
fn exports_look_as_they_were_read() {
    let fixtures = fixtures("accepted");
    for (name, target) in GOLDEN {
        let fixture = fixtures.iter().find(|fixture| fixture.name == *name).unwrap();
        let files = bundle(fixture, target).files;
        let texts: Vec<_> = files
            .iter()
            .map(|file| format!("# {}\n{}", file.path, file.to_text().unwrap()))
            .collect();
        insta::with_settings!({ snapshot_path => "../snapshots/golden", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{target}"), texts.join("---\n"));
        });
    }
}

/// `serde_yaml` shares no code with the writer, and reads plain scalars as YAML 1.1 readers do
/// where that matters: what it reads is what was meant.
#[test]
fn an_independent_reader_reads_what_was_meant() {
    for fixture in fixtures("accepted") {
        for target in targets() {
            for file in bundle(&fixture, target).files {
                let text = file.to_text().unwrap();
                let read = meaning::read(&text).unwrap();
                let read: Vec<_> = read.into_iter().map(|object| object.0).collect();
                let meant: Vec<_> = file.documents().iter().map(Document::value).collect();
                assert_eq!(read, meant, "{} {}", fixture.name, file.path);
            }
        }
    }
}
