//! Every export means what an API server, a kubelet and a scheduler can do something with.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::plan::{Settings, Workload};
use flow_model::values::ToValue as _;
use flowship_tests::meaning::{Object, checks, expand, problems};
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

/// What a container is started with is what the Flow says, once the kubelet has expanded it.
#[test]
fn the_kubelet_changes_no_text_of_a_flow() {
    let mut texts = 0;
    for fixture in fixtures("accepted") {
        let (compiled, _) = fixture.render("none");
        let plan = compiled.plan.unwrap();
        let objects = export(&fixture, "none");
        for (_, workload) in plan.workloads() {
            let object = of_workload(&objects, workload);
            for (planned, container) in workload.containers.iter().zip(object.containers()) {
                let expanded = |list: &str| -> Vec<String> {
                    let words = container[list].as_array().into_iter().flatten();
                    let words = words.filter_map(serde_json::Value::as_str);
                    words.map(|word| expand(word, |name| format!("<{name}>"))).collect()
                };
                if let Some(entrypoint) = &planned.entrypoint {
                    assert_eq!(expanded("command"), entrypoint.words(), "{}", fixture.name);
                    texts += 1;
                }
                let Settings::Executor(settings) = &planned.settings else { continue };
                let args = expanded("args");
                let given = args.iter().skip_while(|word| *word != "--uses-with").nth(1);
                if let (Some(given), Some(uses_with)) = (given, &*settings.uses_with) {
                    let given: serde_json::Value = serde_json::from_str(given).unwrap();
                    assert_eq!(given, uses_with.value.to_value(), "{}", fixture.name);
                    texts += 1;
                }
            }
        }
    }
    assert!(texts > 10, "{texts}");
}

#[test]
fn pods_end_when_the_longest_call_is_over() {
    let fixture = fixtures("accepted").into_iter().find(|f| f.name == "long-calls").unwrap();
    let objects = export(&fixture, "none");
    let (compiled, _) = fixture.render("none");
    let plan = compiled.plan.unwrap();
    let found: Vec<_> = plan
        .workloads()
        .map(|(_, workload)| {
            let object = of_workload(&objects, workload);
            let seconds = |pointer: &str| object.template().pointer(pointer).unwrap().as_i64();
            let sleep = "/spec/containers/0/lifecycle/preStop/sleep/seconds";
            let sleep = seconds(sleep).unwrap();
            let grace = seconds("/spec/terminationGracePeriodSeconds").unwrap();
            (workload.name.as_str(), sleep, grace)
        })
        .collect();
    let expected = [
        ("encoder", 125, 150),
        ("indexer-head", 186, 211),
        ("indexer-0", 186, 211),
        ("indexer-1", 186, 211),
        ("ranker", 125, 150),
        ("last", 125, 150),
        // encoder, indexer and last, one after the other.
        ("gateway", 426, 451),
    ];
    assert_eq!(found, expected);
}

/// Each failure costs one period at most, a Pod that never answered is not waited for, and a rollout is
/// not given up while its Pods may still start.
#[test]
fn pods_have_as_long_to_start_as_they_may_take() {
    let mut rollouts = 0;
    for fixture in fixtures("accepted") {
        let objects = export(&fixture, "none");
        for object in objects.iter().filter(|object| object.is_workload()) {
            let deadline = object.0.pointer("/spec/progressDeadlineSeconds");
            let deadline = deadline.and_then(serde_json::Value::as_i64);
            assert_eq!(deadline.is_some(), object.kind() == "Deployment", "{}", fixture.name);
            // Containers of a block need no probes.
            let own = ["gateway", "executor", "uses-before", "uses-after"];
            let is_own = |name: &serde_json::Value| own.iter().any(|own| name == own);
            for container in object.containers().filter(|it| is_own(&it["name"])) {
                let probe = &container["startupProbe"];
                let seconds = |field: &str| probe[field].as_i64().unwrap();
                assert_eq!(seconds("timeoutSeconds"), seconds("periodSeconds"));
                assert_eq!(seconds("terminationGracePeriodSeconds"), 1);
                let budget = seconds("periodSeconds") * seconds("failureThreshold");
                assert!(deadline.is_none_or(|deadline| deadline > budget), "{}", fixture.name);
                rollouts += usize::from(deadline.is_some());
            }
        }
    }
    assert!(rollouts > 100, "{rollouts}");
}

fn of_workload<'a>(objects: &'a [Object], workload: &Workload) -> &'a Object {
    let name = flow_model::plan::dns_label(&workload.name);
    objects.iter().find(|object| object.is_workload() && object.name() == name).unwrap()
}
