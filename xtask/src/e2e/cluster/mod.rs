//! `cargo xtask e2e cluster`: Flows that flowship itself applies to a real API server.

mod causes;
mod changes;
mod faults;
mod fixtures;
mod proxy;
mod rights;
mod speed;
mod stage;

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
    /// Times beside those of kubectl.
    Speed,
}

const USUAL: [Part; 5] = [Part::Changes, Part::Fixtures, Part::Causes, Part::Rights, Part::Faults];

/// Runs the parts on a cluster of their own.
#[expect(clippy::print_stdout, reason = "the results are what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let parts = if args.part.is_empty() { &USUAL[..] } else { &args.part };
    // What is measured is what users have.
    let flowship = command::flowship(parts.contains(&Part::Speed))?;
    let folder = RunFolder::take("cluster", &control_plane::PROGRAMS)?;
    let start = Instant::now();
    let cluster = ControlPlane::start(&folder)?;
    let _kwok = kwok::start(&cluster, &folder)?;
    crds::install(&cluster.server)?;
    println!("cluster ready after {:.1} s", start.elapsed().as_secs_f64());
    let work = tempfile::tempdir()?;
    let stage =
        Stage { flowship: &flowship, cluster: &cluster, work: work.path(), volumes: folder.path() };
    let mut problems = Vec::new();
    for part in parts {
        let start = Instant::now();
        problems.extend(match part {
            Part::Changes => changes::run(&stage)?,
            Part::Fixtures => fixtures::run(&stage)?,
            Part::Causes => causes::run(&stage)?,
            Part::Rights => rights::run(&stage)?,
            Part::Faults => faults::run(&stage, args.rounds)?,
            Part::Speed => speed::run(&stage, &args.executors)?,
        });
        println!("{part:?}: {:.1} s", start.elapsed().as_secs_f64());
    }
    for problem in &problems {
        println!("problem: {problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    Ok(())
}
