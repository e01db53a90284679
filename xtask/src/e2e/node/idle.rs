//! The CPU of Flows that nobody asks.

use std::time::{Duration, Instant};

use super::setup::Setup;
use crate::e2e::kubelet::NODE;

/// Counts CPU of one Flow twice: with our manifests, and with the peer's.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, seconds: u64) -> anyhow::Result<()> {
    println!("| manifests | Pods | cores, all Pods idle | per Pod |\n|---|---|---|---|");
    for (whose, is_ours) in [("flowship", true), ("peer", false)] {
        let namespace = format!("idle-{whose}");
        let objects = if is_ours {
            setup.export("fork", &namespace)?
        } else {
            setup.peers_export("fork", &namespace)?
        };
        let deployed = setup.namespace(&namespace)?;
        deployed.apply(&objects)?;
        deployed.wait()?;
        std::thread::sleep(Duration::from_secs(5));
        let (before, start) = (used(setup, &namespace)?, Instant::now());
        std::thread::sleep(Duration::from_secs(seconds));
        let (after, took) = (used(setup, &namespace)?, start.elapsed().as_secs_f64());
        let cores = (after.0 - before.0) / took;
        // A count of Pods is small.
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let per_pod = cores / after.1 as f64;
        println!("| {whose} | {} | {cores:.3} | {per_pod:.4} |", after.1);
    }
    Ok(())
}

/// The CPU time of a namespace's Pods so far, in seconds, and how many Pods there are.
fn used(setup: &Setup<'_>, namespace: &str) -> anyhow::Result<(f64, usize)> {
    let path = format!("/api/v1/nodes/{NODE}/proxy/metrics/resource");
    let text = setup.server.text(&path)?;
    let mine = format!("namespace=\"{namespace}\"");
    let lines = text
        .lines()
        .filter(|line| line.starts_with("pod_cpu_usage_seconds_total{") && line.contains(&mine));
    let mut sum = (0.0, 0);
    for line in lines {
        let mut words = line.rsplit(' ');
        let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        // With or without a time stamp.
        let value = if before.contains('}') { last } else { before };
        sum = (sum.0 + value.parse::<f64>()?, sum.1 + 1);
    }
    Ok(sum)
}
