//! Overlays over exports, built by the real Kustomize.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use flowship_tests::meaning;

use super::exports::{self, Flow};
use super::server::{Answer, Server};
use crate::command;
use crate::go::Programs;

const KUSTOMIZE: Programs = Programs {
    name: "kustomize",
    module: "sigs.k8s.io/kustomize/kustomize/v5",
    version: "v5.8.1",
    packages: &[""],
};

/// Flows with every kind of object.
const FLOWS: [&str; 4] = ["expose-routes", "monitoring", "restricted", "volumes-with-shards"];

/// An overlay beside the folder of the export.
const OVERLAY: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- ../base
labels:
- pairs: {team: search}
replicas:
- {name: gateway, count: 3}
";

/// Builds an overlay of some Flows and applies it strictly. `kubectl apply -R` takes the same folder.
/// Returns what is wrong.
pub(super) fn run(
    server: &Server,
    flowship: &Path,
    kubectl: &Path,
    config: &Path,
    work: &Path,
    meshes: &[&str],
) -> anyhow::Result<Vec<String>> {
    let kustomize = KUSTOMIZE.build()?.join("kustomize");
    let flows = exports::accepted().into_iter();
    let flows: Vec<Flow> = flows.filter(|flow| FLOWS.contains(&flow.name.as_str())).collect();
    let mut problems = Vec::new();
    for mesh in meshes {
        for flow in &flows {
            let namespace = exports::namespace(mesh, &format!("kustomize-{}", flow.name));
            let folder = work.join(&namespace);
            let base = folder.join("base");
            let flow = flow.clone().with("--kustomize");
            let exported = flow.export(flowship, mesh, &namespace, &base)?;
            let exported = exported.context("the Flow is refused")?;
            fs::create_dir(folder.join("overlay"))?;
            fs::write(folder.join("overlay/kustomization.yaml"), OVERLAY)?;
            let mut build = Command::new(&kustomize);
            let built = command::checked(build.arg("build").arg(folder.join("overlay")))?;
            let built = meaning::read(&String::from_utf8(built.stdout)?)?;
            if built.len() != exported.len() {
                let (theirs, ours) = (built.len(), exported.len());
                problems.push(format!("{namespace}: {theirs} of {ours} objects are built"));
            }
            server.namespace(&namespace)?;
            server.wait_for_account(&namespace)?;
            for object in &built {
                if let Answer::Refused(why) = server.apply(&object.0)? {
                    problems.push(format!("{namespace}: {object} of the overlay: {why}"));
                }
                let replicas = &object.0["spec"]["replicas"];
                let is_gateway = object.kind() == "Deployment" && object.name() == "gateway";
                if object.0["metadata"]["labels"]["team"] != "search"
                    || is_gateway && *replicas != 3
                {
                    problems.push(format!("{namespace}: {object} does not have the overlay"));
                }
            }
            let mut apply = Command::new(kubectl);
            apply.env("KUBECONFIG", config).args(["apply", "--dry-run=server", "-R", "-f"]);
            let output = apply.arg(&base).output()?;
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr);
                problems.push(format!("{namespace}: kubectl apply -R: {why}"));
            }
            server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        }
    }
    Ok(problems)
}
