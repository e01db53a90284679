//! `cargo xtask e2e scaling`: Executors whose replicas follow their load, on a real node.

mod extension;
pub(crate) mod keda;
mod load;
mod metrics;
mod metrics_server;
mod prometheus;
mod scaled;

use std::time::Instant;

use anyhow::ensure;

use super::at_once::at_once;
use super::control_plane::{self, ControlPlane};
use super::kubelet::{self, Node};
use super::node::setup::Setup;
use super::run_folder::RunFolder;
use super::{crds, image};
use crate::command;
use prometheus::Prometheus;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these parts; all by default.
    #[arg(long, value_name = "PART")]
    part: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// What queries over the metrics of Jina's processes give.
    Metrics,
    /// Replicas follow the calls in progress.
    Concurrency,
    /// Replicas follow the calls that arrive.
    Rps,
    /// Replicas follow CPU.
    Cpu,
    /// An Executor that has no replica while nobody calls it.
    Zero,
}

const ALL: [Part; 5] = [Part::Metrics, Part::Concurrency, Part::Rps, Part::Cpu, Part::Zero];

/// What the parts need.
struct Stage<'a> {
    setup: Setup<'a>,
    cluster: &'a ControlPlane,
    prometheus: Prometheus,
}

/// Starts a node with everything that scales, and tries all parts on it at the same time: most of
/// each is waiting.
#[expect(clippy::print_stdout, reason = "the tables are what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let start = Instant::now();
    let image = image::build()?;
    let flowship = command::flowship(false)?;
    let mut programs = Vec::new();
    programs.extend(keda::PROGRAMS);
    programs.extend(prometheus::PROGRAMS);
    programs.extend(metrics_server::PROGRAMS);
    programs.extend(kubelet::PROGRAMS);
    programs.extend(control_plane::PROGRAMS);
    // `node` uses the same network of Pods, so both cannot run at once.
    let folder = RunFolder::take("node", &programs)?;
    let cluster = ControlPlane::start(&folder)?;
    let node = Node::start(&cluster, &folder)?;
    node.load(&image.archive)?;
    crds::install(&cluster.server)?;
    let prometheus = Prometheus::start(&cluster, &folder)?;
    let _metrics_server = metrics_server::start(&cluster, &folder)?;
    let parts = if args.part.is_empty() { &ALL[..] } else { &args.part };
    let needs_keda = parts.iter().any(|part| !matches!(part, Part::Cpu | Part::Metrics));
    let _keda = needs_keda.then(|| keda::start(&cluster, &folder)).transpose()?;
    println!("ready after {:.1} s", start.elapsed().as_secs_f64());
    let setup = Setup { image, flowship, server: &cluster.server, folder: folder.path() };
    let stage = Stage { setup, cluster: &cluster, prometheus };

    let results = at_once(parts.len(), parts, |part| {
        let start = Instant::now();
        let result = match part {
            Part::Metrics => metrics::run(&stage),
            Part::Concurrency => scaled::concurrency(&stage),
            Part::Rps => scaled::rps(&stage),
            Part::Cpu => scaled::cpu(&stage),
            Part::Zero => scaled::zero(&stage),
        };
        (*part, result, start.elapsed().as_secs())
    });
    let mut failed = Vec::new();
    for (part, result, seconds) in results {
        match result {
            Ok(table) => println!("\n{part:?}, {seconds} s\n\n{table}"),
            Err(error) => {
                println!("\n{part:?} FAILED after {seconds} s: {error:#}");
                failed.push(format!("{part:?}"));
            }
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}
