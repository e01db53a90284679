//! Flows in namespaces that enforce the Pod Security Standard `restricted`.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::setup::Setup;
use super::starts::{FLOW, PORT};
use crate::e2e::client::HowMany;
use crate::e2e::server::has_condition;

/// What makes an export fit for such a namespace, and writes the Namespace.
const RESTRICTED: [&str; 3] = ["--pod-security", "restricted", "--namespace-object"];

/// How long it may take until a Deployment is told that it gets no Pods.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Flow answers, an Executor keeps what it is told, and a Flow without security contexts gets no Pod.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    println!("| in a `restricted` namespace | ready, s | answered |\n|---|---|---|");
    let namespace = "restricted";
    let objects = setup.export_as(FLOW, "none", namespace, &RESTRICTED)?;
    let deployed = setup.namespace(namespace)?;
    deployed.apply(&objects)?;
    let ready = deployed.wait()?;
    let report = deployed.ask(&deployed.question(PORT, HowMany::Requests(20))?)?;
    println!("| a gateway and two Executors | {ready:.1} | {} |", report.requests);

    // The same namespace takes no Pods of an export that says nothing of security.
    let objects = setup.export("one", "plain")?;
    let plain = objects.into_iter().find(|object| object.kind() == "Deployment");
    let mut plain = plain.context("no Deployment")?;
    plain.0["metadata"]["namespace"] = namespace.into();
    setup.server.create(&plain.0)?;
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{}", plain.name());
    let start = Instant::now();
    loop {
        let found = setup.server.get(&path)?.context("the Deployment is gone")?;
        if has_condition(&found, "ReplicaFailure") {
            break;
        }
        ensure!(start.elapsed() < PATIENCE, "Pods without a security context are taken");
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(deployed);
    println!("| a Flow without `--pod-security` | no Pod is created | |");

    let namespace = "restricted-storage";
    let objects = setup.export_as("storage", "none", namespace, &RESTRICTED)?;
    let deployed = setup.namespace(namespace)?;
    deployed.apply(&objects)?;
    let ready = deployed.wait()?;
    let mut question = deployed.question(55_119, HowMany::Requests(1))?;
    question.on = "/remember";
    deployed.ask(&question)?;
    let pods = deployed.pods("indexer")?;
    deployed.kill(pods.first().context("it has no Pod")?, 0)?;
    deployed.wait()?;
    question.on = "/recall";
    let report = deployed.ask_until_answered(&question)?;
    ensure!(!report.seen.is_empty(), "nothing was kept");
    println!(
        "| an Executor with a volume, asked again after its Pod was killed | {ready:.1} | 2 |"
    );
    Ok(())
}
