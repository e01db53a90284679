//! Every export means what an API server, a kubelet and a scheduler can do something with.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flowship_tests::meaning::{Object, checks, problems};
use flowship_tests::{MESHES, fixtures};

fn export(fixture: &flowship_tests::Fixture, mesh: &str) -> Vec<Object> {
    let (compiled, bundle) = fixture.render(mesh);
    let findings: Vec<_> = compiled.diagnostics.iter().map(|found| &found.message).collect();
    let bundle = bundle.unwrap_or_else(|| panic!("{} is refused: {findings:?}", fixture.name));
    bundle.documents().map(|(_, document)| Object(document.value())).collect()
}

#[test]
fn exports_have_no_problem_of_meaning() {
    let mut found = Vec::new();
    for fixture in fixtures("accepted") {
        for mesh in MESHES {
            let problems = problems(&export(&fixture, mesh));
            found.extend(problems.into_iter().map(|p| format!("{} [{mesh}] {p}", fixture.name)));
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn each_check_sees_the_fault_that_it_plants() {
    let fixture = fixtures("accepted").into_iter().find(|f| f.name == "uses-before-and-after");
    let fixture = fixture.unwrap();
    let mut objects = export(&fixture, "none");
    // And what meshes add to the same Flow.
    for (mesh, asked) in
        [("linkerd", "--retries mesh --retry /search"), ("istio", "--require-mtls")]
    {
        let mut asking = fixture.clone();
        asking.text = format!("# flowship: {asked}\n{}", fixture.text);
        let kinds = ["GRPCRoute", "VirtualService", "PeerAuthentication"];
        let exported = export(&asking, mesh).into_iter();
        objects.extend(exported.filter(|object| kinds.contains(&object.kind())));
    }
    for check in checks() {
        assert_eq!((check.find)(&objects), [""; 0], "{}", check.rule);
        let mut broken = objects.clone();
        (check.plant)(&mut broken);
        assert_ne!((check.find)(&broken), [""; 0], "{}", check.rule);
    }
}
