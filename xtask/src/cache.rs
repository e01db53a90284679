//! What is installed once, outside the checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::command::{cargo, run, workspace};
use crate::e2e::programs;
use crate::go;

/// The folder for what is installed: `FLOWSHIP_CACHE`, or `flowship` in the user's cache folder.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("FLOWSHIP_CACHE") {
        return Ok(folder.into());
    }
    if let Some(cache) = std::env::var_os("XDG_CACHE_HOME") {
        return Ok(Path::new(&cache).join("flowship"));
    }
    let home = std::env::var_os("HOME").context("neither FLOWSHIP_CACHE nor HOME is set")?;
    Ok(Path::new(&home).join(".cache/flowship"))
}

/// A Python with the peer and the schemas, in a virtual environment of its own.
pub(crate) fn python() -> anyhow::Result<PathBuf> {
    let requirements = workspace().join("xtask/oracle/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    environment(&folder()?.join("oracle"), &wanted, |python| {
        let mut install = Command::new(uv()?);
        install.args(["pip", "install", "--quiet", "--python"]).arg(python);
        run(install.arg("--requirement").arg(&requirements))
    })
}

/// The Python of a virtual environment in which `wanted` is installed. A folder whose installation was
/// cut, or of something else, is made anew.
fn environment(
    folder: &Path,
    wanted: &str,
    install: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    let python = folder.join("bin/python");
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    virtual_environment(folder)?;
    install(&python)?;
    fs::write(installed, wanted)?;
    Ok(python)
}

/// The module of Compose's own reader, which holds the schema of the Compose specification.
pub(crate) const COMPOSE_GO: &str = "github.com/compose-spec/compose-go/v2";

/// Its version.
pub(crate) const COMPOSE_GO_VERSION: &str = "v2.16.2";

/// The JSON Schema of the Compose specification; `None` on a machine without Go, whose modules it
/// is published in.
pub(crate) fn compose_schema() -> anyhow::Result<Option<PathBuf>> {
    let schema = folder()?.join(format!("compose-spec-{COMPOSE_GO_VERSION}.json"));
    if schema.exists() {
        return Ok(Some(schema));
    }
    if programs::find("go").is_none() {
        return Ok(None);
    }
    let found = go::files(COMPOSE_GO, COMPOSE_GO_VERSION)?;
    fs::create_dir_all(folder()?)?;
    fs::copy(found.join("schema/compose-spec.json"), &schema)?;
    Ok(Some(schema))
}

/// uv: pip's resolver gives up on jina 3.34.0.
pub(crate) fn uv() -> anyhow::Result<PathBuf> {
    python_program("uv", "0.13.9")
}

/// A Python environment in which nothing is installed.
pub(crate) fn virtual_environment(folder: &Path) -> anyhow::Result<()> {
    let venv = run(Command::new("python3").args(["-m", "venv"]).arg(folder));
    venv.context("a Python 3 with its venv module is needed")
}

/// A Python with packages of PyPI, in a virtual environment of its own.
pub(crate) fn python_with(name: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    environment(&folder()?.join("tools").join(name), &packages.join("\n"), |python| {
        let mut install = Command::new(python);
        run(install.args(["-m", "pip", "install", "--quiet"]).args(packages))
    })
}

/// A program from PyPI, in a virtual environment of its own.
pub(crate) fn python_program(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let environment = folder()?.join(format!("tools/{name}-{version}"));
    let program = environment.join("bin").join(name);
    if !program.exists() {
        virtual_environment(&environment)?;
        let mut install = Command::new(environment.join("bin/pip"));
        run(install.args(["install", "--quiet", &format!("{name}=={version}")]))?;
    }
    Ok(program)
}

/// A program from crates.io.
pub(crate) fn cargo_program(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let root = folder()?.join(format!("tools/{name}-{version}"));
    let program = root.join("bin").join(name);
    if !program.exists() {
        let mut install = cargo();
        install.args(["install", "--quiet", "--locked", "--version", version, "--root"]);
        run(install.arg(&root).arg(name))?;
    }
    Ok(program)
}
