//! `cargo xtask e2e api`: what a real API server and its controllers say to exports.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use flowship_tests::MESHES;
use flowship_tests::meaning::Object;
use flowship_tests::pages::Needs;
use serde_json::{Value, json};

use super::control_plane::{self, ControlPlane};
use super::exports::{self, Flow};
use super::process::Process;
use super::run_folder::RunFolder;
use super::server::{Answer, Server};
use super::{again, crds, kustomize, kwok, merges, pages, rollout, volumes};
use crate::command;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A cluster to use instead of one of our own. Its nodes are real, so no rollout is awaited.
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// A folder of more Flows. Those that flowship refuses are counted.
    #[arg(long, value_name = "FOLDER", env = "FLOWSHIP_CORPUS")]
    corpus: Option<PathBuf>,
    /// A JSON object of variables for `--corpus`; whatever `uses` is no container gets an image.
    #[arg(long, value_name = "FILE", requires = "corpus", env = "FLOWSHIP_CORPUS_ENVIRONMENT")]
    environment: Option<PathBuf>,
    /// Only this mesh; all by default.
    #[arg(long, value_name = "MESH")]
    mesh: Vec<String>,
    /// Only this Flow, or `pages`: the commands of `docs`, `again`: exports applied
    /// again, `kustomize`: overlays, or `merges`: blocks merged by flowship and by the server.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

/// How long all workloads of one mesh may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// There are hundreds of workloads, and looking at them takes the server's time.
const PAUSE: Duration = Duration::from_secs(1);

/// What the stage is told that nothing is wrong with, and why.
const EXPLAINED: [(&str, &str); 7] = [
    ("ClusterIPNotAllocated", "the server looks after addresses while Services are being made"),
    ("FailedComputeMetricsReplicas", "no metrics server runs"),
    ("FailedGetContainerResourceMetric", "no metrics server runs"),
    ("FailedToUpdateEndpoint", "two controllers write at once, and one tries again"),
    ("\"efs-sc\" not found", "a storage class of EKS"),
    ("kubernetes.io/ingress.class", "GKE does not read `ingressClassName`"),
    ("unbound immediate PersistentVolumeClaims", "the volume is made a moment later"),
];

