//! What it costs to build on a crate.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::command;

/// What is built, and the arguments that choose it.
const BUILT: [(&str, &[&str]); 6] = [
    ("`flow-model`", &["--package", "flow-model"]),
    ("`flow-model` with `report`", &["--package", "flow-model", "--features", "report"]),
    ("`flow-validate`", &["--package", "flow-validate"]),
    ("`backend-k8s`", &["--package", "backend-k8s", "--features", "k8s-openapi/v1_33"]),
    ("`flowship`", &["--package", "flowship"]),
    ("the workspace", &["--workspace"]),
];

/// Builds each into an empty folder, as whoever builds it for the first time does.
pub(super) fn run() -> anyhow::Result<String> {
    command::run(command::cargo().args(["fetch", "--locked"]))?;
    let mut table = String::from("| | packages | debug | release |\n|---|---|---|---|\n");
    for (what, chosen) in BUILT {
        let packages = packages(chosen)?;
        let (debug, release) = (build(chosen, &[])?, build(chosen, &["--release"])?);
        let (debug, release) = (debug.as_secs_f64(), release.as_secs_f64());
        writeln!(table, "| {what} | {packages} | {debug:.0} s | {release:.0} s |")?;
    }
    Ok(table)
}

fn build(chosen: &[&str], profile: &[&str]) -> anyhow::Result<Duration> {
    let target = tempfile::tempdir()?;
    let mut build = command::cargo();
    build.args(["build", "--quiet", "--locked", "--offline", "--target-dir"]).arg(target.path());
    let start = Instant::now();
    command::run(build.args(chosen).args(profile))?;
    Ok(start.elapsed())
}

/// How many packages are built, those of the workspace included.
fn packages(chosen: &[&str]) -> anyhow::Result<usize> {
    let mut tree = command::cargo();
    tree.args(["tree", "--locked", "--offline", "--edges", "normal,build"]);
    let tree = text(tree.args(["--prefix", "none", "--format", "{p}"]).args(chosen))?;
    // What is shown a second time is marked; between trees of a workspace lines are empty.
    let names = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    Ok(names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().len())
}

fn text(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().context("cannot run cargo")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
