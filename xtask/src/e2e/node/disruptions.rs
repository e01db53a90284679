//! What a Flow loses when an Executor is late, slow, rolled, killed or drained.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::setup::{Deployed, Setup};
use super::starts::{FLOW, PORT};
use crate::e2e::at_once::at_once;
use crate::e2e::client::{self, HowMany, Report};
use crate::e2e::server::has_condition;

/// How long after a Pod is ready again requests may still fail: a probe's period and a connection
/// that is tried again.
const AFTERWARDS: f64 = 10.0;

/// Callers that know one address look the name up again when their connection is 20 s old.
const SETTLED: Duration = Duration::from_secs(30);

/// What a Flow is put through, which takes as long as its runs.
type Group<'a> = &'a (dyn Fn() -> anyhow::Result<()> + Sync);

/// Tries all and prints a table. What takes Pods away is done so many times. Most of it is waiting, so
/// Flows of their own go through it at the same time.
pub(super) fn run(setup: &Setup<'_>, runs: usize) -> anyhow::Result<()> {
    head();
    let groups: [Group<'_>; 5] = [
        &|| late(setup).and_then(|()| slow(setup)),
        &|| rollouts(setup, runs),
        &|| one_pod(setup, runs),
        &|| two_pods(setup, runs),
        &|| stateful(setup, runs),
    ];
    at_once(groups.len(), &groups, |group| group()).into_iter().collect()
}

fn rollouts(setup: &Setup<'_>, runs: usize) -> anyhow::Result<()> {
    let deployed = setup.up(FLOW, "rolled")?;
    let executor = Executor { deployed: &deployed, setup, workload: "second", port: PORT };
    let gateway = Executor { workload: "gateway", ..executor };
    repeat("an Executor is rolled", runs, || executor.rolled("Deployment"))?.none_lost()?;
    repeat("the gateway is rolled", runs, || gateway.rolled("Deployment"))?.none_lost()
}

fn one_pod(setup: &Setup<'_>, runs: usize) -> anyhow::Result<()> {
    let deployed = setup.up(FLOW, "one-pod")?;
    let executor = Executor { deployed: &deployed, setup, workload: "second", port: PORT };
    repeat("the only Pod is killed", runs, || executor.killed())?.soon_over()?;
    repeat("the only Pod is drained", runs, || executor.drained())?.soon_over()
}

fn two_pods(setup: &Setup<'_>, runs: usize) -> anyhow::Result<()> {
    let objects = setup.export("two", "two-pods")?;
    let (budgets, objects): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|object| object.kind() == "PodDisruptionBudget");
    let deployed = setup.namespace("two-pods")?;
    deployed.apply(&objects)?;
    deployed.wait()?;
    std::thread::sleep(SETTLED);
    let executor = Executor { deployed: &deployed, setup, workload: "second", port: PORT };
    repeat("one of two Pods is killed", runs, || executor.killed())?.soon_over()?;
    repeat("both Pods are drained, without their PodDisruptionBudget", runs, || {
        executor.drained()
    })?
    .soon_over()?;
    deployed.apply(&budgets)?;
    executor.wait_for_budget()?;
    repeat("both Pods are drained", runs, || executor.drained())?.none_lost()
}

fn stateful(setup: &Setup<'_>, runs: usize) -> anyhow::Result<()> {
    let deployed = setup.up("stateful", "stateful-pods")?;
    let executor = Executor { deployed: &deployed, setup, workload: "tell", port: 55_114 };
    let what = "a StatefulSet of one Pod is rolled";
    repeat(what, runs, || executor.rolled("StatefulSet"))?.soon_over()?;
    executor.scale("StatefulSet", 2)?;
    let what = "a StatefulSet of two Pods is rolled";
    repeat(what, runs, || executor.rolled("StatefulSet"))?.soon_over()
}

/// Executors that are made long after the gateway.
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
    let report = answers(&deployed, PORT)?;
    let what = format!("Executors are made {} s after the gateway", LATE.as_secs());
    Runs(vec![Run { ready, report }]).print(&what);
    Ok(())
}

/// An Executor that takes a minute to start.
fn slow(setup: &Setup<'_>) -> anyhow::Result<()> {
    let deployed = setup.namespace("slow")?;
    deployed.apply(&setup.export("slow", "slow")?)?;
    let ready = deployed.wait()?;
    let report = answers(&deployed, 55_115)?;
    Runs(vec![Run { ready, report }]).print("an Executor takes 60 s to start");
    Ok(())
}

/// All requests are answered, and no container had to be started anew.
fn answers(deployed: &Deployed<'_>, port: u16) -> anyhow::Result<Report> {
    let report = deployed.ask(&deployed.question(port, HowMany::Requests(20))?)?;
    let restarts = deployed.restarts()?;
    ensure!(restarts == 0, "{restarts} containers were started anew");
    Ok(report)
}

/// Does it so many times, and prints a row.
fn repeat(what: &str, runs: usize, run: impl Fn() -> anyhow::Result<Run>) -> anyhow::Result<Runs> {
    let runs = (0..runs).map(|_| run()).collect::<anyhow::Result<_>>().map(Runs);
    let runs = runs.with_context(|| what.to_owned())?;
    runs.print(what);
    Ok(runs)
}

/// A workload to which something happens while requests come in.
#[derive(Clone, Copy)]
struct Executor<'a> {
    deployed: &'a Deployed<'a>,
    setup: &'a Setup<'a>,
    workload: &'static str,
    /// The gateway's.
    port: u16,
}

