//! Programs and files from Go modules.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::cache;
use crate::command::run;

/// Programs that one module has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Programs {
    /// What the folder of the programs is called.
    pub(crate) name: &'static str,
    /// Their module.
    pub(crate) module: &'static str,
    pub(crate) version: &'static str,
    /// The packages of the programs, in the module.
    pub(crate) packages: &'static [&'static str],
    /// Build tags, separated by commas.
    pub(crate) tags: &'static str,
}

impl Programs {
    /// Builds what is not there yet and returns the folder of the programs.
    ///
    /// `go install` refuses modules that replace others, as many of these do. So each is required
    /// by a module of our own.
    pub(crate) fn build(&self) -> anyhow::Result<PathBuf> {
        let bin = cache::folder()?.join("e2e/bin").join(format!("{}-{}", self.name, self.version));
        fs::create_dir_all(&bin)?;
        let missing: Vec<_> = self
            .packages
            .iter()
            .filter(|package| !bin.join(self.program(package)).exists())
            .collect();
        if missing.is_empty() {
            return Ok(bin);
        }
        let folder = tempfile::tempdir()?;
        require(folder.path(), self.module, self.version)?;
        let built = folder.path().join("bin");
        let mut build = go(folder.path());
        build.args(["build", "-mod=mod", "-ldflags=-s -w", "-tags", self.tags, "-o"]).arg(&built);
        // A folder for one program as well as for many.
        fs::create_dir(&built)?;
        run(build.args(missing.iter().map(|package| self.import(package))))
            .with_context(|| format!("{} {} cannot be built", self.module, self.version))?;
        for package in missing {
            let name = self.program(package);
            let import = self.import(package);
            let program = import.rsplit('/').find(|part| !is_version(part));
            let built = built.join(program.unwrap_or_default());
            // Renaming does not reach from a temporary folder into every cache.
            let new = bin.join(format!("{name}.new"));
            fs::copy(built, &new)?;
            fs::rename(new, bin.join(name))?;
        }
        Ok(bin)
    }

    fn import(&self, package: &str) -> String {
        if package.is_empty() {
            self.module.to_owned()
        } else {
            format!("{}/{package}", self.module)
        }
    }

    /// What a program is called here: etcd's is a package `server`.
    fn program<'a>(&self, package: &'a str) -> &'a str
    where
        Self: 'a,
    {
        if package.is_empty() { self.name } else { package.rsplit('/').next().unwrap_or(package) }
    }
}

/// Writes a module that requires another one.
pub(crate) fn require(folder: &Path, module: &str, version: &str) -> anyhow::Result<()> {
    let mut text = format!("module flowship.test/tools\n\ngo 1.24\n\nrequire {module} {version}\n");
    // Kubernetes finds its own libraries beside itself; they are published as `v0.MINOR.PATCH`.
    let published = version.replacen("v1.", "v0.", 1);
    for library in replaced(module, version)? {
        // Writing into a `String` does not fail.
        let _ = writeln!(text, "replace {library} => {library} {published}");
    }
    Ok(fs::write(folder.join("go.mod"), text)?)
}

/// Whether a part of an import path is a major version: `v3`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|number| number.parse::<u8>().is_ok())
}

/// The modules that a module replaces by folders of its own, under `./staging`.
fn replaced(module: &str, version: &str) -> anyhow::Result<BTreeSet<String>> {
    let text = fs::read_to_string(download(module, version)?.0)?;
    let lines = text.lines().filter_map(|line| line.split_once(" => ./staging/"));
    Ok(lines.map(|(library, _)| library.trim().to_owned()).collect())
}

/// What a module replaces by other versions, as `MODULE` and `MODULE VERSION`.
pub(crate) fn replacements(module: &str, version: &str) -> anyhow::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(download(module, version)?.0)?;
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let pairs =
        lines.filter_map(|line| line.trim().trim_start_matches("replace ").split_once(" => "));
    let published = pairs.filter(|(_, new)| !new.starts_with('.') && new.contains(" v"));
    Ok(published.map(|(old, new)| (old.trim().to_owned(), new.trim().to_owned())).collect())
}

/// The files of a module.
pub(crate) fn files(module: &str, version: &str) -> anyhow::Result<PathBuf> {
    Ok(download(module, version)?.1)
}

/// The `go.mod` of a module, and its files.
fn download(module: &str, version: &str) -> anyhow::Result<(PathBuf, PathBuf)> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Downloaded {
        go_mod: PathBuf,
        dir: PathBuf,
    }
    let module = format!("{module}@{version}");
    let folder = tempfile::tempdir()?;
    let output = go(folder.path()).args(["mod", "download", "-json", &module]).output();
    let output = output.context("Go is needed")?;
    if !output.status.success() {
        bail!("{module} cannot be had: {}", String::from_utf8_lossy(&output.stdout));
    }
    let found: Downloaded = serde_json::from_slice(&output.stdout)?;
    Ok((found.go_mod, found.dir))
}

/// A `go` command in a folder.
pub(crate) fn go(folder: &Path) -> Command {
    let mut go = Command::new("go");
    // Programs that are linked into one file run wherever they are copied.
    go.current_dir(folder).env("CGO_ENABLED", "0").env("GOFLAGS", "-buildvcs=false");
    go
}
