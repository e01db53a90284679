//! KEDA: its operator, and the API server through which HPAs ask it.

use std::fs;
use std::process::Command;

use super::extension::Extension;
use crate::e2e::control_plane::{Authority, ControlPlane, option};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::process::Process;
use crate::e2e::run_folder::RunFolder;
use crate::go::Programs;

/// KEDA. Its definitions are in the same module.
pub(crate) const KEDA: Programs = Programs {
    name: "keda",
    module: "github.com/kedacore/keda/v2",
    version: "v2.21.0",
    packages: &["cmd/operator", "cmd/adapter"],
    tags: "",
};

/// What is started, the last first.
pub(super) const PROGRAMS: [&str; 2] = ["keda-adapter", "keda-operator"];

const NAMESPACE: &str = "keda";

/// What the operator is called in its certificate.
const OPERATOR: &str = "keda-operator.keda.svc.cluster.local";

/// Where the operator tells the adapter what triggers say.
const OPERATOR_PORT: u16 = 15_666;

const EXTENSION: Extension = Extension {
    service: "keda-metrics-apiserver",
    namespace: NAMESPACE,
    group: "external.metrics.k8s.io",
    port: 15_444,
};

/// Builds what is missing, and starts both. The definitions of KEDA must be there.
pub(super) fn start(cluster: &ControlPlane, folder: &RunFolder) -> anyhow::Result<[Process; 2]> {
    let bin = KEDA.build()?;
    cluster.server.namespace(NAMESPACE)?;
    let certificates = folder.path().join("keda");
    fs::create_dir_all(&certificates)?;
    // Both programs look for `ca.crt`, `tls.crt` and `tls.key`, and show them to each other.
    Authority::make(&certificates)?.sign("tls", "keda", &format!("DNS:{OPERATOR}"))?;

    let mut operator = Command::new(bin.join("operator"));
    operator
        .arg(option("--kubeconfig", &cluster.config))
        .arg(option("--cert-dir", &certificates))
        .arg(option("--ca-dir", &certificates))
        .arg(format!("--metrics-service-bind-address=127.0.0.1:{OPERATOR_PORT}"))
        .args(["--metrics-bind-address=127.0.0.1:15667", "--health-probe-bind-address=0"])
        .env("POD_NAMESPACE", NAMESPACE)
        .env("KEDA_CLUSTER_OBJECT_NAMESPACE", NAMESPACE)
        .env("WATCH_NAMESPACE", "");
    let operator = Process::start(folder.path(), "keda-operator", &mut operator)?;

    let mut adapter = Command::new(bin.join("adapter"));
    adapter
        .arg(option("--kubeconfig", &cluster.config))
        .arg(option("--lister-kubeconfig", &cluster.config))
        .arg(option("--authentication-kubeconfig", &cluster.config))
        .arg(option("--authorization-kubeconfig", &cluster.config))
        .arg(option("--cert-dir", &certificates))
        .arg(option("--tls-cert-file", &certificates.join("tls.crt")))
        .arg(option("--tls-private-key-file", &certificates.join("tls.key")))
        .arg(format!("--bind-address={MACHINE}"))
        .arg(format!("--secure-port={}", EXTENSION.port))
        .arg(format!("--metrics-service-address=127.0.0.1:{OPERATOR_PORT}"))
        .arg(format!("--metrics-service-grpc-authority={OPERATOR}"))
        .arg("--port=15668")
        .env("POD_NAMESPACE", NAMESPACE)
        .env("WATCH_NAMESPACE", "");
    let mut adapter = Process::start(folder.path(), "keda-adapter", &mut adapter)?;
    EXTENSION.register(&cluster.server, &mut adapter)?;
    Ok([adapter, operator])
}
