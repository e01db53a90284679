//! Replicas without a mesh: each gets its share, and one that comes later too.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;

use super::place::{Deployed, Place, seen};
use crate::e2e::client::HowMany;

const REQUESTS: usize = 60;

/// How long a replica may wait for its share. A caller that began when one of them was ready finds
/// the others when it looks their name up again.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks three replicas, then four.
#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
pub(super) fn run(place: &Place<'_>) -> anyhow::Result<()> {
    let deployed = place.up("replicas", "spread")?;
    let (seconds, counts) = even(&deployed, 3)?;
    println!("{REQUESTS} requests {seconds:.1} s after three replicas were ready: {counts:?}");
    deployed.change("tell", &json!({"spec": {"replicas": 4}}))?;
    std::thread::sleep(Duration::from_secs(1));
    deployed.wait()?;
    let (seconds, counts) = even(&deployed, 4)?;
    println!("{REQUESTS} requests {seconds:.1} s after a fourth was ready: {counts:?}");
    Ok(())
}

/// Asks until all replicas share. Returns after how many seconds they do, and their shares.
fn even(deployed: &Deployed<'_>, replicas: usize) -> anyhow::Result<(f64, Vec<usize>)> {
    let ready = Instant::now();
    loop {
        let counts = shares(deployed)?;
        if is_even(&counts, replicas) {
            return Ok((ready.elapsed().as_secs_f64(), counts));
        }
        ensure!(ready.elapsed() < PATIENCE, "not all {replicas} have their share: {counts:?}");
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
