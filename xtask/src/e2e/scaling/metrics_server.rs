//! metrics-server, which tells HPAs how much CPU and memory containers use.

use std::process::Command;

use super::extension::Extension;
use crate::e2e::control_plane::{ControlPlane, option};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::process::Process;
use crate::e2e::run_folder::RunFolder;
use crate::go::Programs;

const METRICS_SERVER: Programs = Programs {
    name: "metrics-server",
    module: "sigs.k8s.io/metrics-server",
    version: "v0.9.0",
    packages: &["cmd/metrics-server"],
    tags: "",
};

/// What is started.
pub(super) const PROGRAMS: [&str; 1] = ["metrics-server"];

const EXTENSION: Extension = Extension {
    service: "metrics-server",
    namespace: "kube-system",
    group: "metrics.k8s.io",
    port: 15_443,
};

/// Builds it if it is missing, and starts it.
pub(super) fn start(cluster: &ControlPlane, folder: &RunFolder) -> anyhow::Result<Process> {
    let bin = METRICS_SERVER.build()?;
    let mut command = Command::new(bin.join("metrics-server"));
    command
        .arg(option("--kubeconfig", &cluster.config))
        .arg(option("--authentication-kubeconfig", &cluster.config))
        .arg(option("--authorization-kubeconfig", &cluster.config))
        .arg(option("--cert-dir", &folder.path().join("metrics-server")))
        .arg(format!("--bind-address={MACHINE}"))
        .arg(format!("--secure-port={}", EXTENSION.port))
        .args(["--kubelet-preferred-address-types=InternalIP", "--kubelet-insecure-tls"])
        .args(["--metric-resolution=10s", "--kubelet-request-timeout=5s"]);
    let mut process = Process::start(folder.path(), "metrics-server", &mut command)?;
    EXTENSION.register(&cluster.server, &mut process)?;
    Ok(process)
}
