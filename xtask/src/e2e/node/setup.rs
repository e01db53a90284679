//! Where Flows run: a server, a node, an image, and what is done with them again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use flowship_tests::meaning::{self, Object};
use serde_json::{Value, json};

use crate::cache;
use crate::command::{run, workspace};
use crate::e2e::client::{self, HowMany, Question, Report};
use crate::e2e::exports::{self, Flow};
use crate::e2e::image::{self, Image};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::rollout;
use crate::e2e::server::Server;

/// What every part needs.
pub(in crate::e2e) struct Setup<'a> {
    pub(in crate::e2e) image: Image,
    pub(in crate::e2e) flowship: PathBuf,
    pub(in crate::e2e) server: &'a Server,
    /// Of this run.
    pub(in crate::e2e) folder: &'a Path,
}

/// How long all Pods of a Flow may take to become ready.
const PATIENCE: Duration = Duration::from_mins(4);

/// How exactly it is known when they are.
const PAUSE: Duration = Duration::from_millis(250);

/// How long it may take until all replicas share. A caller that began when one of them was ready
/// finds the others when it looks their name up again.
pub(in crate::e2e) const SETTLED: Duration = Duration::from_mins(1);

/// A Flow in a namespace of its own. It is taken away when this is dropped.
pub(in crate::e2e) struct Deployed<'a> {
    setup: &'a Setup<'a>,
    pub(in crate::e2e) namespace: String,
}

impl<'a> Setup<'a> {
    /// The objects that flowship exports, without a mesh.
    pub(in crate::e2e) fn export(
        &self,
        flow: &str,
        namespace: &str,
    ) -> anyhow::Result<Vec<Object>> {
        self.export_with(flow, "none", namespace)
    }

    /// The objects that flowship exports, with a mesh.
    pub(in crate::e2e) fn export_with(
        &self,
        flow: &str,
        mesh: &str,
        namespace: &str,
    ) -> anyhow::Result<Vec<Object>> {
        self.export_as(flow, mesh, namespace, &[])
    }

    /// The objects that flowship exports with more arguments.
    pub(in crate::e2e) fn export_as(
        &self,
        flow: &str,
        mesh: &str,
        namespace: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Vec<Object>> {
        // Several threads may export one Flow.
        let folder = self.folder.join("flows").join(namespace);
        std::fs::create_dir_all(&folder)?;
        let path = exports::e2e_flow(flow, MACHINE, &folder)?;
        let out = self.folder.join("export").join(namespace);
        let flow_file = Flow::e2e(flow, path, arguments);
        let objects = flow_file.export(&self.flowship, mesh, namespace, &out)?;
        objects.with_context(|| format!("{flow} is refused"))
    }

    /// The objects that the peer exports.
    pub(in crate::e2e) fn peers_export(
        &self,
        flow: &str,
        namespace: &str,
    ) -> anyhow::Result<Vec<Object>> {
        const SCRIPT: &str = "import os, sys\nfrom pathlib import Path\nimport peer\n\
            os.environ['JINA_GATEWAY_IMAGE'] = sys.argv[1]\npeer.without_network()\n\
            refusal = peer.export('kubernetes', Path(sys.argv[2]), Path(sys.argv[3]),\n\
            \x20                     ['--k8s-namespace', sys.argv[4]])\n\
            sys.exit(refusal)\n";
        let out = self.folder.join("export").join(namespace);
        let mut export = Command::new(cache::python()?);
        export
            .args(["-B", "-c", SCRIPT, image::NAME])
            .arg(exports::e2e_flow(flow, MACHINE, self.folder)?)
            .args([&out])
            .arg(namespace)
            .env("PYTHONPATH", workspace().join("xtask/oracle"));
        run(&mut export)?;
        meaning::objects_in(&out)
    }

    /// Makes a namespace, empty but for a secret that Flows name.
    pub(in crate::e2e) fn namespace(&'a self, namespace: &str) -> anyhow::Result<Deployed<'a>> {
        self.server.namespace(namespace)?;
        self.server.wait_for_account(namespace)?;
        self.server.create(&json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": "e2e", "namespace": namespace},
            "stringData": {"password": "hush $x"},
        }))?;
        Ok(Deployed { setup: self, namespace: namespace.to_owned() })
    }

