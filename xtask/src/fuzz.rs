//! Random texts, chosen so that they reach ever more of the code.

use std::fs;
use std::path::Path;

use crate::{cache, command};

/// Pinned, so that a new version is a new installation.
const CARGO_FUZZ: &str = "0.13.2";

const TARGETS: [&str; 6] = ["source", "substitution", "compile", "blocks", "files", "report"];

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
#[expect(clippy::print_stdout, reason = "the targets take their time")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if !command::has_nightly("fuzz targets") {
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
        let mut fuzz = command::nightly(&program)?;
        // The project's own code has no `unsafe`, so a sanitizer would find nothing, slowly.
        fuzz.args(["fuzz", "run", "--sanitizer", "none", "--target-dir"])
            .arg(cache::folder()?.join("fuzz"))
            .args(["--fuzz-dir", "fuzz", &target])
            .arg(&corpus)
            .args(["--", "-max_len=512", "-print_final_stats=1", "-verbosity=0"])
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(match args.runs {
                Some(runs) => format!("-runs={runs}"),
                None => format!("-max_total_time={}", args.seconds),
            });
        println!("fuzzing {target}");
        command::run(&mut fuzz)?;
    }
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
