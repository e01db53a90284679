//! The commands of docs/storage.md that replace a StatefulSet.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::setup::{Deployed, Setup};
use crate::command::workspace;
use crate::e2e::client::{HowMany, Report};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::{control_plane, exports, image, volumes};

const NAMESPACE: &str = "search";
const PORT: u16 = 55_119;
const CLAIM: &str = "index-indexer-0";

/// Adds a volume to an Executor, and then space to its claim, by the commands of the page.
#[expect(clippy::print_stdout, reason = "what was seen is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, config: &Path) -> anyhow::Result<()> {
    let recipe = recipe()?;
    let shell = Shell { setup, config, folder: setup.folder.join("storage") };
    shell.export("storage", "10G")?;
    let deployed = setup.namespace(NAMESPACE)?;
    shell.kubectl("kubectl apply -R -f manifests")?;
    deployed.wait()?;
    ask(&deployed, "/remember")?;
    let before = pod(&deployed)?;

    shell.export("more-storage", "10G")?;
    let refusal = shell.run("kubectl apply -R -f manifests")?;
    ensure!(
        refusal.as_ref().is_err_and(|error| error.contains("updates to statefulset spec")),
        "the API server takes another claim: {refusal:?}"
    );
    shell.follow(&recipe, &deployed)?;
    let after = pod(&deployed)?;
    ensure!(after["metadata"]["uid"] != before["metadata"]["uid"], "the Pod was not replaced");
    let mounted: Vec<_> = mounts(&after).collect();
    ensure!(mounted.contains(&"/index") && mounted.contains(&"/cache"), "it mounts {mounted:?}");
    let report = ask(&deployed, "/recall")?;
    ensure!(report.seen.contains_key("x"), "what was in the volume is lost: {report:?}");
    println!(
        "a volume is added: the Pod mounts {}, and /index holds what it held",
        mounted.join(", ")
    );

    shell.export("more-storage", "20G")?;
    // Its Pods may stay.
    let kept: Vec<_> = recipe.into_iter().filter(|line| !line.contains("delete pod")).collect();
    shell.follow(&kept, &deployed)?;
    let claim = format!("/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims/{CLAIM}");
    let claim = setup.server.get(&claim)?.context("the claim is gone")?;
    let size = &claim["spec"]["resources"]["requests"]["storage"];
    ensure!(size == "10G", "the claim grew to {size}");
    ensure!(pod(&deployed)?["metadata"]["uid"] == after["metadata"]["uid"], "the Pod was replaced");
    println!("20G are exported: the claim still has {size}, and the Pod stays");
    Ok(())
}

/// The commands by which the page replaces a StatefulSet.
fn recipe() -> anyhow::Result<Vec<String>> {
    let page = fs::read_to_string(workspace().join("docs/storage.md"))?;
    let lines = page.lines().map(str::trim_start);
    let lines = lines.skip_while(|line| !line.contains("delete statefulset indexer --cascade"));
    let lines: Vec<_> =
        lines.take_while(|line| line.starts_with("kubectl ")).map(str::to_owned).collect();
    ensure!(lines.len() > 2, "docs/storage.md has no commands that replace a StatefulSet");
    Ok(lines)
}

/// Runs commands of the page where it runs them.
struct Shell<'a> {
    setup: &'a Setup<'a>,
    config: &'a Path,
    folder: std::path::PathBuf,
}

impl Shell<'_> {
    /// Exports a Flow into `manifests`.
    fn export(&self, flow: &str, capacity: &str) -> anyhow::Result<()> {
        let path = exports::e2e_flow(flow, MACHINE, self.setup.folder)?;
        let mut export = Command::new(&self.setup.flowship);
        export
            .args(["export", "kubernetes", "--quiet", "--mesh", "none"])
            .args(["--k8s-namespace", NAMESPACE])
            .envs([("JINA_GATEWAY_IMAGE", image::NAME), ("JINA_K8S_STORAGE_CAPACITY", capacity)])
            .arg(path)
            .arg(self.folder.join("manifests"));
        crate::command::run(&mut export)
    }

    /// Runs a command of the page, and returns what it prints, or why it failed.
    fn run(&self, line: &str) -> anyhow::Result<Result<String, String>> {
        let mut words = line.split_whitespace();
        ensure!(words.next() == Some("kubectl"), "{line} is not run");
        let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
        let output = Command::new(kubectl)
            .env("KUBECONFIG", self.config)
            .current_dir(&self.folder)
            .args(words)
            .output()?;
        let [out, error] =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        Ok(if output.status.success() { Ok(out) } else { Err(error) })
    }

    fn kubectl(&self, line: &str) -> anyhow::Result<()> {
        match self.run(line)? {
            Ok(_) => Ok(()),
            Err(error) => bail!("{line}: {error}"),
        }
    }

    /// Runs the commands, and waits until all is ready.
    fn follow(&self, recipe: &[String], deployed: &Deployed<'_>) -> anyhow::Result<()> {
        for line in recipe {
            // A claim that is new gets its volume as a cluster's own storage would give it one.
            std::thread::scope(|scope| {
                let run = scope.spawn(|| self.kubectl(line));
                while !run.is_finished() {
                    volumes::provide(self.setup.server, self.setup.folder)?;
                    std::thread::sleep(std::time::Duration::from_millis(250));
                }
                run.join().unwrap_or_else(|_| bail!("{line} was not run"))
            })?;
        }
        deployed.wait().map(|_| ())
    }
}

fn pod(deployed: &Deployed<'_>) -> anyhow::Result<Value> {
    let mut pods = deployed.pods("indexer")?;
    ensure!(pods.len() == 1, "{} Pods", pods.len());
    pods.pop().context("no Pod")
}

fn mounts(pod: &Value) -> impl Iterator<Item = &str> {
    let mounts = pod["spec"]["containers"][0]["volumeMounts"].as_array().into_iter().flatten();
    let paths = mounts.filter_map(|mount| mount["mountPath"].as_str());
    paths.filter(|path| !path.starts_with("/var/run/"))
}

/// Asks until an answer comes: while an Executor has no Pod its Service has no name.
fn ask(deployed: &Deployed<'_>, on: &'static str) -> anyhow::Result<Report> {
    let mut question = deployed.question(PORT, HowMany::Requests(1))?;
    question.on = on;
    deployed.ask_until_answered(&question)
}
