//! A pretend node: its Pods become ready by themselves, and nothing runs.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::control_plane::{ControlPlane, option};
use super::process::Process;
use super::run_folder::RunFolder;
use crate::go::{self, Programs};

const KWOK: Programs = Programs {
    name: "kwok",
    module: "sigs.k8s.io/kwok",
    version: "v0.8.0",
    packages: &["cmd/kwok"],
    tags: "",
};

/// What happens to Nodes and Pods, in kwok's own words.
const STAGES: [&str; 5] = [
    "node/fast/node-initialize",
    "node/heartbeat/node-heartbeat",
    "pod/fast/pod-complete",
    "pod/fast/pod-delete",
    "pod/fast/pod-ready",
];

/// Starts kwok and makes the node, with room and devices for everything.
pub(crate) fn start(cluster: &ControlPlane, folder: &RunFolder) -> anyhow::Result<Process> {
    let program = KWOK.build()?.join("kwok");
    let stages = go::files(KWOK.module, KWOK.version)?.join("kustomize/stage");
    let mut config = String::new();
    for stage in STAGES {
        config += &fs::read_to_string(stages.join(stage).with_extension("yaml"))?;
        config += "\n---\n";
    }
    let file = folder.path().join("stages.yaml");
    fs::write(&file, config)?;
    let mut kwok = Command::new(program);
    kwok.args(["--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"])
        .args(["--node-ip=127.0.0.1"])
        .arg(option("--kubeconfig", &cluster.config))
        .arg(option("--config", &file));
    let kwok = Process::start(folder.path(), "kwok", &mut kwok)?;
    let room = json!({"cpu": "4096", "memory": "16Ti", "ephemeral-storage": "16Ti", "pods": "8000", "nvidia.com/gpu": "512", "nvidia.com/gpu.shared": "512"});
    cluster.server.create(&json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": "kwok-0",
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            // It is whatever machine a Flow asks for, in one of EKS's two words for each.
            "labels": {
                "eks.amazonaws.com/capacityType": "SPOT",
                "karpenter.sh/capacity-type": "on-demand",
                "kubernetes.io/hostname": "kwok-0",
                "kubernetes.io/os": "linux",
            },
        },
        "status": {"allocatable": room, "capacity": room},
    }))?;
    Ok(kwok)
}
