//! Replicas without a mesh: each gets its share, and one that comes later too.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;

use super::place::{Deployed, Place, seen};
use crate::e2e::client::HowMany;

const REQUESTS: usize = 60;

/// How long a new replica may wait for its share.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks three replicas, then four.
#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
pub(super) fn run(place: &Place<'_>) -> anyhow::Result<()> {
    let deployed = place.up("replicas", "spread")?;
    let counts = shares(&deployed)?;
    println!("{REQUESTS} requests over 3 replicas: {counts:?}");
    ensure!(is_even(&counts, 3), "not evenly");
    deployed.change("tell", &json!({"spec": {"replicas": 4}}))?;
    std::thread::sleep(Duration::from_secs(1));
    deployed.wait()?;
    let added = Instant::now();
    loop {
        let counts = shares(&deployed)?;
        let seconds = added.elapsed().as_secs_f64();
        if is_even(&counts, 4) {
            println!("{REQUESTS} requests {seconds:.1} s after a fourth was ready: {counts:?}");
            return Ok(());
        }
        ensure!(added.elapsed() < PATIENCE, "the fourth has no share yet: {counts:?}");
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// How many of the requests each replica saw.
fn shares(deployed: &Deployed<'_>) -> anyhow::Result<Vec<usize>> {
    let report = deployed.ask(&deployed.question(55_104, HowMany::Requests(REQUESTS))?)?;
    Ok(seen(&report).remove("tell").unwrap_or_default().into_values().collect())
}

/// Whether each has at least three quarters of its share.
fn is_even(counts: &[usize], replicas: usize) -> bool {
    counts.len() == replicas && counts.iter().all(|count| count * replicas * 4 >= REQUESTS * 3)
}
