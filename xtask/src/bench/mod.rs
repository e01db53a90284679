//! Measurements: of exports, of builds, and of what a release profile makes of both.

mod builds;
mod exports;
mod growth;
mod profiles;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::command;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Task {
    /// Measure exports against the peer and a bare loop that writes the same bytes.
    Exports(exports::Args),
    /// Measure how time grows with the input, in each dimension in which a file can grow.
    Growth(growth::Args),
    /// Measure how long it takes to build a crate and all that it needs, and count what that is.
    Builds,
    /// Measure size, build and run time of the program under several release profiles.
    Profiles(profiles::Args),
}

/// Measures and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    let table = match task {
        Task::Exports(args) => exports::run(args)?,
        Task::Growth(args) => growth::run(args)?,
        Task::Builds => builds::run()?,
        Task::Profiles(args) => profiles::run(args)?,
    };
    print!("{table}");
    Ok(())
}

/// A chain of Executors with the settings that most Flows have, and `more`.
fn chain(executors: usize, more: &str) -> String {
    let mut text = String::from("jtype: Flow\nwith: {name: bench}\nexecutors:\n");
    for index in 0..executors {
        // Writing into a `String` does not fail.
        let _ = write!(
            text,
            "  - name: executor_{index}\n    uses: docker://example/executor:{index}\n    \
             replicas: 2\n    env: {{MODE: fast}}\n    uses_with: {{dim: 512, name: e{index}}}\n{more}"
        );
    }
    text
}

fn exporter(flowship: &Path, flow: &Path, out: &Path) -> Command {
    let mut export = Command::new(flowship);
    export.args(["export", "kubernetes", "--quiet"]).arg(flow).arg(out).stdout(Stdio::null());
    export
}

/// A `cargo build` as `chosen` says, into an empty folder. Returns the folder, and how long it took;
/// what has to be fetched is not counted.
fn build(chosen: impl FnOnce(&mut Command)) -> anyhow::Result<(TempDir, Duration)> {
    command::run(command::cargo().args(["fetch", "--quiet", "--locked"]))?;
    let target = tempfile::tempdir()?;
    let mut build = command::cargo();
    build.args(["build", "--quiet", "--locked", "--offline", "--target-dir"]).arg(target.path());
    chosen(&mut build);
    let start = Instant::now();
    command::run(&mut build)?;
    Ok((target, start.elapsed()))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
