//! Flows that the plugin of Argo CD exports: its own server runs `dist/argocd/plugin.yaml`, and is called as
//! `argocd-repo-server` calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use flowship_tests::meaning;
use serde_json::Value;

use super::process::Process;
use crate::{cache, command, go};

const MODULE: &str = "github.com/argoproj/argo-cd/v3";

/// The newest version that Go 1.26 builds.
const VERSION: &str = "v3.5.7";

/// A module that Argo CD replaces by a folder of its repository, which its own module does not contain.
const ENGINE: &str = "github.com/argoproj/argo-cd/gitops-engine";
const ENGINE_VERSION: &str = "v0.0.0-20260914071520-c9c369efcc5b";

/// A Flow with a variable of the application, in a folder with settings.
const FLOW: &str = "\
jtype: Flow
with: {name: search}
executors:
  - {name: encoder, uses: docker://example/encoder:1.0, replicas: 2, env: {MODEL: \"${{ ENV.ARGOCD_ENV_MODEL }}\"}}
  - {name: indexer, uses: docker://example/indexer:1.0, shards: 2}
";

/// A Flow with an error.
const BAD: &str = "jtype: Flow\nexecutors:\n  - {name: ranker, uses: Ranker}\n";

/// Answer of the server for one application.
#[derive(Debug, serde::Deserialize)]
struct Answer {
    supported: bool,
    manifests: Vec<String>,
}

/// Runs the server and asks it for applications with and without a Flow.
#[expect(clippy::print_stdout, reason = "what was seen is what the task tells")]
pub(super) fn run() -> anyhow::Result<()> {
    let program = program()?;
    command::run(command::cargo().args(["build", "--quiet", "--package", "flowship"]))?;
    let flowship = command::target()?.join("debug");
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    for (path, text) in [
        ("repository/search/flow.yml", FLOW),
        ("repository/search/flowship.toml", "mesh = \"istio\"\n"),
        ("repository/bad/flow.yml", BAD),
        ("repository/other/deployment.yml", "apiVersion: apps/v1\nkind: Deployment\n"),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().context("it lies in a folder")?)?;
        fs::write(path, text)?;
    }
    for made in ["config", "plugins", "work"] {
        fs::create_dir(folder.join(made))?;
    }
    let plugin = command::workspace().join("dist/argocd/plugin.yaml");
    fs::copy(plugin, folder.join("config/plugin.yaml"))?;
    let path =
        std::env::join_paths([flowship.as_path(), Path::new("/usr/bin"), Path::new("/bin")])?;
    let mut server = Command::new(&program);
    server.args(["server", "--config-dir-path"]).arg(folder.join("config"));
    server.env_clear().env("PATH", path).env("HOME", folder);
    server.env("ARGOCD_PLUGINSOCKFILEPATH", folder.join("plugins"));
    server.env("ARGOCD_CMP_WORKDIR", folder.join("work"));
    let socket = folder.join("plugins/flowship.sock");
    let mut server = Process::start(folder, "argocd-cmp-server", &mut server)?;
    server.wait(Duration::from_secs(30), || socket.exists())?;
    let call = |application: &str, namespace: &str| {
        let repository = folder.join("repository");
        let mut call = Command::new(&program);
        call.arg("call").arg(&socket).arg(&repository).arg(repository.join(application));
        call.arg(format!("ARGOCD_APP_NAMESPACE={namespace}"));
        call.args(["ARGOCD_APP_NAME=search", "ARGOCD_ENV_MODEL=small"]).output()
    };
    for (namespace, expected) in [("west", "west"), ("", "search")] {
        let output = call("search", namespace)?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the Flow is refused: {said}\n{}", server.log_tail());
        let answer: Answer = serde_json::from_slice(&output.stdout)?;
        ensure!(answer.supported, "the application with a Flow is not found");
        let objects = meaning::read(&answer.manifests.join("\n---\n"))?;
        let wanted =
            export(&flowship.join("flowship"), &folder.join("repository/search"), expected)?;
        let (found, wanted) = (by_name(&objects)?, by_name(&wanted)?);
        let names: BTreeSet<_> = found.keys().chain(wanted.keys()).collect();
        for name in names {
            ensure!(
                found.get(name) == wanted.get(name),
                "{name} of the server is {:?}, of the export {:?}",
                found.get(name),
                wanted.get(name)
            );
        }
        println!("{} objects of an application in the namespace {expected}", objects.len());
    }
    let output = call("bad", "west")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        !output.status.success()
            && said.contains("error[no-container]")
            && said.contains("flow.yml:3:"),
        "an application shows of a Flow with errors: {said}"
    );
    println!("the findings of a Flow with errors: {}", said.lines().next().unwrap_or_default());
    let output = call("other", "west")?;
    let answer: Answer = serde_json::from_slice(&output.stdout)?;
    ensure!(!answer.supported, "another application is taken for a Flow");
    println!("an application without a Flow is left to others");
    Ok(())
}

fn export(flowship: &Path, folder: &Path, namespace: &str) -> anyhow::Result<Vec<meaning::Object>> {
    let mut export = Command::new(flowship);
    export.args(["export", "kubernetes", "flow.yml", "-", "--quiet", "--k8s-namespace", namespace]);
    export.current_dir(folder).env("ARGOCD_ENV_MODEL", "small");
    let output = command::checked(&mut export)?;
    meaning::read(&String::from_utf8(output.stdout)?)
}

/// The objects by kind and name: the server has an order of its own for them, and for their fields.
fn by_name(objects: &[meaning::Object]) -> anyhow::Result<BTreeMap<String, &Value>> {
    let mut named = BTreeMap::new();
    for object in objects {
        let name = format!("{} {}", object.kind(), object.name());
        ensure!(named.insert(name.clone(), &object.0).is_none(), "{name} is there twice");
    }
    Ok(named)
}

/// Builds Argo CD's own server, with a caller of it.
fn program() -> anyhow::Result<PathBuf> {
    let bin = cache::folder()?.join(format!("e2e/bin/argocd-{VERSION}"));
    let program = bin.join("argocd-plugin");
    if program.exists() {
        return Ok(program);
    }
    let folder = tempfile::tempdir()?;
    let mut module = format!(
        "module flowship.test/argocd\n\ngo 1.26\n\nrequire {MODULE} {VERSION}\n\
         replace {ENGINE} => {ENGINE} {ENGINE_VERSION}\n"
    );
    // What a module replaces is not replaced for those that require it.
    for (old, new) in go::replacements(MODULE, VERSION)? {
        writeln!(module, "replace {old} => {new}")?;
    }
    fs::write(folder.path().join("go.mod"), module)?;
    let source = command::workspace().join("xtask/e2e/argocd/main.go");
    fs::copy(source, folder.path().join("main.go"))?;
    let built = folder.path().join("built");
    let mut build = go::go(folder.path());
    command::run(build.args(["build", "-mod=mod", "-ldflags=-s -w", "-o"]).arg(&built))?;
    fs::create_dir_all(&bin)?;
    let new = program.with_extension("new");
    fs::copy(built, &new)?;
    fs::rename(new, &program)?;
    Ok(program)
}
