//! Overlays over exports, built by the real Kustomize.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use flowship_tests::meaning;

use super::exports;
use super::server::{Answer, Server};
use crate::command;
use crate::go::Programs;

const KUSTOMIZE: Programs = Programs {
    name: "kustomize",
    module: "sigs.k8s.io/kustomize/kustomize/v5",
    version: "v5.8.1",
    packages: &[""],
    tags: "",
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
    let flows = exports::named(&FLOWS)?;
    let mut problems = function(&kustomize, flowship, work)?;
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

/// A Flow that kustomize generates itself, with an overlay of its own.
const GENERATED: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
generators:
- flow.yaml
labels:
- pairs: {team: search}
";

/// Builds a Flow with the function, as `dist/kustomize/flow.yaml` calls it, and compares the objects with
/// those of an export. Returns what is wrong.
fn function(kustomize: &Path, flowship: &Path, work: &Path) -> anyhow::Result<Vec<String>> {
    let folder = work.join("kustomize-function");
    fs::create_dir_all(&folder)?;
    let generator = command::workspace().join("dist/kustomize/flow.yaml");
    fs::copy(generator, folder.join("flow.yaml"))?;
    let flow = command::workspace().join("examples/search.yml");
    fs::copy(&flow, folder.join("flow.yml"))?;
    fs::write(folder.join("kustomization.yaml"), GENERATED)?;
    let programs = flowship.parent().context("the program lies in a folder")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = [programs.to_owned()].into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path)?;
    let build = || {
        let mut build = Command::new(kustomize);
        build.args(["build", "--enable-alpha-plugins", "--enable-exec"]).arg(&folder);
        build.env("PATH", &path);
        build
    };
    let built = command::checked(&mut build())?;
    let built = meaning::read(&String::from_utf8(built.stdout)?)?;
    let mut export = Command::new(flowship);
    let exported =
        command::checked(export.args(["export", "kubernetes", "--quiet"]).arg(&flow).arg("-"))?;
    let exported = meaning::read(&String::from_utf8(exported.stdout)?)?;
    let mut problems = Vec::new();
    for object in &exported {
        let same = |other: &&meaning::Object| {
            (other.kind(), other.name()) == (object.kind(), object.name())
        };
        let Some(found) = built.iter().find(same) else {
            problems.push(format!("the function of kustomize: {object} is missing"));
            continue;
        };
        if found.0["spec"]["ports"] != object.0["spec"]["ports"]
            || found.0["metadata"]["labels"]["team"] != "search"
        {
            problems.push(format!("the function of kustomize: {object} is another one"));
        }
    }
    if built.len() != exported.len() {
        let (theirs, ours) = (built.len(), exported.len());
        problems.push(format!("the function of kustomize: {theirs} of {ours} objects are built"));
    }
    fs::write(folder.join("flow.yml"), "jtype: Flow\nexecutors: [{name: a, uses: A}]\n")?;
    let refused = build().output()?;
    if refused.status.success()
        || !String::from_utf8_lossy(&refused.stderr).contains("error[no-container]")
    {
        problems.push("the function of kustomize: a Flow with errors is built".to_owned());
    }
    Ok(problems)
}
