//! Volumes: what an Executor keeps in its workspace outlives its container.

use std::collections::BTreeSet;

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Settings, Workload, dns_label};
use flow_model::values::Text;
use flow_model::{Diagnostic, Diagnostics, Spanned};

use crate::rules::RELATIVE_WORKSPACE;

/// A volume of the project and where a container finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The volume: one for each Executor; shards and replicas share it, as they share the folder
    /// where Jina runs them side by side.
    pub(crate) volume: String,
    /// The path in the container.
    pub(crate) path: String,
}

/// The volume of the workspace, where the Flow names one by an absolute path.
pub(crate) fn workspace(workload: &Workload, container: &Container) -> Option<Mount> {
    let workspace = written(container)?;
    workspace.starts_with('/').then(|| Mount {
        volume: format!("{}-workspace", dns_label(&workload.deployment)),
        path: workspace.0.clone(),
    })
}

/// The workspace of a container that runs user code.
fn written(container: &Container) -> Option<&Spanned<Text>> {
    let Settings::Executor(settings) = &container.settings else { return None };
    settings.workspace.as_ref().filter(|_| container.role != Role::Head)
}

/// Reports workspaces that no volume can hold.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            let Some(workspace) = written(container) else { continue };
            if workspace.starts_with('/') || !seen.insert(workspace.span) {
                continue;
            }
            let message =
                format!("the workspace of `{}` goes away with its container", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&RELATIVE_WORKSPACE, message)
                    .at(workspace.span, "no volume can be mounted at a relative path")
                    .help("write the path from the root of the image: `/workspace`"),
            );
        }
    }
}
