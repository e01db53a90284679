//! Flows, exported by flowship as its users do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use flowship_tests::meaning::{self, Object};
use flowship_tests::{Fixture, fixtures};

use super::image;
use crate::command::workspace;

/// A Flow to export.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// What its namespaces are named by.
    pub(crate) name: String,
    path: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    /// Whether flowship must take it.
    accepted: bool,
}

/// The Flows of `tests/fixtures/accepted`.
pub(crate) fn accepted() -> Vec<Flow> {
    fixtures("accepted").into_iter().map(|fixture| Flow::of(fixture, true)).collect()
}

/// The Flows of `tests/fixtures/policies`, which ask something of a mesh.
pub(crate) fn with_policies() -> Vec<Flow> {
    fixtures("policies").into_iter().map(|fixture| Flow::of(fixture, true)).collect()
}

/// The fixtures of these names, accepted ones and ones with policies.
pub(crate) fn named(names: &[&str]) -> anyhow::Result<Vec<Flow>> {
    let all: Vec<Flow> = accepted().into_iter().chain(with_policies()).collect();
    let named = names.iter().map(|name| {
        let flow = all.iter().find(|flow| flow.name == *name).cloned();
        flow.with_context(|| format!("there is no fixture `{name}`"))
    });
    named.collect()
}

/// The Flows of a folder, which flowship may refuse.
pub(crate) fn corpus(folder: &Path, variables: Option<&Path>) -> Vec<Flow> {
    let flows = flowship_tests::corpus(folder, variables).into_iter();
    flows.map(|fixture| Flow::of(fixture, false)).collect()
}

/// Writes a Flow of `xtask/e2e/flows` into a folder, with this machine's address where it says
/// `HOST`.
pub(crate) fn e2e_flow(name: &str, host: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let file = format!("{name}.yml");
    let text = fs::read_to_string(workspace().join("xtask/e2e/flows").join(&file))?;
    let flow = folder.join(file);
    fs::write(&flow, text.replace("HOST", host))?;
    Ok(flow)
}

impl Flow {
    fn of(fixture: Fixture, accepted: bool) -> Self {
        let mut arguments = fixture.arguments();
        // Each export gets a namespace of its own.
        if let Some(at) = arguments.iter().position(|argument| argument == "--k8s-namespace") {
            arguments.drain(at..at + 2);
        }
        let environment = fixture.environment();
        Self { name: fixture.name, path: fixture.path, arguments, environment, accepted }
    }

    /// A Flow of `xtask/e2e/flows` that was written to `path`. Its gateways and heads run in the
    /// image of the tests.
    pub(crate) fn e2e(name: &str, path: PathBuf, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let environment = vec![("JINA_GATEWAY_IMAGE".to_owned(), image::NAME.to_owned())];
        Self { name: name.to_owned(), path, arguments, environment, accepted: true }
    }

    /// The same Flow with one more argument.
    pub(crate) fn with(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Whether it is run under a mesh: a Flow may ask for one.
    pub(crate) fn is_for(&self, mesh: &str) -> bool {
        let at = self.arguments.iter().position(|argument| argument == "--mesh");
        at.and_then(|at| self.arguments.get(at + 1)).is_none_or(|asked| asked == mesh)
    }

    /// The objects of its export; `None` where flowship refuses a Flow that it may refuse.
    pub(crate) fn export(
        &self,
        flowship: &Path,
        mesh: &str,
        namespace: &str,
        folder: &Path,
    ) -> anyhow::Result<Option<Vec<Object>>> {
        let mut export = Command::new(flowship);
        export.args(["export", "kubernetes", "--k8s-namespace", namespace]);
        export.args(&self.arguments).envs(self.environment.iter().cloned());
        if !self.arguments.iter().any(|argument| argument == "--mesh") {
            export.args(["--mesh", mesh]);
        }
        let output = export.arg(&self.path).arg(folder).output()?;
        match output.status.code() {
            Some(0) => Ok(Some(meaning::objects_in(folder)?)),
            Some(1) if !self.accepted => Ok(None),
            _ => bail!("{}: {}", self.path.display(), String::from_utf8_lossy(&output.stderr)),
        }
    }
}

/// A DNS label for a mesh and a Flow.
pub(crate) fn namespace(mesh: &str, flow: &str) -> String {
    let mut name = format!("{mesh}-{flow}").to_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric() || c == '-');
    name.truncate(63);
    name.trim_matches('-').to_owned()
}
