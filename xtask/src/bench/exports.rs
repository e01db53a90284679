//! Exports against the peer and a bare loop that writes the same bytes, in one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use wait4::Wait4 as _;

use super::{chain, exporter, median};
use crate::table::Table;
use crate::{cache, command};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often each export is made.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Leave the peer out: it takes seconds for each export.
    #[arg(long)]
    without_peer: bool,
    /// Measure this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Flows by what they are called in the table. A gateway that dials more Executors than these has
/// arguments that Linux does not take, so that what is larger has shards: ten workloads an Executor,
/// with its head.
fn flows() -> [(&'static str, String); 5] {
    [
        ("2", chain(2, "")),
        ("100", chain(100, "")),
        ("1,000", chain(1_000, "")),
        ("1,000 with blocks", chain(1_000, BLOCK)),
        ("1,000 of 9 shards", chain(1_000, "    shards: 9\n")),
    ]
}

/// What many Executors say in a block `kubernetes`, in every part that is merged. The peer ignores it.
const BLOCK: &str = "    kubernetes:
      labels: {team: search}
      annotations: {example.com/owner: search team}
      pod: {nodeSelector: {disk: ssd}, tolerations: [{key: gpu, operator: Exists}]}
      container: {resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}}
      workload: {spec: {revisionHistoryLimit: 3}}
      service: {spec: {trafficDistribution: PreferClose}}
";

/// Medians, and ratios of medians. Processor time is that of all processors together: it says more
/// than time by the clock where something else runs on the machine.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let flowship = match &args.program {
        Some(program) => program.canonicalize()?,
        None => command::flowship(true)?,
    };
    let python = if args.without_peer { None } else { Some(cache::python()?) };
    let work = tempfile::tempdir()?;
    let mut table = Table::of(&[
        "Executors",
        "files",
        "KB",
        "flowship",
        "bare loop",
        "ratio",
        "flowship cpu",
        "loop cpu",
        "ratio",
        "peak",
        "`jina export`",
        "ratio",
    ]);
    for (name, text) in flows() {
        let flow = work.path().join("flow.yml");
        fs::write(&flow, text)?;
        let out = work.path().join("out");
        // A first export says which bytes the loop has to write.
        fresh(&out, || export(&flowship, &flow, &out))?;
        let files = read(&out)?;
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let (mut ours, mut loops) = (Vec::new(), Vec::new());
        for _ in 0..args.runs {
            let (took, wall) = fresh(&out, || export(&flowship, &flow, &out))?;
            ours.push((wall, took.cpu, took.peak));
            let (cpu, wall) = fresh(&out, || write(&out, &files))?;
            loops.push((wall, cpu));
        }
        let wall = median(ours.iter().map(|took| took.0).collect());
        let cpu = median(ours.iter().map(|took| took.1).collect());
        let peak = ours.iter().map(|took| took.2).max().unwrap_or(0);
        let loop_wall = median(loops.iter().map(|took| took.0).collect());
        let loop_cpu = median(loops.iter().map(|took| took.1).collect());
        // The peer was stopped after ten minutes with 10,000 workloads.
        let peer = match &python {
            Some(python) if files.len() < 10_000 => {
                Some(fresh(&out, || peer(python, &flow, &out))?.1)
            }
            _ => None,
        };
        let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let ratio = |a: Duration, b: Duration| format!("{:.1}", a.as_secs_f64() / b.as_secs_f64());
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        table.add(vec![
            name.to_owned(),
            files.len().to_string(),
            (bytes / 1000).to_string(),
            milliseconds(wall),
            milliseconds(loop_wall),
            ratio(wall, loop_wall),
            milliseconds(cpu),
            milliseconds(loop_cpu),
            ratio(cpu, loop_cpu),
            format!("{} MiB", peak / 1024),
            or_dash(peer.map(|peer| format!("{:.1} s", peer.as_secs_f64()))),
            or_dash(peer.map(|peer| ratio(peer, wall))),
        ]);
    }
    Ok(table.to_string())
}

/// What an export took.
struct Took {
    cpu: Duration,
    /// In KiB.
    peak: u64,
}

fn export(flowship: &Path, flow: &Path, out: &Path) -> anyhow::Result<Took> {
    let used = exporter(flowship, flow, out).spawn()?.wait4()?;
    ensure!(used.status.success(), "the export failed: {}", used.status);
    let usage = used.rusage;
    Ok(Took { cpu: usage.utime + usage.stime, peak: usage.maxrss / 1024 })
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

/// What no export can do without. Returns the processor time of it.
fn write(out: &Path, files: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<Duration> {
    let start = cpu()?;
    fs::create_dir(out)?;
    let mut folder = None;
    for (path, text) in files {
        // Files of one folder follow each other.
        if folder != path.parent() {
            folder = path.parent();
            fs::create_dir(out.join(folder.context("every file lies in a folder")?))?;
        }
        fs::write(out.join(path), text)?;
    }
    Ok(cpu()?.saturating_sub(start))
}

/// The processor time of this process.
fn cpu() -> anyhow::Result<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(Duration::try_from(time)?)
}

/// What something returns and the time that it takes, beginning without the folder.
fn fresh<T>(out: &Path, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, Duration)> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let start = Instant::now();
    let returned = run()?;
    Ok((returned, start.elapsed()))
}