    /// Exports a Flow, applies it, and waits until it is ready.
    pub(in crate::e2e) fn up(
        &'a self,
        flow: &str,
        namespace: &str,
    ) -> anyhow::Result<Deployed<'a>> {
        let objects = self.export(flow, namespace)?;
        let deployed = self.namespace(namespace)?;
        deployed.apply(&objects)?;
        deployed.wait()?;
        Ok(deployed)
    }
}

impl Deployed<'_> {
    /// Applies objects; none may be refused.
    pub(in crate::e2e) fn apply(&self, objects: &[Object]) -> anyhow::Result<()> {
        objects.iter().try_for_each(|object| self.setup.server.create(&object.0))
    }

    /// Waits until all workloads are ready and the gateway's Service leads somewhere. Returns how
    /// long it took, in seconds.
    pub(in crate::e2e) fn wait(&self) -> anyhow::Result<f64> {
        let start = Instant::now();
        let Setup { server, folder, .. } = self.setup;
        let namespaces = BTreeSet::from([self.namespace.clone()]);
        let rollout = rollout::wait(server, &namespaces, folder, PATIENCE, PAUSE)?;
        if !rollout.waiting.is_empty() {
            bail!("{:?} not ready after {PATIENCE:?}\n{}", rollout.waiting, self.logs());
        }
        // What is ready is known to the API server first, and to kube-proxy a moment later.
        let service = self.gateway()?;
        let port = service["spec"]["ports"][0]["port"].as_u64().unwrap_or_default();
        let address =
            format!("{}:{port}", service["spec"]["clusterIP"].as_str().unwrap_or_default());
        while TcpStream::connect(&address).is_err() {
            ensure!(start.elapsed() < PATIENCE, "nothing listens at {address}\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(start.elapsed().as_secs_f64())
    }

    /// Where the API has what is in the namespace.
    fn path(&self, rest: &str) -> String {
        format!("/api/v1/namespaces/{}/{rest}", self.namespace)
    }

    fn gateway(&self) -> anyhow::Result<Value> {
        self.setup.server.get(&self.path("services/gateway"))?.context("no Service for the gateway")
    }

    /// Sends requests to the gateway. None may fail.
    pub(in crate::e2e) fn ask(&self, question: &Question) -> anyhow::Result<Report> {
        let report = client::ask(&self.setup.image, question)?;
        ensure!(
            report.errors.is_empty(),
            "{} of {} requests failed: {:?}\n{}",
            report.failed.len(),
            report.requests,
            report.errors,
            self.logs()
        );
        Ok(report)
    }

    /// Requests for the gateway. `port` is that of its Service.
    pub(in crate::e2e) fn question(
        &self,
        port: u16,
        how_many: HowMany,
    ) -> anyhow::Result<Question> {
        let service = self.gateway()?;
        let address = service["spec"]["clusterIP"].as_str().unwrap_or_default();
        Ok(Question { how_many, ..Question::new(address, port) })
    }

    /// The Pods of a workload.
    pub(in crate::e2e) fn pods(&self, workload: &str) -> anyhow::Result<Vec<Value>> {
        self.setup.server.list(&self.path(&format!("pods?labelSelector=app%3D{workload}")))
    }

    /// How often containers of its Pods were started anew.
    pub(in crate::e2e) fn restarts(&self) -> anyhow::Result<i64> {
        let pods = self.setup.server.list(&self.path("pods"))?;
        let statuses = pods.iter().flat_map(|pod| {
            pod["status"]["containerStatuses"].as_array().map(Vec::as_slice).unwrap_or_default()
        });
        Ok(statuses.map(|status| status["restartCount"].as_i64().unwrap_or(0)).sum())
    }

    /// Deletes a Pod, giving it as long to end as it asks for.
    pub(in crate::e2e) fn end(&self, pod: &Value) -> anyhow::Result<()> {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        self.setup.server.delete(&self.path(&format!("pods/{name}")))
    }

    /// Asks that a Pod leaves its node. False where a disruption budget does not let it go yet.
    pub(in crate::e2e) fn evict(&self, pod: &Value) -> anyhow::Result<bool> {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        self.setup.server.evict(&self.namespace, name)
    }

    /// Deletes a Pod, giving it so many seconds to end.
    pub(in crate::e2e) fn kill(&self, pod: &Value, grace: u32) -> anyhow::Result<()> {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        let path = self.path(&format!("pods/{name}?gracePeriodSeconds={grace}"));
        self.setup.server.delete(&path)
    }

    /// Changes a Deployment or a StatefulSet.
    pub(in crate::e2e) fn change(
        &self,
        kind: &str,
        name: &str,
        change: &Value,
    ) -> anyhow::Result<()> {
        let object = json!({
            "apiVersion": "apps/v1", "kind": kind,
            "metadata": {"name": name, "namespace": self.namespace},
        });
        self.setup.server.merge(&object, change)
    }

    /// Gives a Deployment or a StatefulSet new Pods.
    pub(in crate::e2e) fn roll(&self, kind: &str, name: &str) -> anyhow::Result<()> {
        let now = format!("{:?}", Instant::now());
        let annotation = json!({"metadata": {"annotations": {"e2e/rolled": now}}});
        self.change(kind, name, &json!({"spec": {"template": annotation}}))
    }

    /// Asks until all requests are answered. While an Executor has no Pod, its headless Service has no
    /// name, and callers look names up every ten seconds at most.
    pub(in crate::e2e) fn ask_until_answered(&self, question: &Question) -> anyhow::Result<Report> {
        let start = Instant::now();
        loop {
            match self.ask(question) {
                Ok(report) => return Ok(report),
                Err(error) if start.elapsed() > SETTLED => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_secs(1)),
            }
        }
    }

    /// What a container has printed so far.
    pub(in crate::e2e) fn log(&self, pod: &str, container: &str) -> String {
        let log = self.path(&format!("pods/{pod}/log?container={container}"));
        self.setup.server.text(&log).unwrap_or_default()
    }

    /// The ends of the logs of all containers.
    fn logs(&self) -> String {
        let path = self.path("pods");
        let mut text = String::new();
        for pod in self.setup.server.list(&path).unwrap_or_default() {
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            let lists = ["initContainers", "containers"].map(|list| pod["spec"][list].as_array());
            for container in lists.into_iter().flatten().flatten() {
                let container = container["name"].as_str().unwrap_or_default();
                let log = format!("{path}/{name}/log?tailLines=12&container={container}");
                let log = self.setup.server.text(&log).unwrap_or_default();
                let _ = writeln!(text, "--- {name} {container}\n{log}");
            }
        }
        text
    }
}

