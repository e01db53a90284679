//! Running programs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, bail};

/// Runs a program and fails when it does.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}

/// Runs a program; its words are in the error where it fails.
pub(crate) fn checked(command: &mut Command) -> anyhow::Result<Output> {
    let program = format!("{command:?}");
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}

/// What a program prints.
pub(crate) fn said(command: &mut Command) -> anyhow::Result<String> {
    Ok(String::from_utf8(checked(command)?.stdout)?.trim().to_owned())
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The `cargo` that runs this program, in the workspace.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace());
    // Build scripts run again where these change, and this package is not the one to build.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Whether `cargo +nightly` is there, for what only a nightly Rust can do. Says what is left out
/// where it is not.
#[expect(clippy::print_stdout, reason = "what was left out has to be said")]
pub(crate) fn has_nightly(what: &str) -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["+nightly", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let found = cargo.status().is_ok_and(|status| status.success());
    if !found {
        println!("left out: {what} need a nightly Rust (`rustup toolchain install nightly`)");
    }
    found
}

/// `cargo +nightly` in the workspace, which finds a program of its own, `cargo-NAME`, as `cargo NAME`.
pub(crate) fn nightly(program: &Path) -> anyhow::Result<Command> {
    let folder = program.parent().context("the program lies in a folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    let mut cargo = Command::new("cargo");
    cargo.arg("+nightly").env("PATH", std::env::join_paths(folders)?).current_dir(workspace());
    Ok(cargo)
}

/// The folder of what is built: this program is `PROFILE/xtask` in it.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).context("xtask runs outside a target folder")?;
    Ok(target.to_owned())
}

/// Builds flowship and returns the program.
pub(crate) fn flowship(release: bool) -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "flowship"]);
    if release {
        build.arg("--release");
    }
    run(&mut build)?;
    Ok(built(&target()?, if release { "release" } else { "debug" }))
}

/// Where the program lies in a folder of what is built.
pub(crate) fn built(target: &Path, profile: &str) -> PathBuf {
    target.join(profile).join(format!("flowship{}", std::env::consts::EXE_SUFFIX))
}
