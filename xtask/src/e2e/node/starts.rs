//! Cold starts, beside the peer's.

use std::time::Instant;

use flowship_tests::meaning::Object;

use super::setup::Setup;
use crate::e2e::client::HowMany;

/// A gateway and two Executors.
pub(super) const FLOW: &str = "start";
pub(super) const PORT: u16 = 55_116;
/// The peer gives every gateway this port, whatever the Flow says.
const PEERS_PORT: u16 = 8080;

/// In which order the workloads of the Flow are made: every one there is.
const ORDERS: [[&str; 3]; 6] = [
    ["gateway", "first", "second"],
    ["second", "first", "gateway"],
    ["first", "gateway", "second"],
    ["gateway", "second", "first"],
    ["second", "gateway", "first"],
    ["first", "second", "gateway"],
];

/// Starts the Flow again and again, and asks it once it is ready.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, starts: usize) -> anyhow::Result<()> {
    println!(
        "| manifests | ready, s | answered of 20 | containers started anew |\n|---|---|---|---|"
    );
    for index in 0..starts {
        for (whose, is_ours) in [("flowship", true), ("peer", false)] {
            let namespace = format!("start-{whose}-{index}");
            let mut objects = if is_ours {
                setup.export(FLOW, &namespace)?
            } else {
                setup.peers_export(FLOW, &namespace)?
            };
            let port = if is_ours { PORT } else { PEERS_PORT };
            let order = ORDERS[index % ORDERS.len()];
            objects.sort_by_key(|object| rank(object, order));
            let deployed = setup.namespace(&namespace)?;
            let start = Instant::now();
            deployed.apply(&objects)?;
            let ready = deployed.wait().map(|_| start.elapsed().as_secs_f64());
            let answered = ready.and_then(|ready| {
                deployed.ask(&deployed.question(port, HowMany::Requests(20))?)?;
                Ok(ready)
            });
            let restarts = deployed.restarts()?;
            match answered {
                Ok(ready) => {
                    println!("| {whose}, {} | {ready:.1} | 20 | {restarts} |", order.join(", "));
                }
                // What the peer's manifests come to is told, and is not ours to mend.
                Err(error) if !is_ours => println!("| {whose} | {error:#} |"),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// What a workload needs goes with it.
fn rank(object: &Object, order: [&str; 3]) -> (usize, bool) {
    let name = object.name();
    let at = order.iter().position(|workload| name.starts_with(workload));
    (at.unwrap_or_default(), object.is_workload())
}
