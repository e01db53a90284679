//! An image with real Jina and an Executor of ours, from Debian and PyPI: no registry is asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::archive::{self, Layer};
use super::programs;
use crate::cache;
use crate::command::{hex, run, workspace};

/// The image. Its Executor is `Tell` in `xtask/e2e/image/executor.py`.
pub(crate) const NAME: &str = "flowship/jina:e2e";

const SUITE: &str = "bookworm";
/// What `SUITE` has.
const PYTHON: &str = "3.11";

/// The image, built.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// What `docker load` and `ctr images import` take.
    pub(crate) archive: PathBuf,
    /// The files of the image. The client runs in them.
    pub(crate) root: PathBuf,
}

impl Image {
    /// A program of the image, on this machine itself: its path and arguments follow.
    pub(crate) fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(programs::find("chroot").context("no chroot")?);
        command.arg(&self.root).env_clear().envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("PYTHONPATH", "/opt/site:/workspace"),
            ("JINA_OPTOUT_TELEMETRY", "1"),
            ("JINA_HIDE_SURVEY", "1"),
            ("JINA_LOG_LEVEL", "CRITICAL"),
        ]);
        Ok(command)
    }
}

/// Builds the image, or what has changed since it was built. Needs root, the first time apt and a
/// network.
pub(crate) fn build() -> anyhow::Result<Image> {
    let folder = cache::folder()?.join("e2e/image");
    fs::create_dir_all(&folder)?;
    let root = folder.join("root");
    let image = Image { archive: folder.join("jina.tar"), root: root.clone() };
    let sources = workspace().join("xtask/e2e/image");
    let requirements = fs::read(sources.join("requirements.txt"))?;

    let mut work = Work { folder: &folder, changed: false };
    work.step("debian", SUITE.as_bytes(), || debian(&root))?;
    work.step("packages", &requirements, || packages(&root, &sources.join("requirements.txt")))?;
    work.step("bytecode", PYTHON.as_bytes(), || bytecode(&image))?;
    let files = ["config.yml", "message.py", "executor.py", "client.py", "never.py"];
    let mut texts = Vec::new();
    for file in files {
        texts.extend(fs::read(sources.join(file))?);
    }
    work.step("workspace", &texts, || {
        fs::create_dir_all(root.join("workspace"))?;
        for file in files {
            fs::copy(sources.join(file), root.join("workspace").join(file))?;
        }
        Ok(())
    })?;
    work.step("archive", NAME.as_bytes(), || pack(&image))?;
    Ok(image)
}

/// Steps that are made once. Where one has changed, all that follow are made again.
struct Work<'a> {
    folder: &'a Path,
    changed: bool,
}

impl Work<'_> {
    fn step(
        &mut self,
        name: &str,
        content: &[u8],
        make: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let stamp = self.folder.join(format!("{name}.stamp"));
        let wanted = hex(&Sha256::digest(content));
        let found = fs::read_to_string(&stamp);
        if !self.changed && found.is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        self.changed = true;
        if stamp.exists() {
            fs::remove_file(&stamp)?;
        }
        make().with_context(|| format!("the image's {name} cannot be made"))?;
        Ok(fs::write(stamp, wanted)?)
    }
}

/// The smallest Debian with a Python.
fn debian(root: &Path) -> anyhow::Result<()> {
    programs::need(&[("debootstrap", "debootstrap"), ("tar", "tar")])?;
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    let debootstrap = programs::find("debootstrap").context("no debootstrap")?;
    let mut install = Command::new(debootstrap);
    install.args(["--variant=minbase", "--include=python3", SUITE]).arg(root).args(mirror());
    let log = root.with_extension("log");
    install.stdout(fs::File::create(&log)?);
    run(&mut install).with_context(|| super::process::tail(&log, 20))?;
    for leftover in ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"] {
        fs::remove_dir_all(root.join(leftover))?;
    }
    Ok(())
}

/// Where this machine itself gets Debian from. Without an answer debootstrap knows a place.
fn mirror() -> Option<String> {
    let asked = Command::new("apt-get")
        .args(["indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"])
        .output()
        .ok()?;
    let answer = String::from_utf8(asked.stdout).ok()?;
    let debian = answer.lines().find_map(|line| line.strip_prefix("Debian "))?;
    Some(debian.to_owned())
}

/// Jina and what it needs, beside Debian's own Python packages.
fn packages(root: &Path, requirements: &Path) -> anyhow::Result<()> {
    let site = root.join("opt/site");
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let platform = format!("{}-manylinux_2_28", std::env::consts::ARCH);
    let mut install = Command::new(cache::uv()?);
    install
        .args(["pip", "install", "--quiet", "--no-deps", "--link-mode", "copy"])
        .args(["--python-version", PYTHON, "--python-platform", &platform])
        .arg("--target")
        .arg(&site)
        .arg("--requirement")
        .arg(requirements);
    run(&mut install)?;
    let program = root.join("usr/local/bin/jina");
    fs::write(&program, "#!/usr/bin/python3\nfrom jina_cli import main\n\nmain()\n")?;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// Compiles all Python, as `pip` does in Jina's own images: without it each container compiles all
/// that it imports, which is most of its start. The archive knows no times, so times must not decide
/// whether what was compiled is still good.
fn bytecode(image: &Image) -> anyhow::Result<()> {
    let mut compile = image.command()?;
    compile.args(["/usr/bin/python3", "-m", "compileall", "-q", "-f", "-j", "0"]);
    // A template that hubble fills in.
    compile.args(["-x", "executor-template"]);
    compile.args(["--invalidation-mode", "unchecked-hash", "/usr/lib/python3", "/opt/site"]);
    run(compile.arg(format!("/usr/lib/python{PYTHON}")))
}

fn pack(image: &Image) -> anyhow::Result<()> {
    let added = ["opt/site", "usr/local/bin/jina", "workspace"];
    let layers = [
        Layer { only: &[], without: &added },
        Layer { only: &added[..2], without: &[] },
        Layer { only: &added[2..], without: &[] },
    ];
    let config = json!({
        "Env": [
            "PATH=/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH=/opt/site",
            "JINA_OPTOUT_TELEMETRY=1",
            "JINA_HIDE_SURVEY=1",
            "JINA_LOG_NO_COLOR=1",
        ],
        "WorkingDir": "/workspace",
    });
    archive::write(&image.archive, NAME, &image.root, &layers, &config)
}
