//! How time grows with the input, in each dimension.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command;
use crate::growth::{Dimension, Input, Program, dimensions, written};
use crate::table::Table;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often an input is read whose time seems to grow faster than it does; the fastest counts.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Measure only the dimensions whose names hold this.
    #[arg(long)]
    only: Option<String>,
    /// Run only the commands that are this, such as `check`.
    #[arg(long)]
    command: Option<String>,
    /// Measure this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Time that no input takes away: starting the program. Ratios of less than this say nothing.
const SHORTEST: Duration = Duration::from_millis(10);

/// A ratio of one run each that is worth a second look: noise makes it larger as often as smaller.
const SUSPECT: f64 = 2.1;

/// What a dimension took.
struct Measured {
    name: String,
    size: usize,
    command: String,
    half: Duration,
    whole: Duration,
}

impl Measured {
    /// `None` where it says nothing.
    fn ratio(&self) -> Option<f64> {
        (self.half >= SHORTEST).then(|| self.whole.as_secs_f64() / self.half.as_secs_f64())
    }
}

/// The time of half of the largest input and of all of it, and their ratio: 2 where time grows as
/// the input does, 4 where it grows with its square. The worst comes first.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let path = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(true)?,
    };
    let program = Program { path, memory: None, seconds: Some(120) };
    let mut all = Vec::new();
    for dimension in dimensions() {
        if args.only.as_ref().is_some_and(|only| !dimension.name.contains(only.as_str())) {
            continue;
        }
        all.extend(measure(&program, &dimension, args)?);
    }
    all.sort_by(|a, b| b.ratio().unwrap_or(0.0).total_cmp(&a.ratio().unwrap_or(0.0)));
    let mut table = Table::of(&["", "command", "n", "t(n)", "t(2n)", "t(2n)/t(n)"]);
    for measured in all {
        let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        let ratio = measured.ratio().map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        table.add(vec![
            measured.name,
            measured.command,
            measured.size.to_string(),
            milliseconds(measured.half),
            milliseconds(measured.whole),
            ratio,
        ]);
    }
    Ok(table.to_string())
}

/// Runs every command of a dimension.
fn measure(program: &Program, dimension: &Dimension, args: &Args) -> anyhow::Result<Vec<Measured>> {
    let (half, whole) = (dimension.input(dimension.most / 2), dimension.input(dimension.most));
    let (half_folder, whole_folder) = (written(&half)?, written(&whole)?);
    let mut all = Vec::new();
    for command in dimension.commands {
        let words = command.join(" ");
        if args.command.as_ref().is_some_and(|only| *only != words) {
            continue;
        }
        let mut measured = Measured {
            name: dimension.name.clone(),
            size: dimension.most / 2,
            command: words,
            half: Duration::MAX,
            whole: Duration::MAX,
        };
        for _ in 0..args.runs.max(1) {
            let time =
                |input: &Input, folder: &Path| anyhow::Ok(program.run(command, input, folder)?.cpu);
            measured.half = measured.half.min(time(&half, half_folder.path())?);
            measured.whole = measured.whole.min(time(&whole, whole_folder.path())?);
            if measured.ratio().is_none_or(|ratio| ratio < SUSPECT) {
                break;
            }
        }
        all.push(measured);
    }
    Ok(all)
}
