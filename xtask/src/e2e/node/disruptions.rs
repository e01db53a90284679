//! What a Flow loses when an Executor is late, slow, rolled or killed.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::{Value, json};

use super::setup::{Deployed, Setup};
use super::starts::{FLOW, PORT};
use crate::e2e::client::{self, HowMany, Report};
use crate::e2e::server::has_condition;

/// How long after a Pod is ready again requests may still fail: a probe's period and a connection
/// that is tried again.
const AFTERWARDS: f64 = 10.0;

/// Tries all and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    println!("| what happens | ready, s | requests | failed | for, s |\n|---|---|---|---|---|");
    late(setup)?;
    slow(setup)?;
    let deployed = setup.up(FLOW, "disruptions")?;
    rolled(&deployed, setup, "second")?;
    rolled(&deployed, setup, "gateway")?;
    killed(&deployed, setup, "second")?;
    let scaled = json!({"spec": {"replicas": 2}});
    deployed.change("second", &scaled)?;
    deployed.wait()?;
    // Callers that know one address look the name up again when their connection is 20 s old.
    std::thread::sleep(Duration::from_secs(30));
    killed(&deployed, setup, "second")
}

/// Executors that are made long after the gateway.
#[expect(clippy::print_stdout, reason = "a row of the table")]
fn late(setup: &Setup<'_>) -> anyhow::Result<()> {
    const LATE: Duration = Duration::from_secs(30);
    let objects = setup.export(FLOW, "late")?;
    let (gateway, executors): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|object| object.name().starts_with("gateway"));
    let deployed = setup.namespace("late")?;
    deployed.apply(&gateway)?;
    std::thread::sleep(LATE);
    deployed.apply(&executors)?;
    let ready = deployed.wait()?;
    answers(&deployed, PORT)?;
    println!(
        "| Executors are made {} s after the gateway | {ready:.1} | 20 | 0 | 0 |",
        LATE.as_secs()
    );
    Ok(())
}

/// An Executor that takes a minute to start.
#[expect(clippy::print_stdout, reason = "a row of the table")]
fn slow(setup: &Setup<'_>) -> anyhow::Result<()> {
    let deployed = setup.namespace("slow")?;
    deployed.apply(&setup.export("slow", "slow")?)?;
    let ready = deployed.wait()?;
    answers(&deployed, 55_115)?;
    println!("| an Executor takes 60 s to start | {ready:.1} | 20 | 0 | 0 |");
    Ok(())
}

/// All requests are answered, and no container had to be started anew.
fn answers(deployed: &Deployed<'_>, port: u16) -> anyhow::Result<()> {
    deployed.ask(&deployed.question(port, HowMany::Requests(20))?)?;
    let restarts = deployed.restarts()?;
    ensure!(restarts == 0, "{restarts} containers were started anew");
    Ok(())
}

/// A workload gets new Pods while requests come in.
fn rolled(deployed: &Deployed<'_>, setup: &Setup<'_>, workload: &str) -> anyhow::Result<()> {
    let now = format!("{:?}", Instant::now());
    let annotation = json!({"metadata": {"annotations": {"e2e/rolled": now}}});
    let (report, ready) = during(deployed, setup, || {
        deployed.change(workload, &json!({"spec": {"template": annotation}}))?;
        std::thread::sleep(Duration::from_secs(1));
        deployed.wait()
    })?;
    row(&format!("`{workload}` is rolled"), &report, ready);
    ensure!(report.failed.is_empty(), "a rollout lost requests: {:?}", report.errors);
    Ok(())
}

/// A Pod is killed without notice while requests come in.
fn killed(deployed: &Deployed<'_>, setup: &Setup<'_>, workload: &str) -> anyhow::Result<()> {
    let pods = deployed.pods(workload)?;
    let replicas = pods.len();
    let (report, ready) = during(deployed, setup, || {
        let start = Instant::now();
        deployed.kill(&pods[0], 0)?;
        while ready_besides(deployed, workload, &pods[0])? < replicas {
            ensure!(start.elapsed() < Duration::from_mins(2), "no other Pod is ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(start.elapsed().as_secs_f64())
    })?;
    row(&format!("one of {replicas} Pods of `{workload}` is killed"), &report, ready);
    let lost = lost(&report);
    ensure!(lost <= ready + AFTERWARDS, "{lost:.1} s were lost: {:?}", report.errors);
    Ok(())
}

/// How many Pods of a workload are ready, without one.
fn ready_besides(deployed: &Deployed<'_>, workload: &str, gone: &Value) -> anyhow::Result<usize> {
    let is_ready = |pod: &&Value| {
        pod["metadata"]["uid"] != gone["metadata"]["uid"] && has_condition(pod, "Ready")
    };
    Ok(deployed.pods(workload)?.iter().filter(is_ready).count())
}

/// Asks all the while, five times a second, and for some time afterwards.
fn during(
    deployed: &Deployed<'_>,
    setup: &Setup<'_>,
    happens: impl FnOnce() -> anyhow::Result<f64>,
) -> anyhow::Result<(Report, f64)> {
    let mut question = deployed.question(PORT, HowMany::For(Duration::from_secs(40)))?;
    question.every = Duration::from_millis(200);
    let asking = client::begin(&setup.image, &question)?;
    // The client itself takes a while to start.
    std::thread::sleep(Duration::from_secs(8));
    let ready = happens()?;
    Ok((asking.end()?, ready))
}

/// From the first request that failed until the last one did, in seconds.
fn lost(report: &Report) -> f64 {
    let first = report.failed.first().map_or(0.0, |(sent, _)| *sent);
    report.failed.last().map_or(0.0, |(_, failed)| failed - first)
}

#[expect(clippy::print_stdout, reason = "a row of the table")]
fn row(what: &str, report: &Report, ready: f64) {
    let failed = report.failed.len();
    println!("| {what} | {ready:.1} | {} | {failed} | {:.1} |", report.requests, lost(report));
}
