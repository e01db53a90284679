//! What blocks `kubernetes` give to Pods.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::long_calls::{self, How};
use super::setup::{Deployed, Setup};
use crate::e2e::client::HowMany;
use crate::e2e::server::has_condition;

/// The Flow, and its namespace.
const FLOW: &str = "blocks";
const PORT: u16 = 55_120;

/// How long a Deployment may take to be told that it gets no Pods, and a Pod to be replaced.
const PATIENCE: Duration = Duration::from_mins(2);

/// The namespace has a quota, which demands requests and limits of every container. The Flow runs in
/// it whole, finds its files, and keeps its cache; a longer grace lets a call finish, and a budget
/// holds back an eviction.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    println!("| what a block sets | seen on the node |\n|---|---|");
    let deployed = setup.namespace(FLOW)?;
    setup.server.create(&json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "demanding", "namespace": FLOW},
        "spec": {"hard": {
            "requests.cpu": "4", "requests.memory": "8Gi", "limits.cpu": "20", "limits.memory": "20Gi",
        }},
    }))?;
    deployed.apply(&export(setup, "first-text")?)?;
    let ready = deployed.wait()?;
    println!(
        "| requests and limits, under a quota that demands them | all Pods ready, {ready:.1} s |"
    );
    without_requests(setup)?;
    println!("| no requests and limits, under the same quota | no Pod is created |");

    let read = |path: &str| answers(&deployed, "/read", path);
    ensure!(read("/etc/app/conf.txt")? == ["first-text"], "the file is another one");
    println!("| `files` with `from` | the text of the file |");
    ensure!(read("/certs/password")? == ["$x", "hush"], "the Secret is another one");
    println!("| `files` with `secret` | the value of the key |");
    let mounts = read("/proc/mounts")?;
    ensure!(mounts.iter().any(|word| word.contains("size=98304k")), "no shared memory: {mounts:?}");
    println!("| `sharedMemory: 96Mi` | `/dev/shm` with `size=98304k` |");
    let token = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
    ensure!(read(token)? == [FLOW], "no token of the account");
    println!("| `serviceAccountName` | the token of the account is mounted |");

    answers(&deployed, "/remember", "kept")?;
    let before = deployed.pods("keeper")?.pop().context("it has no Pod")?;
    // The file changes, so that the Pod is replaced.
    deployed.apply(&export(setup, "second-text")?)?;
    let start = Instant::now();
    let is_before = |uid: &serde_json::Value| *uid == before["metadata"]["uid"];
    while deployed.pods("keeper")?.iter().any(|pod| is_before(&pod["metadata"]["uid"])) {
        ensure!(start.elapsed() < PATIENCE, "a changed file does not replace the Pod");
        std::thread::sleep(Duration::from_millis(500));
    }
    deployed.wait()?;
    ensure!(read("/etc/app/conf.txt")? == ["second-text"], "the file is still the old one");
    println!("| a changed file | a new Pod, with the new text |");
    let kept = answers(&deployed, "/recall", "x")?;
    ensure!(kept.iter().any(|word| word == "kept"), "the cache is empty: {kept:?}");
    println!("| `cache` | the second Pod finds what the first one wrote |");

    let case = long_calls::interrupted(&deployed, setup, PORT, "keeper", How::Deleted)?;
    ensure!(case.report.errors.is_empty(), "the call was cut: {:?}", case.report.errors);
    println!("| grace of 60 s, sleep of 30 s | a call of 20 s is finished by the Pod that ends |");
    deployed.wait()?;

    drop(deployed);
    budget(setup)?;
    println!("| two replicas, and their PodDisruptionBudget | the second eviction is held back |");
    Ok(())
}

/// Of two Pods only one may leave its node.
fn budget(setup: &Setup<'_>) -> anyhow::Result<()> {
    const NAMESPACE: &str = "budget";
    let deployed = setup.up("two", NAMESPACE)?;
    let pods = deployed.pods("second")?;
    let [first, second] = pods.as_slice() else { anyhow::bail!("{} Pods", pods.len()) };
    let path = format!("/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/second");
    setup.server.wait_for(&path, |budget| budget["status"]["disruptionsAllowed"] == 1)?;
    ensure!(deployed.evict(first)?, "the budget holds the first Pod");
    ensure!(!deployed.evict(second)?, "the budget lets both Pods go");
    Ok(())
}

/// Exports the Flow with this text in its file.
fn export(setup: &Setup<'_>, text: &str) -> anyhow::Result<Vec<flowship_tests::meaning::Object>> {
    let folder = setup.folder.join("flows").join(FLOW);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("conf.txt"), text)?;
    setup.export_as(FLOW, "none", FLOW, &["--force"])
}

/// What one request returns, sorted.
fn answers(deployed: &Deployed<'_>, on: &'static str, text: &str) -> anyhow::Result<Vec<String>> {
    let mut question = deployed.question(PORT, HowMany::Requests(1))?;
    (question.on, question.text) = (on, text.to_owned());
    let report = deployed.ask_until_answered(&question)?;
    let words = report.seen.into_keys().filter(|word| !word.contains('@'));
    Ok(words.collect())
}

/// The same namespace takes no Pods of an export without resources.
fn without_requests(setup: &Setup<'_>) -> anyhow::Result<()> {
    let objects = setup.export("one", "no-resources")?;
    let plain = objects.into_iter().find(|object| object.kind() == "Deployment");
    let mut plain = plain.context("no Deployment")?;
    plain.0["metadata"]["namespace"] = FLOW.into();
    plain.0["metadata"]["name"] = "no-resources".into();
    setup.server.create(&plain.0)?;
    let path = format!("/apis/apps/v1/namespaces/{FLOW}/deployments/no-resources");
    let refused = setup.server.wait_for(&path, |found| has_condition(found, "ReplicaFailure"));
    refused.context("Pods without resources are taken")?;
    setup.server.delete(&path)
}
