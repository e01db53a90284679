//! The oracle: the peer itself says what a Flow means, and Kubernetes' schemas what it may be.

use std::path::PathBuf;
use std::process::Command;

use crate::{cache, command};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this mesh; both by default.
    #[arg(long, value_name = "MESH")]
    mesh: Vec<String>,
    /// Only this fixture.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Another flowship than that of this workspace.
    #[arg(long, value_name = "PATH")]
    flowship: Option<PathBuf>,
    /// Alter an argument after each export: the oracle must notice.
    #[arg(long)]
    plant_fault: bool,
}

/// Installs what is missing, builds flowship, and compares all of `tests/fixtures/accepted`.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let python = cache::python()?;
    let flowship = match &args.flowship {
        Some(flowship) => flowship.clone(),
        None => command::flowship(false)?,
    };
    let work = tempfile::tempdir()?;
    let workspace = command::workspace();
    let mut oracle = Command::new(python);
    oracle
        .arg(workspace.join("xtask/oracle/main.py"))
        .arg(flowship)
        .arg(workspace.join("tests/fixtures/accepted"))
        .arg(workspace.join("docs/differences.md"))
        .arg(work.path().join("exports"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    for mesh in &args.mesh {
        oracle.args(["--mesh", mesh]);
    }
    if let Some(name) = &args.only {
        oracle.args(["--only", name]);
    }
    if args.plant_fault {
        oracle.arg("--plant-fault");
    }
    command::run(&mut oracle)
}
