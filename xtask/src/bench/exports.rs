//! Exports against the peer and a bare loop that writes the same bytes, in one run.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{chain, export, median};
use crate::{cache, command};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often each export is made.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Leave the peer out: it takes seconds for each export.
    #[arg(long)]
    without_peer: bool,
}

/// Medians, and ratios of medians.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let flowship = command::flowship(true)?;
    let python = if args.without_peer { None } else { Some(cache::python()?) };
    let work = tempfile::tempdir()?;
    let mut table = String::from(
        "| Executors | files | KB | flowship | bare loop | ratio | jina export | ratio |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for executors in [2, 100, 1_000] {
        let flow = work.path().join(format!("flow-{executors}.yml"));
        fs::write(&flow, chain(executors))?;
        let out = work.path().join("out");
        // A first export says which bytes the loop has to write.
        fresh(&out, || export(&flowship, &flow, &out))?;
        let files = read(&out)?;
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let (mut ours, mut loops) = (Vec::new(), Vec::new());
        for _ in 0..args.runs {
            ours.push(fresh(&out, || export(&flowship, &flow, &out))?);
            loops.push(fresh(&out, || write(&out, &files))?);
        }
        let (ours, loops) = (median(ours), median(loops));
        let peer = match &python {
            None => None,
            Some(python) => Some(fresh(&out, || peer(python, &flow, &out))?),
        };
        let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
        writeln!(
            table,
            "| {executors} | {} | {} | {:.1} ms | {:.1} ms | {:.2} | {} | {} |",
            files.len(),
            bytes / 1000,
            ours.as_secs_f64() * 1e3,
            loops.as_secs_f64() * 1e3,
            ratio(ours, loops),
            peer.map_or_else(|| "-".to_owned(), |peer| format!("{:.1} s", peer.as_secs_f64())),
            peer.map_or_else(|| "-".to_owned(), |peer| format!("{:.0}", ratio(peer, ours))),
        )?;
    }
    Ok(table)
}

/// The peer as its users run it, with the look-up of images replaced: it needs the network.
fn peer(python: &Path, flow: &Path, out: &Path) -> anyhow::Result<()> {
    let oracle = command::workspace().join("xtask/oracle");
    let program = "import sys; sys.path.insert(0, sys.argv[1]); import pathlib, peer; \
                   peer.without_network(); \
                   sys.exit(peer.export('kubernetes', pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), []))";
    let mut export = Command::new(python);
    export.args(["-B", "-c", program]).arg(oracle).arg(flow).arg(out);
    command::run(export.stdout(Stdio::null()).stderr(Stdio::null()))
}

/// Every file under a folder, with its path in it.
fn read(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        for file in fs::read_dir(entry?.path())? {
            let path = file?.path();
            let relative = path.strip_prefix(folder).context("a file outside its folder")?;
            files.push((relative.to_owned(), fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// What no export can do without.
fn write(out: &Path, files: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<()> {
    fs::create_dir(out)?;
    for (path, text) in files {
        let path = out.join(path);
        fs::create_dir(path.parent().context("every file lies in a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// The time that something takes, beginning without the folder.
fn fresh(out: &Path, run: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}