impl Executor<'_> {
    /// It gets new Pods, the kind of workload being told.
    fn rolled(&self, kind: &str) -> anyhow::Result<Run> {
        self.during(|| {
            self.deployed.roll(kind, self.workload)?;
            std::thread::sleep(Duration::from_secs(1));
            self.deployed.wait()
        })
    }

    /// One Pod is killed without notice.
    fn killed(&self) -> anyhow::Result<Run> {
        let pods = self.deployed.pods(self.workload)?;
        self.during(|| {
            let start = Instant::now();
            self.deployed.kill(&pods[0], 0)?;
            self.wait_for_others(&pods[..1], pods.len(), start)
        })
    }

    /// All Pods leave their node, as far as budgets let them.
    fn drained(&self) -> anyhow::Result<Run> {
        let pods = self.deployed.pods(self.workload)?;
        self.during(|| {
            let start = Instant::now();
            let mut left: Vec<_> = pods.iter().collect();
            loop {
                let mut kept = Vec::new();
                for pod in left {
                    if !self.deployed.evict(pod)? {
                        kept.push(pod);
                    }
                }
                if kept.is_empty() {
                    break;
                }
                ensure!(start.elapsed() < PATIENCE, "a budget holds {} Pods", kept.len());
                left = kept;
                // As long as `kubectl drain` waits.
                std::thread::sleep(Duration::from_secs(5));
            }
            self.wait_for_others(&pods, pods.len(), start)
        })
    }

    /// Waits until it has so many ready Pods besides those that are gone.
    fn wait_for_others(
        &self,
        gone: &[Value],
        wanted: usize,
        start: Instant,
    ) -> anyhow::Result<f64> {
        let is_gone =
            |pod: &Value| gone.iter().any(|it| it["metadata"]["uid"] == pod["metadata"]["uid"]);
        loop {
            let pods = self.deployed.pods(self.workload)?;
            let others = pods.iter().filter(|pod| !is_gone(pod) && has_condition(pod, "Ready"));
            if others.count() >= wanted {
                return Ok(start.elapsed().as_secs_f64());
            }
            ensure!(start.elapsed() < PATIENCE, "no other Pod is ready");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Gives it so many replicas, and waits until callers know them.
    fn scale(&self, kind: &str, replicas: u32) -> anyhow::Result<()> {
        self.deployed.change(kind, self.workload, &json!({"spec": {"replicas": replicas}}))?;
        self.deployed.wait()?;
        std::thread::sleep(SETTLED);
        Ok(())
    }

    /// Waits until its budget lets one Pod go.
    fn wait_for_budget(&self) -> anyhow::Result<()> {
        let Deployed { namespace, .. } = self.deployed;
        let path = format!(
            "/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/{}",
            self.workload
        );
        self.setup.server.wait_for(&path, |budget| budget["status"]["disruptionsAllowed"] == 1)
    }

    /// Asks all the while, five times a second, and for some time afterwards.
    fn during(&self, happens: impl FnOnce() -> anyhow::Result<f64>) -> anyhow::Result<Run> {
        let question = self.deployed.question(self.port, HowMany::For(Duration::from_secs(40)))?;
        let question = client::Question { every: Duration::from_millis(200), ..question };
        let asking = client::begin(&self.setup.image, &question)?;
        // The client itself takes a while to start.
        std::thread::sleep(Duration::from_secs(8));
        let ready = happens()?;
        let report = asking.end()?;
        self.deployed.wait()?;
        Ok(Run { ready, report })
    }
}

const PATIENCE: Duration = Duration::from_mins(2);

/// What was asked while something happened, and after how many seconds all was ready again.
struct Run {
    ready: f64,
    report: Report,
}

impl Run {
    /// From the first request that failed until the last one did, in seconds.
    fn lost(&self) -> f64 {
        let failed = &self.report.failed;
        let first = failed.first().map_or(0.0, |(sent, _)| *sent);
        failed.last().map_or(0.0, |(_, failed)| failed - first)
    }
}

/// The same, several times.
struct Runs(Vec<Run>);

impl Runs {
    /// A row of the table.
    #[expect(clippy::print_stdout, reason = "the table is what the task is for")]
    fn print(&self, what: &str) {
        let requests: usize = self.0.iter().map(|run| run.report.requests).sum();
        let failed: Vec<_> = self.0.iter().map(|run| run.report.failed.len().to_string()).collect();
        let [ready, lost] = [Run::ready, Run::lost].map(|seconds| {
            self.0.iter().map(|run| format!("{:.1}", seconds(run))).collect::<Vec<_>>()
        });
        println!(
            "| {what} | {} | {requests} | {} | {} |",
            ready.join(", "),
            failed.join(", "),
            lost.join(", ")
        );
    }

    /// Nothing may be lost.
    fn none_lost(&self) -> anyhow::Result<()> {
        let mut errors = self.0.iter().map(|run| &run.report.errors);
        let lost = errors.find(|errors| !errors.is_empty());
        ensure!(lost.is_none(), "requests were lost: {lost:?}");
        Ok(())
    }

    /// Requests may be lost, until soon after all is ready.
    fn soon_over(&self) -> anyhow::Result<()> {
        for run in &self.0 {
            let lost = run.lost();
            ensure!(
                lost <= run.ready + AFTERWARDS,
                "{lost:.1} s were lost: {:?}",
                run.report.errors
            );
        }
        Ok(())
    }
}

impl Run {
    fn ready(&self) -> f64 {
        self.ready
    }
}

#[expect(clippy::print_stdout, reason = "the head of the table")]
fn head() {
    println!("| what happens | ready, s | requests | failed | for, s |\n|---|---|---|---|---|");
}
