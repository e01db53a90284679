//! How time grows with the input, in each dimension.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::command;
use crate::growth::{Dimension, Program, dimensions, written};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often each input is read; the fastest time counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Measure only the dimensions whose names hold this.
    #[arg(long)]
    only: Option<String>,
    /// Measure this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Time that no input takes away: starting the program. Ratios of less than this say nothing.
const SHORTEST: Duration = Duration::from_millis(10);

/// The time of half of the largest input and of all of it, and their ratio: 2 where time grows as
/// the input does, 4 where it grows with its square.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let path = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(true)?,
    };
    let program = Program { path, memory: None, seconds: Some(120) };
    let mut table =
        String::from("| | n | command | t(n) | t(2n) | t(2n)/t(n) |\n|---|---|---|---|---|---|\n");
    for dimension in dimensions() {
        if args.only.as_ref().is_some_and(|only| !dimension.name.contains(only.as_str())) {
            continue;
        }
        for command in dimension.commands {
            let half = fastest(&program, &dimension, dimension.most / 2, command, args.runs)?;
            let whole = fastest(&program, &dimension, dimension.most, command, args.runs)?;
            let ratio = if half < SHORTEST {
                "-".to_owned()
            } else {
                format!("{:.2}", whole.as_secs_f64() / half.as_secs_f64())
            };
            writeln!(
                table,
                "| {} | {} | `{}` | {:.1} ms | {:.1} ms | {ratio} |",
                dimension.name,
                dimension.most / 2,
                command.join(" "),
                half.as_secs_f64() * 1e3,
                whole.as_secs_f64() * 1e3,
            )?;
        }
    }
    Ok(table)
}

/// Time of all processors, so that what else runs on the machine counts little.
fn fastest(
    program: &Program,
    dimension: &Dimension,
    size: usize,
    command: &[&str],
    runs: usize,
) -> anyhow::Result<Duration> {
    let input = dimension.input(size);
    let folder = written(&input)?;
    let mut fastest = Duration::MAX;
    for _ in 0..runs {
        fastest = fastest.min(program.run(command, &input, folder.path())?.cpu);
    }
    Ok(fastest)
}
