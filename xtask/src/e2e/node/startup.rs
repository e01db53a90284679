//! When the kubelet gives up on programs that never become ready.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::setup::Setup;

const FLOW: &str = "never";

/// `timeout_ready` of its Executors, in seconds.
const BUDGET: f64 = 20.0;

/// How often the kubelet asks a container that starts. Its questions do not begin with the container.
const PERIOD: f64 = 2.0;

/// What the kubelet, the API server and this program need to notice something.
const NOTICE: f64 = 1.0;

/// How long a container may take to end that never answered, in seconds: it is given one, and the
/// kubelet gives two at least after SIGTERM.
const END: f64 = 5.0;

const PATIENCE: Duration = Duration::from_mins(3);

/// What happened to the first container of a Pod, in seconds since the epoch.
#[derive(Debug, Default)]
struct Life {
    started: Option<f64>,
    given_up: Option<f64>,
    started_anew: Option<f64>,
}

/// Starts programs that fail in every way in which a gRPC probe can, and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    println!(
        "| the program | may take, s | given up after, s | started anew, s later |\n|---|---|---|---|"
    );
    let objects = setup.export(FLOW, FLOW)?;
    let deployed = setup.namespace(FLOW)?;
    deployed.apply(&objects)?;
    let ways = [
        ("closed", "does not listen"),
        ("silent", "takes connections and says nothing"),
        ("unready", "says that it is not ready"),
    ];
    let mut lives: BTreeMap<&str, Life> = BTreeMap::new();
    let begin = Instant::now();
    while !ways.iter().all(|(way, _)| lives.get(way).is_some_and(|it| it.started_anew.is_some())) {
        ensure!(begin.elapsed() < PATIENCE, "not all were started anew: {lives:?}");
        std::thread::sleep(Duration::from_millis(100));
        let killing = setup
            .server
            .list(&format!("/api/v1/namespaces/{FLOW}/events?fieldSelector=reason%3DKilling"))?;
        for (way, _) in ways {
            let Some(pod) = deployed.pods(way)?.pop() else { continue };
            let life = lives.entry(way).or_default();
            let name = &pod["metadata"]["name"];
            let status = &pod["status"]["containerStatuses"][0];
            let restarts = status["restartCount"].as_i64().unwrap_or(0);
            if life.started.is_none() && restarts == 0 {
                let log = deployed.log(name.as_str().unwrap_or_default(), "executor");
                life.started = log.lines().next().and_then(|line| line.parse().ok());
            }
            let is_killed = |event: &Value| event["involvedObject"]["name"] == *name;
            if life.given_up.is_none() && killing.iter().any(is_killed) {
                life.given_up = Some(now());
            }
            if life.started_anew.is_none() && restarts > 0 {
                life.started_anew = Some(now());
            }
        }
    }
    for (way, shown) in ways {
        let life = &lives[way];
        let started = life.started.with_context(|| format!("{way} did not say when it began"))?;
        let given_up = life.given_up.with_context(|| format!("{way} was not given up"))?;
        let anew = life.started_anew.unwrap_or(f64::INFINITY) - given_up;
        let after = given_up - started;
        println!("| {shown} | {BUDGET} | {after:.1} | {anew:.1} |");
        ensure!(after > BUDGET - PERIOD - NOTICE, "{way} was given up after {after:.1} s");
        ensure!(after < BUDGET + PERIOD + NOTICE, "{way} was given up only after {after:.1} s");
        ensure!(anew < END + NOTICE, "{way} was started anew only {anew:.1} s later");
    }
    Ok(())
}

fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
