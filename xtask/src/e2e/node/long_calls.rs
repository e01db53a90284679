//! Calls that are in flight when their Pod ends.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::setup::{Deployed, Setup, seen};
use crate::e2e::client::{self, HowMany, Report};

const PORT: u16 = 55_118;

/// How long the call may take with everything around it.
const TIMEOUT: Duration = Duration::from_secs(90);

/// What happens while the call is in flight, and to which workload.
const CASES: [(&str, &str, How); 4] = [
    ("a Pod is deleted", "second", How::Deleted),
    ("a Pod is evicted", "second", How::Evicted),
    ("an Executor is rolled", "second", How::Rolled),
    ("the gateway is rolled", "gateway", How::Rolled),
];

/// What happens to a Pod while it works.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Deleted,
    Evicted,
    Rolled,
}

/// Where the Flow says how long calls may take, the call is finished by the Pod that began it. Where
/// it does not, the call is cut, so that the first says something.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    println!(
        "| a call of 20 s is in flight | `timeout_send` | answered | by the Pod that began it | the old Pod is gone after, s |\n|---|---|---|---|---|"
    );
    for (flow, limit, finishes) in [("long", "30000", true), ("unlimited", "not set", false)] {
        let deployed = setup.up(flow, flow)?;
        for (what, workload, how) in CASES {
            let Interrupted { report, pod, gone } =
                interrupted(&deployed, setup, PORT, workload, how)?;
            let is_answered = report.errors.is_empty();
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            // The gateway is not among those who say that they have seen the call.
            let begun_by = if workload == "gateway" {
                is_answered
            } else {
                seen(&report).get("second").is_some_and(|pods| pods.contains_key(name))
            };
            let [answered, same] = [is_answered, begun_by].map(|it| if it { "yes" } else { "no" });
            println!("| {what} | {limit} | {answered} | {same} | {gone:.1} |");
            let is_finished = is_answered && begun_by;
            ensure!(
                is_finished == finishes,
                "{flow}, {what}: {:?} {:?}",
                report.errors,
                report.seen
            );
            deployed.wait()?;
        }
    }
    Ok(())
}

/// A call during which something happened.
pub(super) struct Interrupted {
    pub(super) report: Report,
    /// The Pod to which it happened.
    pod: Value,
    /// After how many seconds that was gone.
    gone: f64,
}

/// Sends the long call, disturbs `workload` while it works on it, and waits for the answer. The call
/// goes to `port`: the port of the gateway, or of the Executor `second` if that is called directly.
pub(super) fn interrupted(
    deployed: &Deployed<'_>,
    setup: &Setup<'_>,
    port: u16,
    workload: &str,
    how: How,
) -> anyhow::Result<Interrupted> {
    let old = deployed.pods(workload)?.pop().context("it has no Pod")?;
    let working = if workload == "gateway" { "second" } else { workload };
    let working = deployed.pods(working)?.pop().context("it has no Pod")?;
    let working = working["metadata"]["name"].as_str().unwrap_or_default();
    let calls = || deployed.log(working, "executor").matches("a nap begins").count();
    let before = calls();
    let mut question = deployed.question(port, HowMany::Requests(1))?;
    (question.on, question.timeout) = ("/nap", TIMEOUT);
    let asking = client::begin(&setup.image, &question)?;
    let sent = Instant::now();
    while calls() == before {
        ensure!(sent.elapsed() < TIMEOUT, "the call does not arrive");
        std::thread::sleep(Duration::from_millis(200));
    }
    let start = Instant::now();
    match how {
        How::Deleted => deployed.end(&old)?,
        How::Evicted => ensure!(deployed.evict(&old)?, "no budget holds the Pod"),
        How::Rolled => deployed.roll("Deployment", workload)?,
    }
    let uid = &old["metadata"]["uid"];
    while deployed.pods(workload)?.iter().any(|pod| pod["metadata"]["uid"] == *uid) {
        ensure!(start.elapsed() < TIMEOUT * 2, "the old Pod does not end");
        std::thread::sleep(Duration::from_millis(200));
    }
    let gone = start.elapsed().as_secs_f64();
    Ok(Interrupted { report: asking.end()?, pod: old, gone })
}
