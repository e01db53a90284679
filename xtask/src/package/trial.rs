//! A wheel where nothing else is installed.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use crate::command::{run, workspace};

/// What a program does with the package.
const IMPORT: &str = "import flowship, sys; flowship.compile(sys.argv[1]).write('from-python')";

/// Installs a wheel in a fresh environment, exports a Flow with its program and from Python, and runs
/// the tests of the package.
pub(super) fn run_wheel(wheel: &Path, python: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let environment = folder.path().join("venv");
    run(Command::new(python).args(["-m", "venv"]).arg(&environment))?;
    let python = environment.join("bin/python");
    let pip = ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"];
    run(Command::new(&python).args(pip).arg(wheel))?;
    let flow = workspace().join("examples/search.yml");
    let mut export = Command::new(environment.join("bin/flowship"));
    export.args(["export", "kubernetes", "--quiet"]).arg(&flow);
    run(export.arg(folder.path().join("manifests")))?;
    let mut import = Command::new(&python);
    import.args(["-c", IMPORT]).current_dir(folder.path());
    run(import.arg(&flow))?;
    let mut tests = Command::new(&python);
    tests.args(["-W", "error"]).arg(workspace().join("python/tests/test_flowship.py"));
    run(tests.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(folder.path()))?;
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
