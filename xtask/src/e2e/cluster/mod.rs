//! `cargo xtask e2e cluster`: Flows that flowship itself applies to a real API server.

mod canaries;
mod causes;
mod changes;
mod faults;
mod fixtures;
mod floor;
mod history;
mod proxy;
mod random;
mod rights;
mod speed;
mod stage;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;

use super::control_plane::{self, ControlPlane};
use super::run_folder::RunFolder;
use super::{crds, kwok};
use crate::command;
use stage::Stage;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these parts; all but `speed` by default.
    #[arg(long, value_name = "PART")]
    part: Vec<Part>,
    /// How many Executors the part `speed` applies.
    #[arg(long, value_name = "NUMBER", default_values_t = [100])]
    executors: Vec<usize>,
    /// The part `faults` runs so often, each time with other faults.
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: u64,
    /// How many histories the part `history` runs.
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    cases: u64,
    /// The seed of the first history; the others count from it.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Use this flowship, instead of one that is built here.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Only start the cluster, print its kubeconfig, and keep it until stdin ends: to try commands by
    /// hand.
    #[arg(long)]
    serve: bool,
}

/// A part of the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Every change of a Flow leaves nothing behind, and no difference.
    Changes,
    /// Every fixture, applied twice: the second time changes nothing.
    Fixtures,
    /// What keeps a Flow from starting is found, at its line.
    Causes,
    /// The Role of `flowship rbac` is enough.
    Rights,
    /// Requests fail, and nothing is lost.
    Faults,
    /// Random histories of a Flow and of others, with runs that are killed.
    History,
    /// Values of variables are never shown, even if the API server quotes them.
    Canaries,
    /// Times beside those of kubectl.
    Speed,
}

const USUAL: [Part; 7] = [
    Part::Changes,
    Part::Fixtures,
    Part::Causes,
    Part::Rights,
    Part::Faults,
    Part::History,
    Part::Canaries,
];

/// Runs the parts on a cluster of their own.
#[expect(clippy::print_stdout, reason = "the results are what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let parts = if args.part.is_empty() { &USUAL[..] } else { &args.part };
    // What is measured is what users have.
    let flowship = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(parts.contains(&Part::Speed))?,
    };
    let name = if args.serve { "cluster-by-hand" } else { "cluster" };
    let folder = RunFolder::take(name, &control_plane::PROGRAMS)?;
    let start = Instant::now();
    let cluster = ControlPlane::start(&folder)?;
    let _kwok = kwok::start(&cluster, &folder)?;
    crds::install(&cluster.server)?;
    println!("cluster ready after {:.1} s", start.elapsed().as_secs_f64());
    if args.serve {
        println!("KUBECONFIG={} {}", cluster.config.display(), flowship.display());
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
        return Ok(());
    }
    let work = tempfile::tempdir()?;
    let stage =
        Stage { flowship: &flowship, cluster: &cluster, work: work.path(), volumes: folder.path() };
    let mut problems = Vec::new();
    for part in parts {
        let start = Instant::now();
        let found = match part {
            Part::Changes => changes::run(&stage),
            Part::Fixtures => fixtures::run(&stage),
            Part::Causes => causes::run(&stage),
            Part::Rights => rights::run(&stage),
            Part::Faults => faults::run(&stage, args.rounds),
            Part::History => history::run(&stage, args.cases, args.seed),
            Part::Canaries => canaries::run(&stage),
            Part::Speed => speed::run(&stage, &args.executors),
        };
        // The other parts still run.
        let found = found.unwrap_or_else(|error| vec![format!("{part:?}: {error:#}")]);
        for problem in &found {
            println!("problem: {problem}");
        }
        println!("{part:?}: {:.1} s", start.elapsed().as_secs_f64());
        problems.extend(found);
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    Ok(())
}
