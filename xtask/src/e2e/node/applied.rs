//! A Flow that flowship itself applies.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::ensure;

use super::setup::Setup;
use crate::e2e::image;

/// One Flow and the namespace it goes to.
pub(super) struct Applied<'a> {
    pub(super) setup: &'a Setup<'a>,
    /// The kubeconfig.
    pub(super) config: &'a Path,
    pub(super) namespace: &'a str,
}

/// What a run said, and how long it took.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) took: Duration,
}

impl Applied<'_> {
    /// Writes the Flow: the text of its Executors, which use the image of these tests.
    pub(super) fn write(&self, port: u16, executors: &str) -> anyhow::Result<PathBuf> {
        let path = self.setup.folder.join(format!("{}.yml", self.namespace));
        let name = self.namespace;
        let text = format!(
            "jtype: Flow\nwith: {{name: {name}}}\ngateway: {{port: {port}}}\nexecutors:\n{executors}\n"
        );
        std::fs::write(&path, text.replace("IMAGE", &format!("docker://{}", image::NAME)))?;
        Ok(path)
    }

    /// Runs a command of flowship on a Flow.
    pub(super) fn run(&self, verb: &str, flow: &Path, more: &[&str]) -> anyhow::Result<Run> {
        let start = Instant::now();
        let mut command = Command::new(&self.setup.flowship);
        command.env("KUBECONFIG", self.config).env("JINA_GATEWAY_IMAGE", image::NAME);
        command.arg(verb).arg(flow).args(["--mesh", "none", "-n", self.namespace]).args(more);
        let Output { status, stdout, stderr } = command.output()?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let took = start.elapsed();
        Ok(Run { code: status.code(), stdout: text(stdout), stderr: text(stderr), took })
    }

    /// Applies it, and waits until it is up.
    pub(super) fn apply(&self, flow: &Path, more: &[&str]) -> anyhow::Result<Run> {
        let words = [&["--quiet", "--timeout", "4m"], more].concat();
        let ran = self.run("apply", flow, &words)?;
        ensure!(
            ran.code == Some(0),
            "apply ends with {:?}\n{}{}",
            ran.code,
            ran.stdout,
            ran.stderr
        );
        Ok(ran)
    }
}
