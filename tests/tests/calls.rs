//! Whoever makes a mesh or a backend learns from a Plan who calls whom.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use flow_model::Flow;
use flow_model::keys::Role;
use flow_model::plan::{Plan, Workload};
use flow_model::topology::GATEWAY;
use flowship_tests::{MESHES, fixtures};

type Calls = BTreeSet<(String, String)>;

/// What is called, or calls: a workload, or a container beside its first one.
fn name(workload: &Workload, role: Role) -> String {
    let beside = match role {
        Role::UsesBefore => " before",
        Role::UsesAfter => " after",
        Role::Gateway | Role::Head | Role::Worker => "",
    };
    format!("{}{beside}", workload.name)
}

/// All calls that a Plan tells of. An external Executor is called by its name.
fn planned(plan: &Plan) -> Calls {
    let mut calls = Calls::new();
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            for callee in &container.dials {
                let callee = match plan.find(*callee) {
                    Some((workload, container)) => name(workload, container.role),
                    None => plan.executors[callee.executor].name.value.clone(),
                };
                calls.insert((name(workload, container.role), callee));
            }
        }
    }
    calls
}

/// All calls that Jina makes for a Flow: the gateway calls each Executor, or its head, and a head what
/// runs before, the shards, and what runs after.
fn made(flow: &Flow) -> Calls {
    let mut calls = Calls::new();
    let mut add = |from: &str, to: String| {
        calls.insert((from.to_owned(), to));
    };
    for executor in &flow.executors {
        let (name, shards) = (&executor.name.value, executor.shards());
        let has_head = shards > 1 && !executor.is_external();
        let head = format!("{name}-head");
        if flow.gateway.is_some() {
            add(GATEWAY, if has_head { head.clone() } else { name.clone() });
        }
        if has_head {
            (0..shards).for_each(|shard| add(&head, format!("{name}-{shard}")));
            let settings = &executor.settings;
            settings.uses_before.iter().for_each(|_| add(&head, format!("{head} before")));
            settings.uses_after.iter().for_each(|_| add(&head, format!("{head} after")));
        }
    }
    calls
}

#[test]
fn a_plan_tells_who_calls_whom() {
    let mut seen = Calls::new();
    for fixture in fixtures("accepted") {
        let (compiled, _) = fixture.render(MESHES[0]);
        let plan = compiled.plan.unwrap_or_else(|| panic!("{}", fixture.name));
        let calls = planned(&plan);
        assert_eq!(calls, made(&compiled.flow), "{}", fixture.name);
        // The gateway calls all that is in the graph.
        let nodes = compiled.topology.nodes().iter().map(|node| node.name.as_str());
        let called = plan.gateway.iter().flat_map(|gateway| &gateway.main().dials);
        let called = called.map(|callee| plan.executors[callee.executor].name.value.as_str());
        if plan.gateway.is_some() {
            assert_eq!(called.collect::<Vec<_>>(), nodes.collect::<Vec<_>>(), "{}", fixture.name);
        }
        // As does one that stands in front of a Deployment.
        if let Some(plan) = plan.with_gateway() {
            let executor = &compiled.flow.executors[0];
            let entry = if executor.shards() > 1 { "-head" } else { "" };
            let expected = (GATEWAY.to_owned(), format!("{}{entry}", executor.name.value));
            let more: Vec<_> = planned(&plan).difference(&calls).cloned().collect();
            assert_eq!(more, [expected], "{}", fixture.name);
        }
        seen.extend(calls);
    }
    for (from, to) in [
        ("gateway", "indexer-head"),
        ("indexer-head", "indexer-head before"),
        ("indexer-head", "indexer-head after"),
        ("indexer-head", "indexer-1"),
    ] {
        assert!(seen.contains(&(from.to_owned(), to.to_owned())), "no fixture has {from} → {to}");
    }
}
