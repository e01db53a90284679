//! A Prometheus that scrapes what exports offer.

use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::e2e::control_plane::{ControlPlane, option};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::process::Process;
use crate::e2e::run_folder::RunFolder;
use crate::go::Programs;

const PROMETHEUS: Programs = Programs {
    name: "prometheus",
    module: "github.com/prometheus/prometheus",
    version: "v0.316.0",
    packages: &["cmd/prometheus"],
    // The others of its service discoveries bring the libraries of every cloud.
    tags: "remove_all_sd,enable_kubernetes_sd",
};

/// What is started.
pub(super) const PROGRAMS: [&str; 1] = ["prometheus"];

const PORT: u16 = 15_090;
const PATIENCE: Duration = Duration::from_mins(1);

/// As often as the Prometheus operator scrapes by default.
const SCRAPE_INTERVAL: &str = "30s";

/// A Prometheus. It ends when this is dropped.
pub(super) struct Prometheus {
    agent: ureq::Agent,
    _process: Process,
}

/// What flowship is told about the cluster.
pub(super) fn profile() -> String {
    format!("prometheus: {}\n", address())
}

fn address() -> String {
    format!("http://{MACHINE}:{PORT}")
}

impl Prometheus {
    /// Builds it if it is missing, and starts it.
    pub(super) fn start(cluster: &ControlPlane, folder: &RunFolder) -> anyhow::Result<Self> {
        let bin = PROMETHEUS.build()?;
        let settings = folder.path().join("prometheus.yml");
        fs::write(&settings, scrapes(cluster).to_string())?;
        let mut command = Command::new(bin.join("prometheus"));
        command
            .arg(option("--config.file", &settings))
            .arg(option("--storage.tsdb.path", &folder.path().join("prometheus")))
            .arg(format!("--web.listen-address={MACHINE}:{PORT}"));
        let mut process = Process::start(folder.path(), "prometheus", &mut command)?;
        process.wait(PATIENCE, || TcpStream::connect((MACHINE, PORT)).is_ok())?;
        let agent = ureq::Agent::config_builder().proxy(None).build().into();
        Ok(Self { agent, _process: process })
    }

    /// What a query gives now; `None` where the answer is empty.
    pub(super) fn query(&self, query: &str) -> anyhow::Result<Option<f64>> {
        let request = self.agent.get(format!("{}/api/v1/query", address())).query("query", query);
        let text = request.call()?.body_mut().read_to_string()?;
        let answer: Value = serde_json::from_str(&text)?;
        let value = answer["data"]["result"][0]["value"][1].as_str();
        value.map(|value| value.parse().with_context(|| text.clone())).transpose()
    }
}

/// Scrapes what the monitors of exports select, with the labels that the Prometheus operator adds.
fn scrapes(cluster: &ControlPlane) -> Value {
    let label = |from: &str, to: &str| json!({"source_labels": [format!("__meta_kubernetes_{from}")], "target_label": to});
    json!({
        "global": {"scrape_interval": SCRAPE_INTERVAL},
        "scrape_configs": [{
            "job_name": "monitors",
            "kubernetes_sd_configs": [{
                "role": "endpointslice",
                "kubeconfig_file": cluster.config,
            }],
            "relabel_configs": [
                {
                    "source_labels": ["__meta_kubernetes_endpointslice_port_name"],
                    "regex": "http-metrics.*",
                    "action": "keep",
                },
                label("namespace", "namespace"),
                label("service_name", "service"),
                label("service_name", "job"),
                label("pod_name", "pod"),
                label("pod_container_name", "container"),
                label("endpointslice_port_name", "endpoint"),
            ],
        }],
    })
}
