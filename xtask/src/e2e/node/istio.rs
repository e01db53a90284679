//! A real Istio carries the traffic of a Flow.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use flowship_tests::meaning::Object;
use serde_json::{Value, json};

use super::setup::{Setup, seen};
use crate::e2e::client::HowMany;
use crate::e2e::control_plane::ControlPlane;
use crate::e2e::exports;
use crate::e2e::istio::Istio;
use crate::e2e::kubelet::Node;
use crate::e2e::run_folder::RunFolder;

/// Three replicas of one Executor.
const FLOW: &str = "replicas";
const PORT: u16 = 55_104;
const REQUESTS: usize = 60;
const REPLICAS: usize = 3;

/// How long it may take until the sidecar of the gateway knows all replicas.
const SETTLED: Duration = Duration::from_mins(1);

/// Sends requests through sidecars: they spread over replicas, and no longer do when the port of
/// the Executor's Service has a name that says nothing.
#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
pub(super) fn run(
    setup: &Setup<'_>,
    cluster: &ControlPlane,
    node: &Node,
    folder: &RunFolder,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let istio = Istio::start(cluster, node, folder)?;
    println!("Istio ready after {:.1} s", start.elapsed().as_secs_f64());
    let (flows, workloads) = examine_fixtures(setup, &istio)?;
    println!(
        "{flows} exports pass istioctl's validate and analyze; sidecars in {workloads} workloads"
    );
    for (namespace, is_named) in [("istio-named", true), ("istio-misnamed", false)] {
        let mut objects = setup.export_with(FLOW, "istio", namespace)?;
        if !is_named {
            objects.iter_mut().for_each(misname);
        }
        let injected = istio.inject(&objects)?;
        check_injection(&objects, &injected)?;
        let deployed = setup.namespace(namespace)?;
        deployed.apply(&injected)?;
        let ready = deployed.wait()?;
        let deadline = Instant::now() + SETTLED;
        let counts = loop {
            let report = deployed.ask(&deployed.question(PORT, HowMany::Requests(REQUESTS))?)?;
            let counts = seen(&report).get("tell").cloned().unwrap_or_default();
            let counts: Vec<usize> = counts.into_values().collect();
            // The proxy chooses the less busy one of two at random.
            let is_spread =
                counts.len() == REPLICAS && counts.iter().all(|n| n * REPLICAS * 2 >= REQUESTS);
            if is_spread == is_named {
                break counts;
            }
            ensure!(Instant::now() < deadline, "{namespace}: {counts:?} of {REQUESTS} requests");
        };
        let what = if is_named { "as exported" } else { "a port that is called `tcp-tell`" };
        println!(
            "{what}: ready after {ready:.1} s, {REQUESTS} requests over {REPLICAS} replicas: {counts:?}"
        );
        if !is_named {
            ensure!(counts == [REQUESTS], "one connection leads to one Pod, and not to {counts:?}");
        }
    }
    Ok(())
}

/// What `istioctl` says to every fixture in both modes, and how it puts sidecars into their Pods.
/// Returns how many exports and workloads there were.
fn examine_fixtures(setup: &Setup<'_>, istio: &Istio) -> anyhow::Result<(usize, usize)> {
    let (mut flows, mut workloads) = (0, 0);
    for mesh in ["istio", "istio-ambient"] {
        let folder = setup.folder.join("examined").join(mesh);
        let mut objects = Vec::new();
        let all = [exports::accepted(), exports::with_policies()].concat();
        for flow in all.iter().filter(|flow| flow.is_for(mesh)) {
            let namespace = exports::namespace(mesh, &flow.name);
            let out = folder.join(&namespace);
            let exported = flow.export(&setup.flowship, mesh, &namespace, &out)?;
            objects.extend(exported.context("a fixture is refused")?);
            flows += 1;
        }
        istio.examine(&folder)?;
        if mesh == "istio" {
            workloads = objects.iter().filter(|object| object.is_workload()).count();
            check_injection(&objects, &istio.inject(&objects)?)?;
        }
    }
    Ok((flows, workloads))
}

/// Gives the port of the Executor's Service a name that stands for plain TCP, and nothing beside.
fn misname(object: &mut Object) {
    if object.kind() != "Service" || object.name() != "tell" {
        return;
    }
    let ports = object.0.pointer_mut("/spec/ports").and_then(Value::as_array_mut);
    let ports = ports.expect("a Service of an Executor has ports");
    for port in ports {
        port["name"] = json!("tcp-tell");
        if let Some(port) = port.as_object_mut() {
            port.shift_remove("appProtocol");
        }
    }
}

/// The injector puts a sidecar into every Pod, and hands its probes on to the agent, which asks the
/// ports that were meant.
fn check_injection(plain: &[Object], injected: &[Object]) -> anyhow::Result<()> {
    for before in plain.iter().filter(|object| object.is_workload()) {
        let name = before.name();
        let namespace = &before.0["metadata"]["namespace"];
        let is_it = |it: &&Object| {
            it.is_workload() && it.name() == name && it.0["metadata"]["namespace"] == *namespace
        };
        let after = injected.iter().find(is_it);
        let pod = &after.with_context(|| format!("{name} is lost"))?.0["spec"]["template"]["spec"];
        let containers = ["containers", "initContainers"].map(|list| pod[list].as_array());
        let containers: Vec<_> = containers.into_iter().flatten().flatten().collect();
        let container = |wanted: &str| containers.iter().copied().find(|it| it["name"] == wanted);
        let proxy = container("istio-proxy").with_context(|| format!("{name} has no sidecar"))?;
        let own = &before.0["spec"]["template"]["spec"]["containers"][0];
        let meant = container(own["name"].as_str().unwrap_or_default());
        let meant = meant.with_context(|| format!("{name} lost its container"))?;
        ensure!(meant["ports"] == own["ports"], "{name} has other ports: {}", meant["ports"]);
        let variables = proxy["env"].as_array().map(Vec::as_slice).unwrap_or_default();
        let probers = variables.iter().find(|it| it["name"] == "ISTIO_KUBE_APP_PROBERS");
        let probers = probers.and_then(|it| it["value"].as_str()).unwrap_or_default();
        let probers: Value = serde_json::from_str(probers).unwrap_or_default();
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let path = meant[probe]["httpGet"]["path"].as_str();
            let path = path.with_context(|| format!("{probe} of {name} is not handed on"))?;
            let asked = &probers[path];
            for kind in ["grpc", "httpGet"] {
                let wanted = &own[probe][kind]["port"];
                ensure!(
                    wanted.is_null() || asked[kind]["port"] == *wanted,
                    "{probe} of {name} asks {asked}, not {}",
                    own[probe]
                );
            }
        }
    }
    Ok(())
}
