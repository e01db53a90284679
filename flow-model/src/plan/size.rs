//! How much is written of a Flow, before any of it is made.

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::flow::{Executor, Flow};
use crate::source::{Budget, TOO_LARGE};
use crate::visible::is_visible;

/// Bytes that a workload takes besides what the Flow says about it: with a Service, probes and
/// labels, and all meshes, from 3,700 to 4,400.
const WORKLOAD: usize = 4 * 1024;

/// The same for a service of Compose, of which there is one for each replica: 1,700.
const REPLICA: usize = 2 * 1024;

/// Charges what is written of a Flow: each container has the settings of its Executor once more.
/// Returns a finding at the entry with which `budget` is spent.
///
/// `each_replica` says that a backend writes each replica by itself, and all of them in one file,
/// which is held as objects and as text.
pub fn charge(flow: &Flow, each_replica: bool, budget: &mut Budget) -> Option<Diagnostic> {
    budget.spent().is_none().then_some(())?;
    let gateway = flow.gateway.iter().map(|gateway| {
        let replicas = gateway.settings.replicas.map_or(1, |replicas| replicas.get());
        (1, replicas, gateway.settings.to_map(), gateway.span.or(flow.span))
    });
    let executors = flow.executors.iter().filter(|executor| !executor.is_external());
    let executors = executors.map(|executor| {
        let replicas = executor.replicas().get();
        (containers(executor), replicas, executor.settings.to_map(), executor.span)
    });
    for (containers, replicas, settings, span) in gateway.chain(executors) {
        let (copies, own) = if each_replica {
            (containers.saturating_mul(2 * replicas as usize), REPLICA)
        } else {
            (containers, WORKLOAD)
        };
        let bytes = copies.saturating_mul(written(&settings).saturating_add(own));
        if let Err(spent) = budget.charge(bytes) {
            let help = "shorten settings that many containers share, or split the Flow";
            let finding = Diagnostic::new(&TOO_LARGE, spent.to_string())
                .at(span, "the limit is exceeded here, counting what each container repeats")
                .help(help);
            return Some(finding);
        }
    }
    None
}

/// How many containers have the settings of an Executor, where it has one replica.
fn containers(executor: &Executor) -> usize {
    let settings = &executor.settings;
    let shards = executor.shards() as usize;
    let beside = [&settings.uses_before, &settings.uses_after].into_iter().flatten().count();
    if shards == 1 { 1 } else { shards + 1 + beside }
}

/// Bytes of settings as they are written.
fn written(settings: &Map<String, Value>) -> usize {
    let mut counter = Counter::default();
    // Counting does not fail, nor does a value of JSON.
    let _ = serde_json::to_writer(&mut counter, settings);
    counter.bytes
}

/// Counts the bytes of JSON as they stand in a quoted text of YAML.
#[derive(Default)]
struct Counter {
    bytes: usize,
}

impl Write for Counter {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        self.bytes += written.len();
        self.bytes += written.iter().filter(|byte| matches!(byte, b'"' | b'\\')).count();
        // Characters that a terminal obeys are written as `\U0000200B`.
        if !written.is_ascii()
            && let Ok(text) = std::str::from_utf8(written)
        {
            self.bytes += 10 * text.chars().filter(|c| !is_visible(*c)).count();
        }
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::charge;
    use crate::flow::{Executor, ExecutorBuilder, Flow};
    use crate::source::{Budget, Limits};
    use crate::values::{Positive, Shards};

    fn spent(executor: ExecutorBuilder, each_replica: bool) -> bool {
        let flow = Flow::builder().executor(executor.name("a")).build();
        let mut budget = Budget::new(&Limits::default());
        charge(&flow, each_replica, &mut budget).is_some()
    }

    #[test]
    fn what_every_container_repeats_is_counted() {
        let executor = |bytes: usize, shards: u32, replicas: u32| {
            Executor::builder()
                .uses_with([("a", "x".repeat(bytes))])
                .shards(Shards::new(shards).unwrap())
                .replicas(Positive::new(replicas).unwrap())
        };
        for (bytes, shards, replicas, by_workload, by_replica) in [
            (1, 1, 1, false, false),
            (1_000_000, 1, 1_000_000, false, true),
            (1_000_000, 300, 1, true, true),
            (1_000_000, 1, 300, false, true),
            (1, 1, 1_000_000, false, true),
            (1_000, 1_000, 1, false, false),
        ] {
            let case = (bytes, shards, replicas);
            assert_eq!(spent(executor(bytes, shards, replicas), false), by_workload, "{case:?}");
            assert_eq!(spent(executor(bytes, shards, replicas), true), by_replica, "{case:?}");
        }
    }
}
