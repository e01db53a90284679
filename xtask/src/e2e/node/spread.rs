//! Replicas without a mesh: each gets its share, and one that comes later too.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use super::setup::{Deployed, Setup, seen, settled};
use crate::e2e::client::HowMany;

const REQUESTS: usize = 60;

/// Asks three replicas, then four.
#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
pub(super) fn run(setup: &Setup<'_>) -> anyhow::Result<()> {
    let deployed = setup.up("replicas", "spread")?;
    let (counts, seconds) = even(&deployed, 3)?;
    println!("{REQUESTS} requests {seconds:.1} s after three replicas were ready: {counts:?}");
    deployed.change("Deployment", "tell", &json!({"spec": {"replicas": 4}}))?;
    std::thread::sleep(Duration::from_secs(1));
    deployed.wait()?;
    let (counts, seconds) = even(&deployed, 4)?;
    println!("{REQUESTS} requests {seconds:.1} s after a fourth was ready: {counts:?}");
    Ok(())
}

/// Asks until all replicas share. Returns their shares, and after how many seconds.
fn even(deployed: &Deployed<'_>, replicas: usize) -> anyhow::Result<(Vec<usize>, f64)> {
    let ask = || deployed.ask(&deployed.question(55_104, HowMany::Requests(REQUESTS))?);
    settled(ask, |report| {
        let counts = seen(report).remove("tell").unwrap_or_default();
        let counts: Vec<_> = counts.into_values().collect();
        ensure!(is_even(&counts, replicas), "not all {replicas} have their share: {counts:?}");
        Ok(counts)
    })
}

/// Whether each has at least three quarters of its share.
fn is_even(counts: &[usize], replicas: usize) -> bool {
    counts.len() == replicas && counts.iter().all(|count| count * replicas * 4 >= REQUESTS * 3)
}
