//! Where flowship is run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::proxy::{Proxy, Weather};
use crate::e2e::control_plane::ControlPlane;
use crate::e2e::volumes;

/// A cluster, and the program.
pub(super) struct Stage<'a> {
    pub(super) flowship: &'a Path,
    pub(super) cluster: &'a ControlPlane,
    /// A folder for Flows.
    pub(super) work: &'a Path,
    /// A folder for volumes.
    pub(super) volumes: &'a Path,
}

/// One run of flowship.
#[derive(Debug, Clone)]
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) took: Duration,
}

/// Objects of a Flow by kind and name, with their resource versions.
pub(super) type Objects = BTreeMap<String, String>;

/// The kinds that flowship applies in these tests.
const KINDS: [&str; 11] = [
    "/api/v1/configmaps",
    "/api/v1/services",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/statefulsets",
    "/apis/policy/v1/poddisruptionbudgets",
    "/apis/monitoring.coreos.com/v1/servicemonitors",
    "/apis/networking.istio.io/v1/virtualservices",
    "/apis/networking.istio.io/v1/destinationrules",
    "/apis/security.istio.io/v1/peerauthentications",
    "/apis/gateway.networking.k8s.io/v1/gateways",
    "/apis/gateway.networking.k8s.io/v1/grpcroutes",
];

impl Stage<'_> {
    /// Writes a Flow.
    pub(super) fn flow(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.work.join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Runs flowship with the kubeconfig of the administrator.
    pub(super) fn run(&self, words: &[&str]) -> anyhow::Result<Ran> {
        self.run_as(&self.cluster.config, words)
    }

    /// As [`Stage::run`], with more variables.
    pub(super) fn run_with(
        &self,
        words: &[&str],
        environment: &[(String, String)],
    ) -> anyhow::Result<Ran> {
        run(self.command(&self.cluster.config, words).envs(environment.iter().cloned()))
    }

    /// As [`Stage::run`], without volumes for claims.
    pub(super) fn run_alone(&self, words: &[&str]) -> anyhow::Result<Ran> {
        run(&mut self.command(&self.cluster.config, words))
    }

    /// Runs flowship with a kubeconfig. Claims get volumes in the meantime.
    pub(super) fn run_as(&self, config: &Path, words: &[&str]) -> anyhow::Result<Ran> {
        self.with_volumes(|| run(&mut self.command(config, words)))
    }

    /// As [`Stage::run`], but kills flowship once it has sent so many requests. False if it ended
    /// before.
    pub(super) fn run_killed(&self, words: &[&str], after: usize) -> anyhow::Result<bool> {
        let target = self.cluster.server.base();
        let proxy = Proxy::start(target, Weather::Fair, 1, self.work)?;
        self.with_volumes(|| {
            let mut command = self.command(&proxy.kubeconfig, words);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
            while child.try_wait()?.is_none() {
                if proxy.counts().0 >= after {
                    child.kill()?;
                    child.wait()?;
                    return Ok(true);
                }
                thread::sleep(Duration::from_millis(1));
            }
            Ok(false)
        })
    }

    /// Does something while claims get volumes.
    fn with_volumes<T>(&self, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        volumes::while_provided(&self.cluster.server, self.volumes, work)
    }

    pub(super) fn command(&self, config: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(self.flowship);
        command.env("KUBECONFIG", config).env("JINA_GATEWAY_IMAGE", "example/jina:1.0");
        command.args(words);
        command
    }

    /// All objects with the mark of flowship in a namespace.
    pub(super) fn objects(&self, namespace: &str) -> anyhow::Result<Objects> {
        let mut objects = Objects::new();
        for kind in KINDS {
            let (root, plural) = kind.rsplit_once('/').unwrap_or_default();
            let path = format!(
                "{root}/namespaces/{namespace}/{plural}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dflowship"
            );
            let Some(list) = self.cluster.server.get(&path)? else { continue };
            for object in list["items"].as_array().into_iter().flatten() {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let name = format!("{plural}/{}", text(&object["metadata"]["name"]));
                objects.insert(name, version(object));
            }
        }
        Ok(objects)
    }
}

fn run(command: &mut Command) -> anyhow::Result<Ran> {
    let start = Instant::now();
    let output = command.output()?;
    Ok(Ran {
        code: output.status.code(),
        took: start.elapsed(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// What changes when somebody else than a controller writes an object.
pub(super) fn version(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
        map.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("resourceVersion");
        let annotations = metadata.get_mut("annotations").and_then(Value::as_object_mut);
        if let Some(annotations) = annotations {
            annotations.remove("deployment.kubernetes.io/revision");
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
        let managers = metadata.get_mut("managedFields").and_then(Value::as_array_mut);
        if let Some(managers) = managers {
            managers.retain(|entry| {
                entry["subresource"].as_str().is_none_or(str::is_empty)
                    && entry["manager"] != "kube-controller-manager"
            });
        }
    }
    object.to_string()
}
