//! Times of apply, diff and delete, beside those of `kubectl` and the least time for as many requests.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::bail;
use wait4::Wait4 as _;

use super::floor::Floor;
use super::stage::Stage;
use crate::command::said;
use crate::e2e::control_plane;

/// `kubectl` takes up to a quarter of an hour for what it does to more Executors than this.
const MOST_OF_KUBECTL: usize = 300;

/// How long the cluster may take to start or to end all Pods.
const PATIENCE: Duration = Duration::from_mins(20);

/// One step in the life of a Flow.
#[derive(Clone, Copy)]
enum Step {
    Create,
    Again,
    Diff,
    /// Without waiting.
    Delete,
    CreateAgain,
    /// Until the Pods are gone, as both programs do by default.
    DeleteAndWait,
}

impl Step {
    const ALL: [Self; 6] = [
        Self::Create,
        Self::Again,
        Self::Diff,
        Self::Delete,
        Self::CreateAgain,
        Self::DeleteAndWait,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Again => "apply again",
            Self::Diff => "diff",
            Self::Delete => "delete, `--wait=false`",
            Self::CreateAgain => "create once more",
            Self::DeleteAndWait => "delete and wait",
        }
    }
}

/// Who does it.
#[derive(Clone, Copy)]
enum Tool {
    Flowship,
    Floor,
    ServerSide,
    Kubectl,
}

impl Tool {
    const ALL: [Self; 4] = [Self::Flowship, Self::Floor, Self::ServerSide, Self::Kubectl];

    /// The namespace of its Flow.
    fn namespace(self, size: usize) -> String {
        let name = match self {
            Self::Flowship => "speed",
            Self::Floor => "floor",
            Self::ServerSide => "server-side",
            Self::Kubectl => "kubectl",
        };
        format!("{name}-{size}")
    }
}

/// A Flow of some size, for each of the tools.
struct Measured<'a> {
    stage: &'a Stage<'a>,
    size: usize,
    flow: String,
    kubectl: &'a Path,
    floor: Floor,
}

/// Measures Flows of many Executors. The cluster is at rest when a step begins, and what it does
/// afterwards is not waited for.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(stage: &Stage<'_>, sizes: &[usize]) -> anyhow::Result<Vec<String>> {
    let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
    println!(
        "| Executors | step | flowship, s | peak, MiB | floor, s | kubectl --server-side, s | kubectl, s |"
    );
    println!("|---|---|---|---|---|---|---|");
    for &size in sizes {
        let measured = Measured::prepare(stage, size, &kubectl)?;
        for step in Step::ALL {
            let mut row = format!("| {size} | {} |", step.name());
            for tool in Tool::ALL {
                measured.rest()?;
                // Writing into a `String` does not fail.
                let _ = match measured.take(tool, step)? {
                    Some((took, peak)) => {
                        let peak = peak.map(|peak| format!(" {peak} |")).unwrap_or_default();
                        write!(row, " {:.2} |{peak}", took.as_secs_f64())
                    }
                    None => write!(row, " |"),
                };
            }
            println!("{row}");
        }
        for tool in Tool::ALL {
            let path = format!("/api/v1/namespaces/{}", tool.namespace(size));
            stage.cluster.server.delete(&path)?;
        }
    }
    Ok(Vec::new())
}

impl<'a> Measured<'a> {
    fn prepare(stage: &'a Stage<'a>, size: usize, kubectl: &'a Path) -> anyhow::Result<Self> {
        let mut text = String::from("jtype: Flow\nwith: {name: speed}\nexecutors:\n");
        for index in 0..size {
            // Writing into a `String` does not fail.
            let _ = writeln!(text, "- {{name: e{index}, uses: 'docker://example/e:1'}}");
        }
        let flow = stage.flow("speed.yml", &text)?.display().to_string();
        for tool in Tool::ALL {
            stage.cluster.server.namespace(&tool.namespace(size))?;
        }
        for tool in [Tool::Floor, Tool::ServerSide, Tool::Kubectl] {
            let namespace = tool.namespace(size);
            let folder = stage.work.join(&namespace).display().to_string();
            let words =
                ["export", "kubernetes", &flow, &folder, "-q", "--mesh", "none", "-n", &namespace];
            let ran = stage.run_alone(&words)?;
            if ran.code != Some(0) {
                bail!("no export: {}", ran.stderr);
            }
        }
        let floor = Floor::of(stage, &stage.work.join(Tool::Floor.namespace(size)))?;
        Ok(Self { stage, size, flow, kubectl, floor })
    }

