//! Random texts, chosen so that they reach ever more of the code.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::{cache, command};

/// Pinned, so that a new version is a new installation.
const CARGO_FUZZ: &str = "0.13.2";

const TARGETS: [&str; 3] = ["source", "substitution", "compile"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which targets; all by default.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(TARGETS))]
    targets: Vec<String>,
    /// How long each target runs, in seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// How many texts each target reads, instead.
    #[arg(long, conflicts_with = "seconds")]
    runs: Option<u64>,
}

/// Builds the targets and runs them. What makes one fail is kept under `fuzz/artifacts`.
#[expect(clippy::print_stdout, reason = "what was left out has to be said")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if !has_nightly() {
        println!("left out: fuzz targets need a nightly Rust (`rustup toolchain install nightly`)");
        return Ok(());
    }
    let program = cache::cargo_program("cargo-fuzz", CARGO_FUZZ)?;
    let work = tempfile::tempdir()?;
    let targets = if args.targets.is_empty() {
        TARGETS.map(str::to_owned).to_vec()
    } else {
        args.targets.clone()
    };
    for target in targets {
        let corpus = work.path().join(&target);
        seed(&corpus)?;
        let artifacts = command::workspace().join("fuzz/artifacts").join(&target);
        fs::create_dir_all(&artifacts)?;
        let mut fuzz = Command::new("cargo");
        // The project's own code has no `unsafe`, so a sanitizer would find nothing, slowly.
        fuzz.args(["+nightly", "fuzz", "run", "--sanitizer", "none", "--target-dir"])
            .arg(cache::folder()?.join("fuzz"))
            .args(["--fuzz-dir", "fuzz", &target])
            .arg(&corpus)
            .args(["--", "-max_len=512", "-print_final_stats=1", "-verbosity=0"])
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(match args.runs {
                Some(runs) => format!("-runs={runs}"),
                None => format!("-max_total_time={}", args.seconds),
            })
            .current_dir(command::workspace());
        prepend_path(&mut fuzz, &program)?;
        println!("fuzzing {target}");
        command::run(&mut fuzz)?;
    }
    Ok(())
}

fn has_nightly() -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["+nightly", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
}

/// `cargo fuzz` is found through `PATH`.
fn prepend_path(command: &mut Command, program: &Path) -> anyhow::Result<()> {
    let folder = program.parent().context("the program lies in a folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders)?);
    Ok(())
}

/// Begins with the fixtures: each of them reaches something that the others do not.
fn seed(corpus: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(corpus)?;
    for kind in ["accepted", "refused"] {
        for fixture in flowship_tests::fixtures(kind) {
            fs::write(corpus.join(format!("{kind}-{}", fixture.name)), fixture.text)?;
        }
    }
    Ok(())
}
