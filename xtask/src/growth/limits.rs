//! The largest inputs, under limits on memory and time.

use std::cmp::Reverse;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;

use anyhow::bail;

use super::run::Measured;
use super::{Dimension, Program, dimensions, written};
use crate::command;
use crate::table::Table;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Try only the dimensions whose names hold this.
    #[arg(long)]
    only: Option<String>,
    /// Run only the commands that are this, such as `check`.
    #[arg(long)]
    command: Option<String>,
    /// Try this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Show beside it what this program takes, an earlier one for example, under the same limits.
    #[arg(long)]
    beside: Option<PathBuf>,
    /// How much address space each run may take, in KiB.
    #[arg(long, default_value_t = 512 * 1024)]
    memory: u64,
    /// How many seconds each run may take, all processors together.
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Print a row for each run, not only for those that fail: the most memory first.
    #[arg(long)]
    all: bool,
}

/// One input, and what a command took to read it.
struct Run {
    name: String,
    size: usize,
    command: String,
    took: Measured,
    /// What the other program took.
    beside: Option<Measured>,
}

/// Runs the program over the largest input of every dimension, and fails where it does not end in
/// time with something to say.
#[expect(clippy::print_stdout, reason = "what failed has to be said")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let path = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(true)?,
    };
    let limited = |path| Program { path, memory: Some(args.memory), seconds: Some(args.seconds) };
    let program = limited(path);
    let beside = args.beside.as_ref().map(|path| path.canonicalize()).transpose()?.map(limited);
    let mut dimensions = dimensions();
    if let Some(only) = &args.only {
        dimensions.retain(|dimension| dimension.name.contains(only.as_str()));
    }
    let mut runs = run_all(&dimensions, args, &program, beside.as_ref())?;
    runs.sort_by_key(|run| Reverse(run.took.peak));
    let failed: Vec<_> = runs.iter().filter(|run| !run.took.is_orderly()).collect();
    if args.all {
        print!("{}", table(runs.iter(), beside.is_some()));
    } else if !failed.is_empty() {
        print!("{}", table(failed.iter().copied(), beside.is_some()));
    }
    for run in &failed {
        println!("{}, `{}`: {}", run.name, run.command, run.took.said);
    }
    println!("{} runs over {} inputs", runs.len(), dimensions.len());
    let longest = runs.iter().map(|run| run.took.cpu).max().unwrap_or_default();
    if let Some(most) = runs.first() {
        println!(
            "At most {} MiB ({}, `{}`) and {:.2} s",
            most.took.peak / 1024,
            most.name,
            most.command,
            longest.as_secs_f64()
        );
    }
    if !failed.is_empty() {
        bail!("{} of {} runs did not end in time with something to say", failed.len(), runs.len());
    }
    Ok(())
}

/// Runs every command over every input, on all processors. What fails is run again by itself: beside
/// another run on the same core it takes up to twice as long.
fn run_all(
    dimensions: &[Dimension],
    args: &Args,
    program: &Program,
    beside: Option<&Program>,
) -> anyhow::Result<Vec<Run>> {
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Vec::new());
    let machine = RwLock::new(());
    thread::scope(|scope| {
        let work = || -> anyhow::Result<()> {
            while let Some(dimension) = dimensions.get(next.fetch_add(1, Ordering::Relaxed)) {
                let input = dimension.input(dimension.most);
                let folder = written(&input)?;
                for command in dimension.commands {
                    let words = command.join(" ");
                    if args.command.as_ref().is_some_and(|only| *only != words) {
                        continue;
                    }
                    let run_once = || program.run(command, &input, folder.path());
                    let mut took = {
                        let _shared = machine.read();
                        run_once()?
                    };
                    if !took.is_orderly() {
                        let _alone = machine.write();
                        took = run_once()?;
                    }
                    let run = Run {
                        name: dimension.name.clone(),
                        size: dimension.most,
                        command: words,
                        took,
                        beside: beside
                            .map(|beside| beside.run(command, &input, folder.path()))
                            .transpose()?,
                    };
                    if let Ok(mut runs) = runs.lock() {
                        runs.push(run);
                    }
                }
            }
            Ok(())
        };
        let count = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    Ok(runs.into_inner().unwrap_or_default())
}

fn table<'a>(runs: impl Iterator<Item = &'a Run>, has_beside: bool) -> Table {
    let mut columns = vec!["", "command", "n", "end", "peak", "cpu"];
    if has_beside {
        columns.extend(["beside: end", "peak", "cpu"]);
    }
    let mut table = Table::of(&columns);
    for run in runs {
        let mut row = vec![run.name.clone(), run.command.clone(), run.size.to_string()];
        row.extend(shown(&run.took));
        row.extend(run.beside.iter().flat_map(shown));
        table.add(row);
    }
    table
}

fn shown(took: &Measured) -> [String; 3] {
    let end = took.status.code().map_or_else(|| took.status.to_string(), |code| code.to_string());
    [end, format!("{} MiB", took.peak / 1024), format!("{:.2} s", took.cpu.as_secs_f64())]
}
