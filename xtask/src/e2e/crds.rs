//! The kinds that meshes, monitoring and KEDA add to a cluster, from their Go modules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flowship_tests::meaning::{self, Object};

use super::scaling::keda::KEDA;
use super::server::{Server, has_condition};
use crate::cache;
use crate::command::run;
use crate::go::{self, Programs};

/// A module and the file or folder of it that has the kinds.
const PUBLISHED: [(&str, &str, &str); 2] = [
    ("istio.io/api", "v1.31.4", "kubernetes/customresourcedefinitions.gen.yaml"),
    ("sigs.k8s.io/gateway-api", "v1.6.1", "config/crd/standard"),
];

/// Prometheus' operator publishes Go types; the kinds are made from them.
const PROMETHEUS: &str = "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring";
const PROMETHEUS_VERSION: &str = "v0.95.1";
const PROMETHEUS_KIND: &str = "monitoring.coreos.com_servicemonitors.yaml";

/// Other kinds that come with workloads. Nothing of flowship writes them.
const PROMETHEUS_KINDS: [&str; 3] = [
    "monitoring.coreos.com_podmonitors.yaml",
    "monitoring.coreos.com_probes.yaml",
    "monitoring.coreos.com_prometheusrules.yaml",
];

/// Where the module of KEDA has its kinds.
const KEDA_KINDS: &str = "config/crd/bases";

const GENERATOR: Programs = Programs {
    name: "controller-gen",
    module: "sigs.k8s.io/controller-tools",
    version: "v0.20.1",
    packages: &["cmd/controller-gen"],
    tags: "",
};

/// Installs all kinds and waits until the server serves them.
pub(crate) fn install(server: &Server) -> anyhow::Result<()> {
    let mut objects = installed()?;
    objects.retain(|object| object.kind() == "CustomResourceDefinition");
    for object in &objects {
        server.create(&object.0).with_context(|| object.to_string())?;
    }
    for object in &objects {
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        let path = format!("{path}/{}", object.name());
        server.wait_for(&path, |found| has_condition(found, "Established"))?;
    }
    Ok(())
}

/// The definitions that exports need.
fn installed() -> anyhow::Result<Vec<Object>> {
    let mut objects = Vec::new();
    for (module, version, path) in PUBLISHED {
        objects.extend(read(&go::files(module, version)?.join(path))?);
    }
    objects.extend(read(&monitoring(PROMETHEUS_KIND)?)?);
    objects.extend(read(&go::files(KEDA.module, KEDA.version)?.join(KEDA_KINDS))?);
    Ok(objects)
}

/// All definitions whose fields flowship knows.
pub(crate) fn published() -> anyhow::Result<Vec<Object>> {
    let mut objects = installed()?;
    for kind in PROMETHEUS_KINDS {
        objects.extend(read(&monitoring(kind)?)?);
    }
    objects.retain(|object| object.kind() == "CustomResourceDefinition");
    Ok(objects)
}

fn read(path: &Path) -> anyhow::Result<Vec<Object>> {
    let mut files = if path.is_dir() {
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?
    } else {
        vec![path.to_owned()]
    };
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml"));
    files.sort();
    let mut objects = Vec::new();
    for file in files {
        objects.extend(meaning::read(&fs::read_to_string(&file)?)?);
    }
    Ok(objects)
}

/// The file of a kind of Prometheus' operator.
fn monitoring(kind: &str) -> anyhow::Result<PathBuf> {
    let kept = cache::folder()?.join("e2e/crds").join(PROMETHEUS_VERSION);
    let file = kept.join(kind);
    if file.exists() {
        return Ok(file);
    }
    let generator = GENERATOR.build()?.join("controller-gen");
    let folder = tempfile::tempdir()?;
    go::require(folder.path(), PROMETHEUS, PROMETHEUS_VERSION)?;
    // The generator reads packages as `go` does, and `go` reads those that something imports.
    let import = format!("package crds\n\nimport _ \"{PROMETHEUS}/v1\"\n");
    fs::write(folder.path().join("crds.go"), import)?;
    run(go::go(folder.path()).args(["mod", "tidy"]).stderr(std::process::Stdio::null()))?;
    let mut generate = std::process::Command::new(generator);
    generate
        .current_dir(folder.path())
        .args(["crd", &format!("paths={PROMETHEUS}/v1")])
        .arg("output:crd:dir=made");
    run(&mut generate)?;
    fs::create_dir_all(&kept)?;
    for kind in PROMETHEUS_KINDS.into_iter().chain([PROMETHEUS_KIND]) {
        fs::copy(folder.path().join("made").join(kind), kept.join(kind))?;
    }
    Ok(file)
}
