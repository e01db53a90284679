//! A Flow that is written down again is the same Flow.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::{Bundle, print};
use flowship_tests::{Fixture, MESHES, fixtures};

/// What is printed of a Flow is the same Flow, and becomes the same objects, byte for byte.
#[test]
fn a_printed_flow_is_exported_alike() {
    for fixture in fixtures("accepted") {
        for mesh in MESHES {
            let (compiled, bundle) = fixture.render(mesh);
            let before = texts(bundle);
            assert!(!before.is_empty(), "{} exports nothing", fixture.name);
            let spelled_out = print::spelled_out(&compiled.flow, &compiled.topology);
            for flow in [&compiled.flow, &spelled_out] {
                let text = print::yaml(flow).unwrap();
                let printed = Fixture { text: with_arguments(&fixture, &text), ..fixture.clone() };
                let (again, bundle) = printed.render(mesh);
                let findings: Vec<_> = again.diagnostics.iter().map(|f| &f.message).collect();
                assert_eq!(*flow, again.flow, "{}\n{text}", fixture.name);
                assert_eq!(before, texts(bundle), "{}\n{text}\n{findings:?}", fixture.name);
            }
        }
    }
}

fn texts(bundle: Option<Bundle>) -> Vec<(String, String)> {
    let files = bundle.map(|bundle| bundle.files).unwrap_or_default();
    files.iter().map(|file| (file.path.clone(), file.to_yaml().unwrap())).collect()
}

/// A printed Flow is one document, with the arguments of the fixture but for its number.
fn with_arguments(fixture: &Fixture, text: &str) -> String {
    let arguments = fixture.arguments().join(" ").replace("--document 2", "");
    format!("# flowship: {arguments}\n{text}")
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
