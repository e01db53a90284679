//! `cargo xtask package`: what users install, made and tried.

mod elf;
mod platform;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use crate::cache;
use crate::command::{self, run, workspace};
use crate::e2e::programs;
use crate::python::pythons;
use platform::{Platform, Processor};

/// More than this many bytes is too much.
const LARGEST: u64 = 20_000_000;

/// What builds for another libc or another processor: Zig compiles C and links, the others call it.
const TOOLS: [&str; 3] = ["ziglang==0.17.1", "cargo-zigbuild==0.24.1", "maturin==1.16.0"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The platform of a wheel, may be repeated.
    #[arg(long, value_name = "PLATFORM", default_value = "x86_64-manylinux2014")]
    platform: Vec<Platform>,
    /// Try the wheels with this CPython too, such as one with musl; may be repeated.
    #[arg(long, value_name = "FILE")]
    python: Vec<PathBuf>,
    /// Try the wheels of the folder, and build none.
    #[arg(long)]
    only_try: bool,
    /// The folder of the wheels and of the packed programs, `target/packages` by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Builds the static programs and the wheels, and tries those that this machine can run.
#[expect(clippy::print_stdout, reason = "sizes, times and what was tried are what the task tells")]
pub(crate) fn run_task(args: &Args) -> anyhow::Result<()> {
    let out = match &args.out {
        Some(out) => std::path::absolute(out)?,
        None => command::target()?.join("packages"),
    };
    if !args.only_try {
        build(&args.platform, &out)?;
    }
    let mut here: Vec<PathBuf> = pythons().into_values().collect();
    here.extend(args.python.iter().cloned());
    for platform in &args.platform {
        let wheel = platform.wheel(&out)?;
        if !platform.processor.is_this() {
            println!("{} is not tried: this machine has another processor", wheel.display());
            continue;
        }
        let mut fitting = Vec::new();
        for python in &here {
            if elf::is_musl(&executable(python)?)? == platform.is_musl() {
                fitting.push(python);
            }
        }
        if fitting.is_empty() {
            println!("{} is not tried: pass `--python` with a CPython for it", wheel.display());
        }
        for python in fitting {
            let start = Instant::now();
            trial::run_wheel(&wheel, python).with_context(|| python.display().to_string())?;
            let seconds = start.elapsed().as_secs();
            println!("{}: passes with {}, {seconds} s", platform.name(), python.display());
        }
    }
    Ok(())
}

/// The program of a Python: what lies in `PATH` may be a script that starts it.
fn executable(python: &Path) -> anyhow::Result<PathBuf> {
    let ask = ["-c", "import sys; print(sys.executable)"];
    Ok(command::said(Command::new(python).args(ask))?.into())
}

/// Makes the programs and wheels of platforms. Other files of the folder stay.
#[expect(clippy::print_stdout, reason = "sizes and times are what the task tells")]
fn build(platforms: &[Platform], out: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(out)?;
    let tools = Tools::install()?;
    let mut processors: Vec<_> = platforms.iter().map(|platform| platform.processor).collect();
    processors.dedup();
    for processor in processors {
        let start = Instant::now();
        let program = static_program(&tools, processor)?;
        pack(&program, processor, out)?;
        let seconds = start.elapsed().as_secs();
        println!("{}: {:.1} MB, static, {seconds} s", program.display(), megabytes(&program)?);
        for platform in platforms.iter().filter(|platform| platform.processor == processor) {
            let start = Instant::now();
            let wheel = wheel(&tools, *platform, &program, out)?;
            let seconds = start.elapsed().as_secs();
            println!("{}: {:.1} MB, {seconds} s", wheel.display(), megabytes(&wheel)?);
        }
    }
    Ok(())
}

/// The tools that build, in an environment of their own.
struct Tools {
    folder: PathBuf,
}

impl Tools {
    fn install() -> anyhow::Result<Self> {
        let python = cache::python_with("package", &TOOLS)?;
        let folder = python.parent().context("the Python lies in a folder")?.to_owned();
        Ok(Self { folder })
    }

    /// One of them, which finds the others.
    fn command(&self, name: &str) -> anyhow::Result<Command> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.clone()).chain(std::env::split_paths(&path));
        let mut command = Command::new(self.folder.join(name));
        command.env("PATH", std::env::join_paths(folders)?).current_dir(workspace());
        command.env("CARGO_TARGET_DIR", command::target()?);
        Ok(command)
    }
}

/// Adds a target to the toolchain.
fn need(target: &str) -> anyhow::Result<()> {
    if programs::find("rustup").is_some() {
        run(Command::new("rustup").args(["target", "add", target]))?;
    }
    Ok(())
}

/// The program that runs wherever its processor does: nothing of a system is linked to it.
fn static_program(tools: &Tools, processor: Processor) -> anyhow::Result<PathBuf> {
    let target = processor.musl();
    need(&target)?;
    let mut build = tools.command("cargo-zigbuild")?;
    build.args(["zigbuild", "--release", "--locked", "--package", "flowship"]);
    run(build.args(["--target", &target]))?;
    let program = command::target()?.join(target).join("release/flowship");
    let size = fs::metadata(&program)?.len();
    ensure!(size < LARGEST, "{} has {size} bytes", program.display());
    let loader = elf::loader(&program)?;
    ensure!(loader.is_none(), "{} is not static: {loader:?}", program.display());
    if processor.is_this() {
        run(Command::new(&program).arg("--version"))?;
    }
    Ok(program)
}

/// The program as people download it.
fn pack(program: &Path, processor: Processor, out: &Path) -> anyhow::Result<()> {
    let archive = out.join(format!("flowship-{}-linux.tar.gz", processor.name()));
    let folder = program.parent().context("the program lies in a folder")?;
    let mut tar = Command::new("tar");
    run(tar.arg("-czf").arg(archive).arg("-C").arg(folder).arg("flowship"))
}

/// The wheel of a platform, with the static program in it.
fn wheel(tools: &Tools, platform: Platform, program: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let target = platform.target();
    need(&target)?;
    let scripts = workspace().join("dist/flowship.data/scripts");
    fs::create_dir_all(&scripts)?;
    fs::copy(program, scripts.join("flowship"))?;
    let mut build = tools.command("maturin")?;
    build.args(["build", "--release", "--locked", "--quiet", "--zig", "--target", &target]);
    build.args(["--compatibility", platform.compatibility()]).arg("--out").arg(out);
    run(&mut build)?;
    platform.wheel(out)
}

/// The size of a file.
pub(crate) fn megabytes(file: &Path) -> anyhow::Result<f64> {
    let bytes = fs::metadata(file).with_context(|| file.display().to_string())?.len();
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    Ok(bytes as f64 / 1e6)
}
