//! Whether an export that is applied again changes nothing, whichever way it is applied.

use std::path::Path;
use std::process::{Command, Output};

use super::exports;

/// Flows with every kind of object, and with every list that an API server fills in.
const FLOWS: [&str; 5] = ["blocks", "env-from-secret", "monitoring", "retries", "volumes"];

/// kubectl calls a PodDisruptionBudget `configured` each time: the patch strategy of its selector is
/// `replace`, so that kubectl sends it even if it is the same.
const BUDGET: &str = "poddisruptionbudget.policy/";

/// The generations of objects, which an API server increments with each change of a `spec`.
const GENERATIONS: &str = "jsonpath={.items[*].metadata.generation}";

/// Applies some Flows as `kubectl apply` does, twice, and then on the server's side. Returns what
/// changed, and what was in conflict.
pub(super) fn run(
    flowship: &Path,
    kubectl: &Path,
    config: &Path,
    work: &Path,
    meshes: &[&str],
) -> anyhow::Result<Vec<String>> {
    let flows = exports::named(&FLOWS)?;
    let kubectl = |words: &[&str]| -> anyhow::Result<Output> {
        Ok(Command::new(kubectl).env("KUBECONFIG", config).args(words).output()?)
    };
    let mut problems = Vec::new();
    for mesh in meshes {
        // Nobody retries without a mesh.
        for flow in flows.iter().filter(|flow| *mesh != "none" || flow.name != "retries") {
            let namespace = exports::namespace(mesh, &format!("again-{}", flow.name));
            let folder = work.join(&namespace);
            flow.export(flowship, mesh, &namespace, &folder)?;
            let manifests = folder.display().to_string();
            kubectl(&["create", "namespace", &namespace])?;
            let mut last = Vec::new();
            let mut generations = Vec::new();
            for words in [&["apply"][..], &["apply"], &["apply", "--server-side"]] {
                let output = kubectl(&[words, &["-R", "-f", &manifests]].concat())?;
                if !output.status.success() {
                    let why = String::from_utf8_lossy(&output.stderr).into_owned();
                    problems.push(format!("{namespace}: {words:?}: {why}"));
                }
                last.push(String::from_utf8_lossy(&output.stdout).into_owned());
                let budgets = ["get", "pdb", "-n", &namespace, "-o", GENERATIONS];
                generations.push(kubectl(&budgets)?.stdout);
            }
            let changed = last[1].lines().filter(|line| !line.ends_with(" unchanged"));
            let changed = changed.filter(|line| !line.starts_with(BUDGET));
            problems.extend(changed.map(|line| format!("{namespace}: applied again: {line}")));
            if generations.iter().any(|generation| *generation != generations[0]) {
                problems.push(format!("{namespace}: applied again: a PodDisruptionBudget changed"));
            }
            kubectl(&["delete", "namespace", &namespace, "--wait=false"])?;
        }
    }
    Ok(problems)
}
