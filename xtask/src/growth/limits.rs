//! The largest inputs, under limits on memory and time.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::bail;

use super::{Program, dimensions, written};
use crate::command;

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
    /// How much address space each run may take, in KiB.
    #[arg(long, default_value_t = 512 * 1024)]
    memory: u64,
    /// How many seconds each run may take, all processors together.
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Print a row for each run, not only for those that fail.
    #[arg(long)]
    all: bool,
}

/// Runs the program over the largest input of every dimension, and fails where it does not end in
/// time with something to say.
#[expect(clippy::print_stdout, reason = "what failed has to be said")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let path = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(true)?,
    };
    let program = Program { path, memory: Some(args.memory), seconds: Some(args.seconds) };
    let mut dimensions = dimensions();
    if let Some(only) = &args.only {
        dimensions.retain(|dimension| dimension.name.contains(only.as_str()));
    }
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
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
                    let took = program.run(command, &input, folder.path())?;
                    let is_good = took.is_orderly();
                    let end = took
                        .status
                        .code()
                        .map_or_else(|| took.status.to_string(), |code| code.to_string());
                    let mut row = format!(
                        "| {} | {} | `{}` | {:.2} s | {:.2} s | {} MiB | {end} |",
                        dimension.name,
                        dimension.most,
                        words,
                        took.wall.as_secs_f64(),
                        took.cpu.as_secs_f64(),
                        took.peak / 1024,
                    );
                    if !is_good {
                        let _ = write!(row, "\n  FAILED: {}", took.said);
                    }
                    if args.all || !is_good {
                        println!("{row}");
                    }
                    if let Ok(mut rows) = rows.lock() {
                        rows.push(is_good);
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
    let rows = rows.into_inner().unwrap_or_default();
    let failed = rows.iter().filter(|is_good| !**is_good).count();
    println!("{} runs over {} inputs", rows.len(), dimensions.len());
    if failed > 0 {
        bail!("{failed} of {} runs did not end in time with something to say", rows.len());
    }
    Ok(())
}