impl Drop for Deployed<'_> {
    fn drop(&mut self) {
        let server = self.setup.server;
        // Pods go at once: nothing of them is wanted any more. What fails here fails the run later.
        let _ = server.delete(&format!("/api/v1/namespaces/{}", self.namespace));
        let _ = server.delete(&self.path("pods?gracePeriodSeconds=0"));
    }
}

/// Asks until what was seen passes a check. No request may fail meanwhile. Returns what the check
/// returns, and after how many seconds.
pub(in crate::e2e) fn settled<T>(
    ask: impl Fn() -> anyhow::Result<Report>,
    check: impl Fn(&Report) -> anyhow::Result<T>,
) -> anyhow::Result<(T, f64)> {
    let start = Instant::now();
    loop {
        match check(&ask()?) {
            Ok(found) => return Ok((found, start.elapsed().as_secs_f64())),
            Err(error) if start.elapsed() > SETTLED => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_secs(2)),
        }
    }
}

/// How many documents each process saw on each Pod: `NAME`, then `HOST`.
pub(in crate::e2e) fn seen(report: &Report) -> BTreeMap<&str, BTreeMap<&str, usize>> {
    let mut seen: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (setup, count) in &report.seen {
        let (name, host) = setup.split_once('@').unwrap_or((setup, ""));
        let host = host.split_once('=').map_or(host, |(host, _)| host);
        *seen.entry(name).or_default().entry(host).or_default() += count;
    }
    seen
}
