//! The oracle: the peer itself says what a Flow means, and the schemas of Kubernetes and Compose
//! what an export may be.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use flowship_tests::{MESHES, meaning};

use crate::{cache, command};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this mesh; all by default.
    #[arg(long, value_name = "MESH")]
    mesh: Vec<String>,
    /// Only this fixture.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Another flowship than that of this workspace.
    #[arg(long, value_name = "PATH")]
    flowship: Option<PathBuf>,
    /// Compare over the files of this folder instead, as they are.
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
    /// A JSON object of variables for `--corpus`; whatever `uses` is no container gets an image.
    #[arg(long, value_name = "FILE", requires = "corpus")]
    environment: Option<PathBuf>,
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
    let exports = work.path().join("exports");
    let workspace = command::workspace();
    let mut oracle = Command::new(&python);
    oracle
        .arg(workspace.join("xtask/oracle/main.py"))
        .arg(&flowship)
        .arg(args.corpus.clone().unwrap_or_else(|| workspace.join("tests/fixtures/accepted")))
        .arg(workspace.join("docs/differences.md"))
        .arg(&exports)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    for mesh in &args.mesh {
        oracle.args(["--mesh", mesh]);
    }
    if let Some(name) = &args.only {
        oracle.args(["--only", name]);
    }
    if args.corpus.is_some() {
        oracle.arg("--corpus");
    }
    if let Some(file) = &args.environment {
        oracle.arg("--environment").arg(file);
    }
    if args.plant_fault {
        oracle.arg("--plant-fault");
    }
    // A mesh is nothing to Compose.
    let with_compose = args.mesh.is_empty() && args.corpus.is_none();
    // Both at the same time: neither can use more than one core.
    let compose = || compose(args, &python, &flowship, work.path());
    let compose = with_compose.then(compose).transpose()?;
    let compared = command::run(&mut oracle);
    let meant = problems_of_meaning(&exports);
    if let Some(compose) = compose {
        let output = compose.wait_with_output()?;
        std::io::stdout().write_all(&output.stdout)?;
        ensure!(output.status.success(), "the comparison of Compose files failed");
    }
    compared?;
    meant
}

/// Begins to compare the Compose files of the same fixtures. What it prints is kept.
fn compose(args: &Args, python: &Path, flowship: &Path, work: &Path) -> anyhow::Result<Child> {
    let workspace = command::workspace();
    let mut oracle = Command::new(python);
    oracle
        .arg(workspace.join("xtask/oracle/compose.py"))
        .arg(flowship)
        .arg(workspace.join("tests/fixtures/accepted"))
        .arg(workspace.join("docs/differences-compose.md"))
        .arg(work.join("compose"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if let Some(schema) = cache::compose_schema()? {
        oracle.arg("--schema").arg(schema);
    }
    if let Some(name) = &args.only {
        oracle.args(["--only", name]);
    }
    if args.plant_fault {
        oracle.arg("--plant-fault");
    }
    Ok(oracle.stdout(Stdio::piped()).spawn()?)
}

/// Looks at what the comparison has exported with the checks that `cargo test` makes as well.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
fn problems_of_meaning(exports: &Path) -> anyhow::Result<()> {
    let mut problems = 0;
    for mesh in MESHES {
        let Ok(fixtures) = fs::read_dir(exports.join(mesh)) else { continue };
        for fixture in fixtures {
            let folder = fixture?.path();
            let objects = meaning::objects_in(&folder)?;
            let name = folder.file_name().context("a fixture's folder has a name")?;
            for problem in meaning::problems(&objects) {
                println!("problem of meaning: {} [{mesh}] {problem}", name.display());
                problems += 1;
            }
        }
    }
    println!("{:<36} {problems}", "problems of meaning");
    if problems > 0 {
        bail!("an export means nothing to a cluster");
    }
    Ok(())
}
