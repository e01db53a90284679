//! `cargo xtask package`: what users install, made and tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::cache;
use crate::command::{self, run, workspace};
use crate::e2e::programs;

/// The target that links everything into the program.
const STATIC: &str = "x86_64-unknown-linux-musl";

/// More than this many bytes is too much.
const LARGEST: u64 = 20_000_000;

const MATURIN: &str = "1.16.0";

/// Builds the static program and the wheel, and tries both.
#[expect(clippy::print_stdout, reason = "sizes are what the task is for")]
pub(crate) fn run_task() -> anyhow::Result<()> {
    let program = static_program()?;
    println!("{}: {:.1} MB, static", program.display(), megabytes(&program)?);
    let wheel = wheel(&program)?;
    println!("{}: {:.1} MB", wheel.display(), megabytes(&wheel)?);
    try_wheel(&wheel)
}

fn static_program() -> anyhow::Result<PathBuf> {
    if programs::find("rustup").is_some() {
        run(Command::new("rustup").args(["target", "add", STATIC]))?;
    }
    // For what is written in C, the allocator.
    programs::need(&[("musl-gcc", "musl-tools")])?;
    let target = command::target()?;
    let mut build = command::cargo();
    build.args(["build", "--release", "--locked", "--package", "flowship", "--target", STATIC]);
    run(build.arg("--target-dir").arg(&target))?;
    let program = target.join(STATIC).join("release/flowship");
    let size = fs::metadata(&program)?.len();
    ensure!(size < LARGEST, "{} has {size} bytes", program.display());
    let linked = Command::new("ldd").arg(&program).output()?;
    let said = [linked.stdout, linked.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let is_static = said.contains("statically linked") || said.contains("not a dynamic executable");
    ensure!(is_static, "{} is not static: {said}", program.display());
    run(Command::new(&program).arg("--version"))?;
    Ok(program)
}

/// The wheel of this machine, with the static program in it.
fn wheel(program: &Path) -> anyhow::Result<PathBuf> {
    let maturin = cache::python_program("maturin", MATURIN)?;
    let wheels = command::target()?.join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels)?;
    }
    let scripts = workspace().join("dist/flowship.data/scripts");
    fs::create_dir_all(&scripts)?;
    fs::copy(program, scripts.join("flowship"))?;
    let mut build = Command::new(maturin);
    build.args(["build", "--release", "--locked", "--quiet", "--out"]).arg(&wheels);
    run(build.current_dir(workspace()))?;
    let made = fs::read_dir(&wheels)?.next().context("maturin has made no wheel")?;
    Ok(made?.path())
}

/// What a program does with the package.
const IMPORT: &str = "import flowship, sys; flowship.compile(sys.argv[1]).write('from-python')";

/// Installs the wheel where nothing else is, and exports a Flow with its program and from Python.
fn try_wheel(wheel: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let environment = folder.path().join("venv");
    cache::virtual_environment(&environment)?;
    let mut install = Command::new(environment.join("bin/pip"));
    run(install.args(["install", "--quiet", "--no-index"]).arg(wheel))?;
    let mut export = Command::new(environment.join("bin/flowship"));
    export.args(["export", "kubernetes", "--quiet"]).arg(workspace().join("examples/search.yml"));
    run(export.arg(folder.path().join("manifests")))?;
    let mut import = Command::new(environment.join("bin/python"));
    import.args(["-c", IMPORT]).current_dir(folder.path());
    run(import.arg(workspace().join("examples/search.yml")))?;
    for file in [
        "man/man1/flowship.1",
        "man/man1/flowship-export-kubernetes.1",
        "bash-completion/completions/flowship",
    ] {
        let file = environment.join("share").join(file);
        ensure!(file.exists(), "the wheel does not bring {}", file.display());
    }
    Ok(())
}

/// The size of a file.
pub(crate) fn megabytes(file: &Path) -> anyhow::Result<f64> {
    let bytes = fs::metadata(file).with_context(|| file.display().to_string())?.len();
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    Ok(bytes as f64 / 1e6)
}
