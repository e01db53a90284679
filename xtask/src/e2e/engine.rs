//! A Docker Engine: the one that runs, or one of our own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;
use super::programs;
use crate::cache;
use crate::command::run;

/// How long dockerd may take to answer.
const PATIENCE: Duration = Duration::from_mins(2);

/// A Docker Engine. One of our own ends with the last process that uses it.
#[derive(Debug)]
pub(crate) struct Engine {
    /// What `DOCKER_HOST` has to be; unset where Docker's own default is right.
    host: Option<String>,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    folder: PathBuf,
    /// Held shared by all users, so that whoever can hold it alone is the last.
    users: File,
}

impl Engine {
    /// The engine that `DOCKER_HOST` names or that runs here, else our own, started where it does
    /// not run. Our own needs root, and the first time apt and a network.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let running = Self { host: None, own: None };
        if programs::find("docker").is_some() && running.answers() {
            return Ok(running);
        }
        programs::need(&[
            ("dockerd", "docker.io"),
            ("docker", "docker.io"),
            ("iptables", "iptables"),
        ])?;
        let folder = cache::folder()?.join("e2e/engine");
        fs::create_dir_all(&folder)?;
        let users = File::create(folder.join("users.lock"))?;
        // One process at a time looks and starts.
        let starting = File::create(folder.join("starting.lock"))?;
        starting.lock()?;
        let host = Some(format!("unix://{}", folder.join("docker.sock").display()));
        let mut engine = Self { host, own: None };
        let mut process = match Process::find(&folder, "dockerd") {
            Some(process) => process,
            None => Process::start(&folder, "dockerd", &mut dockerd(&folder)?)?,
        };
        process.wait(PATIENCE, || engine.answers())?;
        process.leave();
        users.lock_shared()?;
        engine.own = Some(Own { folder, users });
        Ok(engine)
    }

    /// A `docker` command.
    pub(crate) fn docker(&self) -> Command {
        let mut docker = Command::new(programs::find("docker").unwrap_or_else(|| "docker".into()));
        if let Some(host) = self.host() {
            docker.env("DOCKER_HOST", host).env_remove("DOCKER_CONTEXT");
        }
        docker
    }

    /// `DOCKER_HOST` for programs that talk to the engine.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Loads an archive of an image.
    pub(crate) fn load(&self, archive: &Path) -> anyhow::Result<()> {
        let file = File::open(archive).with_context(|| archive.display().to_string())?;
        run(self.docker().args(["load", "--quiet"]).stdin(file).stdout(Stdio::null()))
    }

    fn answers(&self) -> bool {
        let mut version = self.docker();
        version.args(["version", "--format", "{{.Server.Version}}"]);
        version.stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(own) = &self.own else { return };
        let Ok(starting) = File::create(own.folder.join("starting.lock")) else { return };
        let last =
            starting.lock().is_ok() && own.users.unlock().is_ok() && own.users.try_lock().is_ok();
        if last {
            drop(Process::find(&own.folder, "dockerd"));
        }
    }
}

/// Everything of it lies in one folder, away from an engine that Debian may have set up.
fn dockerd(folder: &Path) -> anyhow::Result<Command> {
    let program = programs::find("dockerd").context("no dockerd")?;
    let config = folder.join("daemon.json");
    fs::write(&config, "{}")?;
    let mut dockerd = Command::new(program);
    dockerd
        .arg("--config-file")
        .arg(config)
        .arg("--host")
        .arg(format!("unix://{}", folder.join("docker.sock").display()))
        .arg("--data-root")
        .arg(folder.join("data"))
        .arg("--exec-root")
        .arg(folder.join("exec"))
        .arg("--pidfile")
        .arg(folder.join("docker.pid"));
    Ok(dockerd)
}
