//! A Flow that is written down again is the same Flow.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::print;
use flowship_tests::{Fixture, MESHES, fixtures};

/// What is printed of a Flow becomes the same objects, byte for byte.
#[test]
fn a_printed_flow_is_exported_alike() {
    for fixture in fixtures("accepted") {
        for mesh in MESHES {
            let (compiled, bundle) = fixture.render(mesh);
            let text = print::yaml(&compiled.flow, &compiled.topology).unwrap();
            // What is printed is one document, with the arguments of the fixture but for its number.
            let arguments = fixture.arguments().join(" ").replace("--document 2", "");
            let text = format!("# flowship: {arguments}\n{text}");
            let printed = Fixture { text: text.clone(), ..fixture.clone() };
            let (again, printed) = printed.render(mesh);
            let findings: Vec<_> = again.diagnostics.iter().map(|found| &found.message).collect();
            let texts = |bundle: Option<flow_model::Bundle>| {
                let files = bundle.map(|bundle| bundle.files).unwrap_or_default();
                files.iter().map(|file| (file.path.clone(), file.to_yaml().unwrap())).collect()
            };
            let (before, after): (Vec<_>, Vec<_>) = (texts(bundle), texts(printed));
            assert!(!before.is_empty(), "{} exports nothing", fixture.name);
            assert_eq!(before, after, "{}\n{text}\n{findings:?}", fixture.name);
        }
    }
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
