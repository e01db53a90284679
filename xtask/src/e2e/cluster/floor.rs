//! The least time for so many requests: `curl` sends them as fast as the API server answers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use flowship_tests::meaning;
use serde_json::Value;

use super::stage::Stage;

/// As many connections as flowship has.
const CONNECTIONS: &str = "12";

/// Requests about the objects of an export, whose namespace is there.
pub(super) struct Floor {
    /// The path of each object, and the file with its text.
    objects: Vec<(String, String)>,
    server: String,
    authority: String,
    token: String,
}

impl Floor {
    /// Reads an export.
    pub(super) fn of(stage: &Stage<'_>, folder: &Path) -> anyhow::Result<Self> {
        let config: Value = serde_json::from_str(&fs::read_to_string(&stage.cluster.config)?)?;
        let text = |pointer: &str| -> anyhow::Result<String> {
            let value = config.pointer(pointer).and_then(Value::as_str);
            Ok(value.with_context(|| format!("the kubeconfig has no {pointer}"))?.to_owned())
        };
        let mut objects = Vec::new();
        for (index, object) in meaning::objects_in(folder)?.into_iter().enumerate() {
            let object = object.0;
            let root = match object["kind"].as_str() {
                Some("ConfigMap") => "/api/v1/namespaces/{}/configmaps",
                Some("Service") => "/api/v1/namespaces/{}/services",
                Some("Deployment") => "/apis/apps/v1/namespaces/{}/deployments",
                other => bail!("the floor does not know {other:?}"),
            };
            let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
            let path = format!("{}/{}", root.replace("{}", text("namespace")), text("name"));
            let file = stage.work.join(format!("floor-{index}.json")).display().to_string();
            fs::write(&file, object.to_string())?;
            objects.push((path, file));
        }
        Ok(Self {
            objects,
            server: text("/clusters/0/cluster/server")?,
            authority: text("/clusters/0/cluster/certificate-authority")?,
            token: text("/users/0/user/token")?,
        })
    }

    /// How long it takes to check, and perhaps to apply, all objects.
    pub(super) fn apply(&self, stage: &Stage<'_>, changes: bool) -> anyhow::Result<Duration> {
        let dry: &[bool] = if changes { &[true, false] } else { &[true] };
        let mut took = Duration::ZERO;
        for &dry in dry {
            let query = "?fieldManager=flowship&fieldValidation=Strict&force=false";
            let query = if dry { format!("{query}&dryRun=All") } else { query.to_owned() };
            took += self.send(stage, "PATCH", &query)?;
        }
        Ok(took)
    }

    /// How long it takes to delete all objects.
    pub(super) fn delete(&self, stage: &Stage<'_>) -> anyhow::Result<Duration> {
        self.send(stage, "DELETE", "?propagationPolicy=Background")
    }

    fn send(&self, stage: &Stage<'_>, method: &str, query: &str) -> anyhow::Result<Duration> {
        let mut config = String::new();
        for (path, file) in &self.objects {
            // Writing into a `String` does not fail.
            let _ = write!(
                config,
                "url = \"{}{path}{query}\"\nrequest = \"{method}\"\ncacert = \"{}\"\n\
                 header = \"Authorization: Bearer {}\"\noutput = \"/dev/null\"\nhttp1.1\nfail\n",
                self.server, self.authority, self.token
            );
            if method == "PATCH" {
                let _ = write!(
                    config,
                    "header = \"Content-Type: application/apply-patch+yaml\"\ndata-binary = \"@{file}\"\n"
                );
            }
            config.push_str("next\n");
        }
        let file = stage.work.join("floor.curl");
        fs::write(&file, config.trim_end_matches("next\n"))?;
        let start = Instant::now();
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--parallel", "--parallel-immediate"])
            .args(["--noproxy", "*", "--parallel-max", CONNECTIONS, "--config"])
            .arg(&file)
            .stdout(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("curl: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(start.elapsed())
    }
}
