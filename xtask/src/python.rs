//! `cargo xtask python`: the Python package, with every CPython here and with Jina itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::cache;
use crate::command::{self, cargo, run, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many Flows are built in Python and compared with Jina's own export.
    #[arg(long, value_name = "NUMBER", default_value_t = 300)]
    flows: u32,
    /// The seed of these Flows.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Compare only, without the tests.
    #[arg(long)]
    only_jina: bool,
    /// Compare the fixtures too, as Jina loads them (minutes).
    #[arg(long)]
    fixtures: bool,
}

/// The oldest CPython that the extension is for.
const OLDEST: u32 = 9;

/// Builds the extension, tests it, checks the types, and compares Flows.
#[expect(clippy::print_stdout, reason = "what was tested is what the task tells")]
pub(crate) fn run_task(args: &Args) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let package = staged(folder.path())?;
    if !args.only_jina {
        let pythons = pythons();
        ensure!(!pythons.is_empty(), "no CPython from 3.{OLDEST} on was found");
        for (version, python) in &pythons {
            println!("CPython 3.{version}");
            let tests = workspace().join("python/tests/test_flowship.py");
            run(with_package(python, &package).args(["-W", "error", "-X", "dev"]).arg(tests))?;
        }
        types(&package)?;
    }
    let mut snippets = with_package(&cache::python()?, &package);
    snippets.args(["-W", "ignore"]).arg(workspace().join("xtask/oracle/snippets.py"));
    for page in ["README.md", "docs/moving-over.md", "docs/python.md"] {
        snippets.arg(workspace().join(page));
    }
    run(&mut snippets)?;
    notebook(&package)?;
    programs(&package, &folder.path().join("work"), args.fixtures)?;
    let mut oracle = with_package(&cache::python()?, &package);
    oracle.arg(workspace().join("xtask/oracle/python_flows.py"));
    oracle.arg(workspace().join("docs/differences.md")).arg(folder.path().join("work"));
    oracle.args(["--flows", &args.flows.to_string(), "--seed", &args.seed.to_string()]);
    run(&mut oracle)
}

/// Compares programs as in Jina's documentation, and the Flows on our pages, with Jina's own exports.
fn programs(package: &Path, work: &Path, fixtures: bool) -> anyhow::Result<()> {
    let root = workspace();
    let mut programs = with_package(&cache::python()?, package);
    programs.args(["-W", "ignore"]).arg(root.join("xtask/oracle/programs.py"));
    programs.arg(root.join("docs/differences.md")).arg(work).arg(root.join("README.md"));
    let mut pages: Vec<_> = fs::read_dir(root.join("docs"))?
        .map(|file| Ok(file?.path()))
        .collect::<anyhow::Result<_>>()?;
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    programs.args(pages);
    if fixtures {
        programs.arg("--fixtures").arg(root.join("tests/fixtures/accepted"));
    }
    run(&mut programs)
}

/// Runs the notebook of `examples` with a real kernel, which finds the package and Jina.
fn notebook(package: &Path) -> anyhow::Result<()> {
    let python = cache::python_with("notebook", &["nbclient==0.11.0", "ipykernel==7.4.0"])?;
    let mut ask = Command::new(cache::python()?);
    ask.args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
    let jina = String::from_utf8(command::checked(&mut ask)?.stdout)?;
    let path = std::env::join_paths([package, Path::new(jina.trim())])?;
    let mut notebook = Command::new(python);
    notebook.env("PYTHONPATH", path).env("JINA_OPTOUT_TELEMETRY", "1");
    notebook.current_dir(package).arg(workspace().join("xtask/oracle/notebook.py"));
    run(notebook.arg(workspace().join("examples/from-python.ipynb")))
}

/// The package with the extension in it, as an editable installation would have it.
pub(crate) fn staged(folder: &Path) -> anyhow::Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--package", "flowship-python"]))?;
    let package = folder.join("flowship");
    fs::create_dir_all(&package)?;
    for file in fs::read_dir(workspace().join("python/flowship"))? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::copy(file.path(), package.join(file.file_name()))?;
        }
    }
    let library = command::target()?.join("debug/lib_flowship.so");
    fs::copy(&library, package.join("_flowship.abi3.so"))
        .with_context(|| format!("{} was not built", library.display()))?;
    Ok(folder.to_owned())
}

/// A Python that finds the package.
pub(crate) fn with_package(python: &Path, package: &Path) -> Command {
    let mut command = Command::new(python);
    command.env("PYTHONPATH", package).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Every CPython of `PATH` and of pyenv, by its minor version.
pub(crate) fn pythons() -> BTreeMap<u32, PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Some(home) = std::env::var_os("HOME") {
        let versions = fs::read_dir(Path::new(&home).join(".pyenv/versions")).into_iter().flatten();
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let mut found = BTreeMap::new();
    for folder in folders {
        for minor in OLDEST..40 {
            let python = folder.join(format!("python3.{minor}"));
            // A shim of pyenv exists for versions that are not active.
            let works = || {
                let asked = Command::new(&python).args(["-c", "import ctypes"]).output();
                asked.is_ok_and(|output| output.status.success())
            };
            if !found.contains_key(&minor) && python.exists() && works() {
                found.insert(minor, python);
            }
        }
    }
    found
}

/// Compares the stubs with the package, and checks a program that uses them.
fn types(package: &Path) -> anyhow::Result<()> {
    let mypy = cache::python_program("mypy", "2.4.1")?;
    let tools = mypy.parent().context("mypy lies in a folder")?;
    let mut stubtest = Command::new(tools.join("stubtest"));
    stubtest
        .args(["flowship", "--ignore-disjoint-bases"])
        .env("PYTHONPATH", package)
        .env("MYPYPATH", package);
    run(&mut stubtest)?;
    let example = workspace().join("python/tests/typed.py");
    let mut check = Command::new(&mypy);
    check.args(["--strict", "--cache-dir", "/dev/null"]).arg(&example).env("MYPYPATH", package);
    run(&mut check)?;
    let pyright = cache::python_program("pyright", "1.1.414")?;
    // Beside the package, which it finds there.
    fs::copy(&example, package.join("typed.py"))?;
    let mut pyright = Command::new(pyright);
    pyright.args(["--pythonpath"]).arg(tools.join("python")).arg("typed.py");
    run(pyright.current_dir(package))
}
