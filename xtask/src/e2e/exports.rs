//! Flows, exported by flowship as its users do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use flowship_tests::fixtures;
use flowship_tests::meaning::{self, Object};

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
    let flow = |fixture: flowship_tests::Fixture| {
        let mut arguments = fixture.arguments();
        // Each export gets a namespace of its own.
        if let Some(at) = arguments.iter().position(|argument| argument == "--k8s-namespace") {
            arguments.drain(at..at + 2);
        }
        let environment = fixture.environment();
        Flow { name: fixture.name, path: fixture.path, arguments, environment, accepted: true }
    };
    fixtures("accepted").into_iter().map(flow).collect()
}

/// The Flows of a folder, which flowship may refuse.
pub(crate) fn corpus(folder: &Path) -> anyhow::Result<Vec<Flow>> {
    let mut flows = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            flows.push(Flow {
                name,
                path,
                arguments: Vec::new(),
                environment: Vec::new(),
                accepted: false,
            });
        }
    }
    flows.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(flows)
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
    /// A Flow of `xtask/e2e/flows` that was written to `path`. Its gateways and heads run in the
    /// image of the tests.
    pub(crate) fn e2e(name: &str, path: PathBuf) -> Self {
        let environment = vec![("JINA_GATEWAY_IMAGE".to_owned(), image::NAME.to_owned())];
        Self { name: name.to_owned(), path, arguments: Vec::new(), environment, accepted: true }
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