/// Sends all exports under all meshes, waits for rollouts, and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let flowship = command::flowship(false)?;
    let mut flows = exports::accepted();
    if let Some(folder) = &args.corpus {
        flows.extend(exports::corpus(folder, args.environment.as_deref()));
    }
    flows.retain(|flow| args.only.as_ref().is_none_or(|name| flow.name == *name));
    let work = tempfile::tempdir()?;
    let folder = RunFolder::take("api", &control_plane::PROGRAMS)?;
    let start = Instant::now();
    let cluster = if let Some(config) = &args.kubeconfig {
        let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
        Cluster::Theirs(Server::connect(&kubectl, config, folder.path())?, config.clone())
    } else {
        let cluster = ControlPlane::start(&folder)?;
        let kwok = kwok::start(&cluster, &folder)?;
        Cluster::Ours(kwok, Box::new(cluster))
    };
    let server = cluster.server();
    crds::install(server)?;
    volumes::class(server)?;
    println!("cluster ready after {:.1} s", start.elapsed().as_secs_f64());

    let meshes: Vec<_> = MESHES
        .into_iter()
        .filter(|mesh| args.mesh.is_empty() || args.mesh.iter().any(|asked| asked == mesh))
        .collect();
    let stage = Stage { server, flowship: &flowship, work: work.path(), flows: &flows };
    let mut table = String::from(
        "| mesh | Flows | refused by flowship | objects sent | accepted | refused | warnings \
         | workloads | rolled out | Warning events | s |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut problems = Vec::new();
    let is_ours = matches!(cluster, Cluster::Ours(..));
    for mesh in meshes.iter().copied() {
        let tally = stage.mesh(mesh, is_ours, folder.path())?;
        tally.row(&mut table, mesh);
        problems.extend(tally.problems);
    }
    println!("{table}");
    if let (None, Some(flow)) = (&args.only, flows.first()) {
        problems.extend(stage.plant_faults(flow)?);
    }
    if args.only.as_ref().is_none_or(|only| only == "again") {
        let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
        problems.extend(again::run(&flowship, &kubectl, cluster.config(), work.path(), &meshes)?);
    }
    if args.only.as_ref().is_none_or(|only| only == "kustomize") {
        let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
        let config = cluster.config();
        let work = work.path();
        problems.extend(kustomize::run(server, &flowship, &kubectl, config, work, &meshes)?);
    }
    if args.only.as_ref().is_none_or(|only| only == "merges") {
        problems.extend(merges::run(server)?);
    }
    if args.only.as_ref().is_none_or(|only| only == "pages") {
        problems.extend(stage.pages(cluster.config())?);
    }
    for problem in &problems {
        println!("problem: {problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    Ok(())
}

/// Whose cluster it is.
enum Cluster {
    // The pretend node goes before what it asks.
    Ours(#[expect(dead_code, reason = "ends when it is dropped")] Process, Box<ControlPlane>),
    Theirs(Server, PathBuf),
}

impl Cluster {
    fn server(&self) -> &Server {
        match self {
            Self::Ours(_, cluster) => &cluster.server,
            Self::Theirs(server, _) => server,
        }
    }

    fn config(&self) -> &Path {
        match self {
            Self::Ours(_, cluster) => &cluster.config,
            Self::Theirs(_, config) => config,
        }
    }
}

/// What one mesh has come to.
#[derive(Debug, Default)]
struct Tally {
    flows: usize,
    refused_by_flowship: usize,
    sent: usize,
    accepted: usize,
    warnings: usize,
    workloads: usize,
    rolled_out: Option<usize>,
    events: usize,
    took: Duration,
    problems: Vec<String>,
}

impl Tally {
    fn row(&self, table: &mut String, mesh: &str) {
        let rolled_out = self.rolled_out.map_or_else(|| "-".to_owned(), |count| count.to_string());
        // Writing into a `String` does not fail.
        let _ = writeln!(
            table,
            "| {mesh} | {} | {} | {} | {} | {} | {} | {} | {rolled_out} | {} | {:.1} |",
            self.flows,
            self.refused_by_flowship,
            self.sent,
            self.accepted,
            self.sent - self.accepted,
            self.warnings,
            self.workloads,
            self.events,
            self.took.as_secs_f64(),
        );
    }
}

struct Stage<'a> {
    server: &'a Server,
    flowship: &'a Path,
    work: &'a Path,
    flows: &'a [Flow],
}

impl Stage<'_> {
    fn mesh(&self, mesh: &str, is_ours: bool, volumes: &Path) -> anyhow::Result<Tally> {
        let start = Instant::now();
        let mut tally = Tally::default();
        let mut exported = Vec::new();
        for flow in self.flows.iter().filter(|flow| flow.is_for(mesh)) {
            tally.flows += 1;
            let namespace = exports::namespace(mesh, &flow.name);
            let folder = self.work.join(&namespace);
            match flow.export(self.flowship, mesh, &namespace, &folder)? {
                None => tally.refused_by_flowship += 1,
                Some(objects) => exported.push((namespace, objects)),
            }
        }
        for (namespace, _) in &exported {
            self.server.namespace(namespace)?;
        }
        for (namespace, objects) in &exported {
            self.server.wait_for_account(namespace)?;
            for object in objects {
                self.send(namespace, object, &mut tally)?;
            }
        }
        tally.workloads =
            exported.iter().flat_map(|(_, objects)| objects).filter(|it| it.is_workload()).count();
        let namespaces = exported.iter().map(|(namespace, _)| namespace.clone()).collect();
        if is_ours {
            let rollout = rollout::wait(self.server, &namespaces, volumes, PATIENCE, PAUSE)?;
            tally.rolled_out = Some(rollout.complete);
            let late = rollout.waiting.into_iter().map(|one| format!("{one} has not rolled out"));
            tally.problems.extend(late);
            if rollout.complete != tally.workloads && tally.problems.is_empty() {
                tally.problems.push(format!(
                    "{} workloads of {mesh} were sent, {} rolled out",
                    tally.workloads, rollout.complete
                ));
            }
            let events = rollout::warnings(self.server, &namespaces)?;
            tally.events = events.len();
            tally.problems.extend(events.into_iter().filter(|event| !is_explained(event)));
        }
        // A cluster of our own is thrown away as a whole.
        if !is_ours {
            for (namespace, _) in &exported {
                self.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
            }
        }
        tally.took = start.elapsed();
        Ok(tally)
    }

    fn send(&self, namespace: &str, object: &Object, tally: &mut Tally) -> anyhow::Result<()> {
        tally.sent += 1;
        match self.server.apply(&object.0)? {
            Answer::Accepted(warnings) => {
                tally.accepted += 1;
                tally.warnings += warnings.len();
                let unexplained = warnings.iter().filter(|warning| !is_explained(warning));
                tally.problems.extend(
                    unexplained.map(|warning| format!("{namespace} {object} warns: {warning}")),
                );
            }
            Answer::Refused(why) => {
                tally.problems.push(format!("{namespace} {object} is refused: {why}"));
            }
        }
        Ok(())
    }

    /// Runs the commands of pages that need a cluster.
    fn pages(&self, config: &Path) -> anyhow::Result<Vec<String>> {
        let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
        let variables = [("KUBECONFIG", config.display().to_string())];
        let problems = pages::run(&[self.flowship, &kubectl], Needs::Cluster, &variables);
        for namespace in ["hello", "news", "search", "shop"] {
            self.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        }
        Ok(problems)
    }

    /// Breaks one object of each kind in each way, and returns what the server takes all the same.
    #[expect(clippy::print_stdout, reason = "the faults are what the task is for")]
    fn plant_faults(&self, flow: &Flow) -> anyhow::Result<Vec<String>> {
        let namespace = exports::namespace("planted", &flow.name);
        let folder = self.work.join(&namespace);
        let objects = flow.export(self.flowship, "none", &namespace, &folder)?;
        let objects = objects.context("the Flow is refused")?;
        self.server.namespace(&namespace)?;
        let mut unnoticed = Vec::new();
        for (kind, what, plant) in FAULTS {
            let object = objects.iter().find(|object| object.kind() == kind);
            let mut broken = object.with_context(|| format!("no {kind}"))?.0.clone();
            plant(&mut broken);
            match self.server.apply(&broken)? {
                Answer::Refused(why) => println!("planted: {kind} with {what} is refused: {why}"),
                Answer::Accepted(_) => unnoticed.push(format!("{kind} with {what} is taken")),
            }
        }
        self.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        Ok(unnoticed)
    }
}

/// A kind, what is wrong with it, and how to make it so.
type Fault = (&'static str, &'static str, fn(&mut Value));

const FAULTS: [Fault; 5] = [
    ("Deployment", "an unknown field", |it| {
        it["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = json!({});
    }),
    ("Deployment", "a selector that does not fit", |it| {
        it["spec"]["selector"]["matchLabels"]["app"] = json!("another");
    }),
    ("Deployment", "a number that is text", |it| it["spec"]["replicas"] = json!("two")),
    ("Service", "a port that is no port", |it| it["spec"]["ports"][0]["port"] = json!(70_000)),
    ("ConfigMap", "a key that is no key", |it| it["data"]["bad key"] = json!("x")),
];

fn is_explained(warning: &str) -> bool {
    EXPLAINED.iter().any(|(text, _)| warning.contains(text))
}
