//! What it costs to build on a crate.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::build;
use crate::command::{self, said};

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
    let mut table = String::from("| | packages | debug | release |\n|---|---|---|---|\n");
    for (what, chosen) in BUILT {
        let seconds = |profile: &[&str]| {
            let (_, took) = build(|build| _ = build.args(chosen).args(profile))?;
            anyhow::Ok(took.as_secs_f64())
        };
        let (packages, debug, release) =
            (packages(chosen)?, seconds(&[])?, seconds(&["--release"])?);
        writeln!(table, "| {what} | {packages} | {debug:.0} s | {release:.0} s |")?;
    }
    Ok(table)
}

/// How many packages are built, those of the workspace included.
fn packages(chosen: &[&str]) -> anyhow::Result<usize> {
    let mut tree = command::cargo();
    tree.args(["tree", "--locked", "--edges", "normal,build"]);
    let tree = said(tree.args(["--prefix", "none", "--format", "{p}"]).args(chosen))?;
    // What is shown a second time is marked; between trees of a workspace lines are empty.
    let names = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    Ok(names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().len())
}