    /// How long a step takes, and the memory in MiB if it is flowship's; `None` if a tool has no such step.
    fn take(&self, tool: Tool, step: Step) -> anyhow::Result<Option<(Duration, Option<u64>)>> {
        let took = match (tool, step) {
            (Tool::Flowship, _) => return self.flowship(step).map(Some),
            (Tool::Floor, Step::Create | Step::CreateAgain) => {
                self.floor.apply(self.stage, true)?
            }
            (Tool::Floor, Step::Again | Step::Diff) => self.floor.apply(self.stage, false)?,
            (Tool::Floor, Step::Delete | Step::DeleteAndWait) => self.floor.delete(self.stage)?,
            (Tool::Kubectl, _) | (Tool::ServerSide, Step::DeleteAndWait)
                if self.size > MOST_OF_KUBECTL =>
            {
                return Ok(None);
            }
            (Tool::ServerSide, _) | (Tool::Kubectl, Step::Create | Step::Again) => {
                self.kubectl(tool, step)?
            }
            // There is one `kubectl delete`, and one way to compare is enough.
            (Tool::Kubectl, _) => return Ok(None),
        };
        Ok(Some((took, None)))
    }

    fn flowship(&self, step: Step) -> anyhow::Result<(Duration, Option<u64>)> {
        let verb = match step {
            Step::Create | Step::Again | Step::CreateAgain => "apply",
            Step::Diff => "diff",
            Step::Delete | Step::DeleteAndWait => "delete",
        };
        let namespace = Tool::Flowship.namespace(self.size);
        let mut words = vec![verb, &self.flow, "-q", "--mesh", "none", "-n", &namespace];
        match step {
            Step::Diff => {}
            Step::DeleteAndWait => words.extend(["--timeout", "20m"]),
            _ => words.extend(["--timeout", "20m", "--wait=false"]),
        }
        let start = Instant::now();
        let mut command = self.stage.command(&self.stage.cluster.config, &words);
        let used = command.stdout(Stdio::null()).spawn()?.wait4()?;
        let took = start.elapsed();
        if used.status.code() != Some(0) {
            bail!("{} Executors: {}: {}", self.size, step.name(), used.status);
        }
        Ok((took, Some(used.rusage.maxrss >> 20)))
    }

    fn kubectl(&self, tool: Tool, step: Step) -> anyhow::Result<Duration> {
        let mut words = match step {
            Step::Create | Step::Again | Step::CreateAgain => vec!["apply", "--validate=strict"],
            Step::Diff => vec!["diff"],
            Step::Delete => vec!["delete", "--wait=false"],
            Step::DeleteAndWait => vec!["delete"],
        };
        let has_sides = !matches!(step, Step::Delete | Step::DeleteAndWait);
        if has_sides && matches!(tool, Tool::ServerSide) {
            words.push("--server-side");
        }
        let start = Instant::now();
        let output = Command::new(self.kubectl)
            .env("KUBECONFIG", &self.stage.cluster.config)
            .args(words)
            .args(["-R", "-f"])
            .arg(self.stage.work.join(tool.namespace(self.size)))
            .output()?;
        let took = start.elapsed();
        if !output.status.success() {
            bail!("kubectl: {}: {}", step.name(), String::from_utf8_lossy(&output.stderr));
        }
        Ok(took)
    }

    /// Waits until the controllers have done everything: what they do would count as time of whoever comes next.
    fn rest(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_at_rest()? {
            if Instant::now() > deadline {
                bail!("the cluster does not come to rest");
            }
            std::thread::sleep(Duration::from_secs(2));
        }
        // Events and EndpointSlices come last.
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    }

    /// Asked through `kubectl`, because the memory of flowship counts from that of the process that starts it.
    fn is_at_rest(&self) -> anyhow::Result<bool> {
        for tool in Tool::ALL {
            let get = |words: &[&str]| {
                let mut kubectl = Command::new(self.kubectl);
                kubectl.env("KUBECONFIG", &self.stage.cluster.config).arg("get").args(words);
                said(kubectl.args(["-n", &tool.namespace(self.size)]))
            };
            let replicas =
                "jsonpath={range .items[*]}{.spec.replicas}/{.status.readyReplicas} {end}";
            let deployments = get(&["deployments", "-o", replicas])?;
            let mut wanted = 0;
            for deployment in deployments.split_whitespace() {
                let (replicas, ready) = deployment.split_once('/').unwrap_or_default();
                if replicas != ready {
                    return Ok(false);
                }
                wanted += replicas.parse::<usize>()?;
            }
            let count = deployments.split_whitespace().count();
            if get(&["pods", "-o", "name"])?.lines().count() != wanted
                || get(&["replicasets", "-o", "name"])?.lines().count() != count
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
