//! A Flow that is written down again is the same Flow.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::{Bundle, print};
use flowship_tests::{Fixture, MESHES, corpus_of_this_machine, fixtures};

/// What is printed of a Flow is the same Flow, and becomes the same objects, byte for byte.
#[test]
fn a_printed_flow_is_exported_alike() {
    for fixture in fixtures("accepted") {
        assert!(is_exported_alike(&fixture), "{} exports nothing", fixture.name);
    }
}

/// The same holds for what people wrote.
#[test]
#[ignore = "needs real files: set `FLOWSHIP_CORPUS` to a folder of them"]
fn a_printed_flow_of_the_corpus_is_exported_alike() {
    let corpus = corpus_of_this_machine();
    let exported = corpus.iter().filter(|flow| is_exported_alike(flow)).count();
    assert!(exported > 0, "no Flow of the corpus is exported");
    eprintln!("{exported} of {} Flows of a corpus are exported alike", corpus.len());
}

/// Whether the Flow is exported at all; fails where what is printed of it is exported otherwise.
fn is_exported_alike(flow: &Fixture) -> bool {
    let mut exports = false;
    for mesh in MESHES {
        let (compiled, bundle) = flow.render(mesh);
        let before = texts(bundle);
        exports |= !before.is_empty();
        if before.is_empty() {
            continue;
        }
        let spelled_out = print::spelled_out(&compiled.flow, &compiled.topology);
        for written in [&compiled.flow, &spelled_out] {
            let text = print::yaml(written).unwrap();
            let printed = Fixture { text: with_arguments(flow, &text), ..flow.clone() };
            let (again, bundle) = printed.render(mesh);
            let findings = again.diagnostics.to_string();
            assert!(*written == again.flow, "{}\n{text}\n{findings}", flow.name);
            assert_eq!(before, texts(bundle), "{}\n{text}\n{findings}", flow.name);
        }
    }
    exports
}

fn texts(bundle: Option<Bundle>) -> Vec<(String, String)> {
    let files = bundle.map(|bundle| bundle.files).unwrap_or_default();
    files.iter().map(|file| (file.path.clone(), file.to_text().unwrap())).collect()
}

/// A printed Flow is one document, with the arguments of the fixture but for its number.
fn with_arguments(fixture: &Fixture, text: &str) -> String {
    let arguments = fixture.arguments().join(" ").replace("--document 2", "");
    let variables: Vec<_> =
        fixture.environment().iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("# flowship: {arguments}\n# environment: {}\n{text}", variables.join(" "))
}

#[test]
fn graphs_and_tables_look_as_they_were_read() {
    let fixture = fixtures("accepted").into_iter().find(|f| f.name == "needs-fork-and-join");
    let (compiled, _) = fixture.unwrap().render("none");
    let topology = &compiled.topology;
    let all = [
        print::table(&compiled.flow, topology),
        print::dot(topology),
        print::mermaid(topology),
        format!("{:#}\n", print::graph(topology)),
    ];
    insta::with_settings!({ snapshot_path => "../snapshots/print", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("fork-and-join", all.join("\n"));
    });
}
