//! `cargo xtask e2e node`: Flows that run on a real node, and are asked.

mod applied;
mod blocks;
mod causes;
mod changes;
mod disruptions;
mod idle;
mod istio;
mod long_calls;
mod python;
mod registry;
mod restricted;
mod rollouts;
pub(super) mod setup;
mod spread;
mod starts;
mod startup;
mod storage;
mod topologies;

use std::time::Instant;

use anyhow::ensure;

use super::control_plane::{self, ControlPlane};
use super::image;
use super::istio::Istio;
use super::kubelet::{self, Node};
use super::run_folder::RunFolder;
use crate::command;
use setup::Setup;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these parts; all by default.
    #[arg(long, value_name = "PART")]
    part: Vec<Part>,
    /// Only this Flow of the topologies.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// How often a Flow is started, and as often with the peer's manifests.
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    starts: usize,
    /// How often Pods are taken away in each way.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    disruptions: usize,
    /// How many healthy rollouts there are at least.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    rollouts: usize,
    /// How long Flows are left alone while their CPU is counted, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    idle: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Every kind of Flow: who sees requests, and how often.
    Topologies,
    /// Cold starts, beside the peer's.
    Starts,
    /// A late or slow Executor, a rollout, Pods that are killed or drained.
    Disruptions,
    /// Executors that never become ready, each in a way of its own.
    Startup,
    /// Calls that are in flight when their Pod ends.
    LongCalls,
    /// Namespaces with Pod Security `restricted`.
    Restricted,
    /// Blocks `kubernetes`, in a namespace with a quota.
    Blocks,
    /// What keeps an Executor from starting, and what `flowship apply` says of it.
    Causes,
    /// Healthy rollouts, in which `flowship apply` accuses nobody.
    Rollouts,
    /// Changes of a Flow by `flowship apply`, under load.
    Changes,
    /// A StatefulSet that is replaced, as docs/storage.md says.
    Storage,
    /// Replicas without a mesh.
    Spread,
    /// CPU of Flows that nobody asks, beside the peer's.
    Idle,
    /// A Flow that is built in Python, exported by the Python package.
    Python,
    /// A real Istio between the gateway and replicas.
    Istio,
}

/// Starts a node, and tries all parts on it.
#[expect(clippy::print_stdout, reason = "the tables are what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let start = Instant::now();
    let image = image::build()?;
    let flowship = command::flowship(false)?;
    let programs =
        [Istio::PROGRAMS.as_slice(), &kubelet::PROGRAMS, &control_plane::PROGRAMS].concat();
    let folder = RunFolder::take("node", &programs)?;
    let cluster = ControlPlane::start(&folder)?;
    let node = Node::start(&cluster, &folder)?;
    node.load(&image.archive)?;
    println!("node ready after {:.1} s", start.elapsed().as_secs_f64());
    let setup = Setup { image, flowship, server: &cluster.server, folder: folder.path() };

    let wanted = |part| args.part.is_empty() || args.part.contains(&part);
    let mut failed = Vec::new();
    let mut took = Vec::new();
    for (part, name, work) in [
        (Part::Topologies, "topologies", &|| topologies::run(&setup, args.only.as_deref())),
        (Part::Starts, "cold starts", &|| starts::run(&setup, args.starts)),
        (Part::Disruptions, "disruptions", &|| disruptions::run(&setup, args.disruptions)),
        (Part::Startup, "startup", &|| startup::run(&setup)),
        (Part::LongCalls, "long calls", &|| long_calls::run(&setup)),
        (Part::Restricted, "restricted", &|| restricted::run(&setup)),
        (Part::Blocks, "blocks", &|| blocks::run(&setup)),
        (Part::Causes, "causes", &|| causes::run(&setup, &cluster.config)),
        (Part::Rollouts, "rollouts", &|| rollouts::run(&setup, &cluster.config, args.rollouts)),
        (Part::Changes, "changes", &|| changes::run(&setup, &cluster.config)),
        (Part::Storage, "storage", &|| storage::run(&setup, &cluster.config)),
        (Part::Spread, "spread", &|| spread::run(&setup)),
        (Part::Idle, "idle CPU", &|| idle::run(&setup, args.idle)),
        (Part::Python, "Python", &|| python::run_part(&setup, &cluster.config)),
        (Part::Istio, "Istio", &|| istio::run(&setup, &cluster, &node, &folder)),
    ] as [(Part, &str, &dyn Fn() -> anyhow::Result<()>); 15]
    {
        if !wanted(part) {
            continue;
        }
        let start = Instant::now();
        if let Err(error) = work() {
            println!("{name} FAILED: {error:#}");
            failed.push(name);
        }
        took.push(format!("{name} {} s", start.elapsed().as_secs()));
    }
    println!("{}", took.join(", "));
    ensure!(failed.is_empty(), "failed on the node: {}", failed.join(", "));
    Ok(())
}
