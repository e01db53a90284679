//! Which release profile: each candidate is built, weighed and run.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{build, chain, exporter, median};
use crate::command;
use crate::package::megabytes;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often each program exports.
    #[arg(long, default_value_t = 41)]
    runs: usize,
}

/// A name, and what differs from Cargo's own release profile. All are stripped, and all build the crates that
/// `Cargo.toml` lists as it says.
const PROFILES: [(&str, &[(&str, &str)]); 8] = [
    ("Cargo's own", &[]),
    ("thin LTO", &[("LTO", "thin")]),
    ("one unit", &[("CODEGEN_UNITS", "1")]),
    ("one unit, thin LTO", &[("CODEGEN_UNITS", "1"), ("LTO", "thin")]),
    ("one unit, fat LTO", &[("CODEGEN_UNITS", "1"), ("LTO", "fat")]),
    ("one unit, fat LTO, level 2", &[("CODEGEN_UNITS", "1"), ("LTO", "fat"), ("OPT_LEVEL", "2")]),
    ("one unit, fat LTO, abort", &[("CODEGEN_UNITS", "1"), ("LTO", "fat"), ("PANIC", "abort")]),
    ("one unit, fat LTO, for size", &[("CODEGEN_UNITS", "1"), ("LTO", "fat"), ("OPT_LEVEL", "s")]),
];

/// A program that was built under a profile.
struct Built {
    name: &'static str,
    program: PathBuf,
    took: Duration,
    times: Vec<Duration>,
}

/// Builds every candidate into an empty folder, then lets them export 1000 Executors to nowhere,
/// in turns.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let work = tempfile::tempdir()?;
    let flow = work.path().join("flow.yml");
    fs::write(&flow, chain(1_000, ""))?;
    let mut programs = Vec::new();
    for (name, settings) in PROFILES {
        programs.push(built(name, settings, work.path())?);
    }
    for _ in 0..args.runs {
        for built in &mut programs {
            let start = Instant::now();
            command::run(&mut exporter(&built.program, &flow, Path::new("-")))?;
            built.times.push(start.elapsed());
        }
    }
    let mut table =
        String::from("| profile | build | size | 1000 Executors |\n|---|---|---|---|\n");
    for built in programs {
        let size = megabytes(&built.program)?;
        let (took, time) = (built.took.as_secs_f64(), median(built.times).as_secs_f64() * 1e3);
        writeln!(table, "| {} | {took:.0} s | {size:.1} MB | {time:.1} ms |", built.name)?;
    }
    Ok(table)
}

fn built(name: &'static str, settings: &[(&str, &str)], work: &Path) -> anyhow::Result<Built> {
    let own = [("CODEGEN_UNITS", "16"), ("LTO", "false"), ("OPT_LEVEL", "3"), ("STRIP", "true")];
    let (target, took) = build(|build| {
        build.args(["--release", "--package", "flowship"]);
        for (setting, value) in own.iter().chain(settings) {
            build.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
    })?;
    let program = work.join(name.replace([' ', ','], "-"));
    fs::copy(command::built(target.path(), "release"), &program)?;
    Ok(Built { name, program, took, times: Vec::new() })
}
