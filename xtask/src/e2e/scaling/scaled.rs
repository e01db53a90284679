//! An Executor that is scaled: what raises its replicas, what lowers them, and what does not.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use super::load::Load;
use super::{Stage, prometheus};
use crate::command::checked;
use crate::e2e::client::{self, HowMany, Question};
use crate::e2e::control_plane::KUBERNETES;
use crate::e2e::exports;
use crate::e2e::image;
use crate::e2e::kubelet::MACHINE;
use crate::e2e::node::setup::Deployed;

/// The Executor of all Flows, and the port of their gateways.
pub(super) const EXECUTOR: &str = "encoder";
pub(super) const PORT: u16 = 55_130;

/// The most replicas of all Flows.
const MOST: u64 = 3;

/// How long callers call. Scrapes, scalers and Pods that start take their time.
const LOAD: Duration = Duration::from_secs(200);

/// How long replicas may take to follow: queries look two minutes back.
const PATIENCE: Duration = Duration::from_mins(6);

/// Replicas follow the calls in progress.
pub(super) fn concurrency(stage: &Stage<'_>) -> anyhow::Result<String> {
    Scaled::up(stage, "concurrency", How::Exported)?.up_and_down("/nap", 8)
}

/// Replicas follow the calls that arrive.
pub(super) fn rps(stage: &Stage<'_>) -> anyhow::Result<String> {
    Scaled::up(stage, "rps", How::Applied)?.up_and_down("/", 4)
}

/// Replicas follow the CPU of the container that works.
pub(super) fn cpu(stage: &Stage<'_>) -> anyhow::Result<String> {
    Scaled::up(stage, "cpu", How::Applied)?.up_and_down("/burn", 1)
}

/// The only replica goes, and the first calls after that.
pub(super) fn zero(stage: &Stage<'_>) -> anyhow::Result<String> {
    let mut scaled = Scaled::up(stage, "zero", How::Exported)?;
    let seconds = scaled.wait_for(0)?;
    scaled.row("nobody calls", &format!("0 replicas after {seconds:.0} s"));
    // KEDA looks every 30 s; an error that wakes the Executor would be seen now.
    std::thread::sleep(Duration::from_mins(1));
    ensure!(scaled.replicas()? == 0, "a replica without a call");
    scaled.apply()?;
    ensure!(scaled.replicas()? == 0, "applied again, it has a replica");
    scaled.row("applied again", "0 replicas");

    let question = Question { timeout: Duration::from_secs(30), ..scaled.question()? };
    let start = Instant::now();
    let mut failed = 0;
    loop {
        let began = start.elapsed().as_secs_f64();
        let report = client::ask(&stage.setup.image, &question)?;
        let Some(error) = report.errors.keys().next() else { break };
        failed += 1;
        if failed == 1 {
            let seen = format!("fails after {:.1} s: {error}", report.seconds);
            scaled.row("the first call", &seen);
        }
        ensure!(start.elapsed() < PATIENCE, "the call after {began:.0} s fails\n{}", scaled.table);
        std::thread::sleep(Duration::from_secs(1));
    }
    let seconds = start.elapsed().as_secs_f64();
    scaled.row("the first answer", &format!("after {failed} failed calls and {seconds:.0} s"));
    Ok(scaled.table)
}

/// How the Flow gets to the cluster.
#[derive(Debug, Clone, Copy)]
enum How {
    /// `flowship export` and `kubectl apply`.
    Exported,
    /// `flowship apply`.
    Applied,
}

/// The Flow `scaled-NAME` in the namespace `NAME`, with the table of what was seen.
struct Scaled<'a> {
    stage: &'a Stage<'a>,
    deployed: Deployed<'a>,
    how: How,
    /// Of the Flow, its profile, and its manifests.
    folder: PathBuf,
    table: String,
}

impl<'a> Scaled<'a> {
    fn up(stage: &'a Stage<'a>, name: &'static str, how: How) -> anyhow::Result<Self> {
        let folder = stage.setup.folder.join("scaled").join(name);
        fs::create_dir_all(&folder)?;
        exports::e2e_flow(&format!("scaled-{name}"), MACHINE, &folder)?;
        fs::write(folder.join("cluster.yml"), prometheus::profile())?;
        let deployed = stage.setup.namespace(name)?;
        let table = String::from("| what | seen |\n|---|---|\n");
        let mut scaled = Self { stage, deployed, how, folder, table };
        let start = Instant::now();
        scaled.apply()?;
        scaled.deployed.wait()?;
        scaled.row("applied", &format!("ready after {:.0} s", start.elapsed().as_secs_f64()));
        Ok(scaled)
    }

