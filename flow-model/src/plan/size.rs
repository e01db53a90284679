//! Estimates the size of the output before it is rendered.

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::flow::{Executor, Flow};
use crate::source::{Budget, TOO_LARGE};
use crate::span::Spanned;
use crate::values::{KubernetesBlock, ToValue as _};
use crate::visible::is_visible;

/// The bytes of a workload in addition to the settings of the Flow: with a Service, probes and
/// labels, and all meshes, from 3,700 to 4,400.
const WORKLOAD: usize = 4 * 1024;

/// The objects of a workload, each of which has its labels.
const OBJECTS: usize = 8;

/// The same for a service of Compose, of which there is one for each replica: 1,700.
const REPLICA: usize = 2 * 1024;

/// Charges the output of a Flow: each container repeats the settings of its Executor. Returns a
/// finding at the entry with which `budget` is exceeded.
///
/// With `each_replica` the backend writes each replica separately, and all of them in one file,
/// which is stored as objects and as text.
pub fn charge(flow: &Flow, each_replica: bool, budget: &mut Budget) -> Option<Diagnostic> {
    budget.spent().is_none().then_some(())?;
    let block = flow.settings.kubernetes.as_ref();
    let common = block_bytes(block, block.map(|block| block.to_value()).as_ref());
    let of_compose = flow.settings.compose.as_ref().map(|block| block.to_value());
    let common = common + of_compose.as_ref().and_then(Value::as_object).map_or(0, written);
    let labels = flow.settings.jcloud.iter().flat_map(|jcloud| &jcloud.labels);
    let common =
        common + labels.map(|(name, label)| OBJECTS * (name.len() + label.len())).sum::<usize>();
    let gateway = flow.gateway.iter().map(|gateway| {
        let replicas = gateway.settings.replicas.map_or(1, |replicas| replicas.get());
        let settings = gateway.settings.to_map();
        let block = block_bytes(gateway.settings.kubernetes.as_ref(), settings.get(BLOCK));
        (1, replicas, settings, block, gateway.span.or(flow.span))
    });
    let executors = flow.executors.iter().filter(|executor| !executor.is_external());
    let executors = executors.map(|executor| {
        let replicas = executor.replicas().get();
        let settings = executor.settings.to_map();
        let block = block_bytes(executor.settings.kubernetes.as_ref(), settings.get(BLOCK));
        (containers(executor), replicas, settings, block, executor.span)
    });
    for (containers, replicas, settings, block, span) in gateway.chain(executors) {
        let (copies, own) = if each_replica {
            (containers.saturating_mul(2 * replicas as usize), REPLICA)
        } else {
            (containers, WORKLOAD)
        };
        let bytes = copies.saturating_mul(written(&settings).saturating_add(own + block + common));
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

/// The key of a block among settings.
const BLOCK: &str = "kubernetes";

/// The bytes of the files of a block, and of the block itself as `written_out`, which every workload
/// repeats.
fn block_bytes(block: Option<&Spanned<KubernetesBlock>>, written_out: Option<&Value>) -> usize {
    let Some(block) = block else { return 0 };
    let head = block.head().map_or(0, |head| head.text_bytes());
    block.text_bytes() + head + written_out.and_then(Value::as_object).map_or(0, written)
}

/// The number of containers with the settings of an Executor, for one replica.
fn containers(executor: &Executor) -> usize {
    let settings = &executor.settings;
    let shards = executor.shards() as usize;
    let beside = [&settings.uses_before, &settings.uses_after].into_iter().flatten().count();
    if shards == 1 { 1 } else { shards + 1 + beside }
}

/// The size of settings in the output, in bytes.
fn written(settings: &Map<String, Value>) -> usize {
    let mut counter = Counter::default();
    // Neither counting nor writing a JSON value fails.
    let _ = serde_json::to_writer(&mut counter, settings);
    counter.bytes
}

/// Counts the bytes of JSON in a quoted YAML text.
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
    use crate::values::{Positive, Shards, Uses};

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

    /// The largest number of bytes of a setting that is not too much.
    fn most(executor: impl Fn(String) -> ExecutorBuilder, text: &str) -> usize {
        let (mut fits, mut is_too_much) = (0, 1_000_000);
        while is_too_much - fits > 3 {
            let middle = usize::midpoint(fits, is_too_much);
            let is_spent = spent(executor(text.repeat(middle / text.len())), false);
            *(if is_spent { &mut is_too_much } else { &mut fits }) = middle;
        }
        fits
    }

    #[test]
    fn containers_beside_shards_repeat_settings_too() {
        let shards =
            |text| Executor::builder().uses_with([("a", text)]).shards(Shards::new(900).unwrap());
        let image = Uses::parse("docker://a/b:1");
        let beside = |text| shards(text).uses_before(image.clone()).uses_after(image.clone());
        let (alone, with_both) = (most(shards, "x"), most(beside, "x"));
        // 901 containers, and 903.
        assert!((alone * 901).abs_diff(with_both * 903) < alone, "{alone} {with_both}");
        assert!(with_both < alone, "{alone} {with_both}");
        // Written as `\U0000200B`: ten more bytes for three.
        let hidden = most(shards, "\u{200b}");
        assert!((hidden * 13).abs_diff(alone * 3) < alone / 10, "{alone} {hidden}");
    }
}