    /// Applies the Flow, also one that is there.
    fn apply(&self) -> anyhow::Result<()> {
        let namespace = &self.deployed.namespace;
        let flow = format!("scaled-{namespace}.yml");
        let mut flowship = Command::new(&self.stage.setup.flowship);
        flowship
            .current_dir(&self.folder)
            .env("KUBECONFIG", &self.stage.cluster.config)
            .env("JINA_GATEWAY_IMAGE", image::NAME);
        let common = ["--mesh", "none", "-n", namespace, "--cluster", "cluster.yml"];
        match self.how {
            How::Applied => {
                checked(flowship.args(["apply", &flow, "--timeout", "4m"]).args(common))?;
            }
            How::Exported => {
                flowship.args(["export", "kubernetes", "--force", &flow, "manifests"]);
                checked(flowship.args(common))?;
                let mut kubectl = Command::new(KUBERNETES.build()?.join("kubectl"));
                kubectl
                    .current_dir(&self.folder)
                    .env("KUBECONFIG", &self.stage.cluster.config)
                    .args(["apply", "-R", "-f", "manifests"]);
                checked(&mut kubectl)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, what: &str, seen: &str) {
        let _ = writeln!(self.table, "| {what} | {seen} |");
    }

    /// Calls raise the replicas to the most, applying the Flow again changes nothing, and without calls
    /// they come down to one.
    fn up_and_down(mut self, on: &'static str, callers: usize) -> anyhow::Result<String> {
        ensure!(self.replicas()? == 1, "it does not begin with one replica");
        let question = Question { on, timeout: Duration::from_mins(1), ..self.question()? };
        let load = Load::begin(&self.stage.setup.image, &question, callers, LOAD)?;
        let seconds = self.wait_for(MOST)?;
        let what = format!("{callers} callers of `{on}`");
        self.row(&what, &format!("{MOST} replicas after {seconds:.0} s"));
        self.deployed.wait()?;
        let seconds = load.seconds();
        self.row("", &format!("all ready after {seconds:.0} s"));
        self.apply()?;
        self.deployed.wait()?;
        ensure!(self.replicas()? == MOST, "applied again, it has {} replicas", self.replicas()?);
        self.row("applied again", &format!("{MOST} replicas"));
        let answers = load.end()?;
        let failed = answers.failed;
        self.row("", &format!("{} calls, {failed} failed", answers.requests));
        // Those that went to a Pod which stops may fail; none stops while calls come.
        ensure!(failed == 0, "{answers:?}");
        let seconds = self.wait_for(1)?;
        self.row("without calls", &format!("1 replica after {seconds:.0} s"));
        Ok(self.table)
    }

    fn question(&self) -> anyhow::Result<Question> {
        self.deployed.question(PORT, HowMany::Requests(1))
    }

    /// The replicas that are wanted.
    fn replicas(&self) -> anyhow::Result<u64> {
        let namespace = &self.deployed.namespace;
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{EXECUTOR}");
        let found = self.stage.setup.server.get(&path)?.context("no Deployment")?;
        found["spec"]["replicas"].as_u64().context("a Deployment without replicas")
    }

    /// Waits until so many replicas are wanted. Returns after how many seconds.
    fn wait_for(&self, wanted: u64) -> anyhow::Result<f64> {
        let start = Instant::now();
        while self.replicas()? != wanted {
            if start.elapsed() > PATIENCE {
                let (replicas, scalers) = (self.replicas()?, self.scalers()?);
                bail!("{replicas} replicas, not {wanted}\n{}\n{scalers}", self.table);
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(start.elapsed().as_secs_f64())
    }

    /// What scalers say of themselves.
    fn scalers(&self) -> anyhow::Result<String> {
        let namespace = &self.deployed.namespace;
        let mut text = String::new();
        for path in [
            format!("/apis/keda.sh/v1alpha1/namespaces/{namespace}/scaledobjects"),
            format!("/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers"),
        ] {
            for found in self.stage.setup.server.list(&path)? {
                let _ = writeln!(text, "{}", found["status"]);
            }
        }
        Ok(text)
    }
}
