//! Volumes: what an Executor keeps in its workspace outlives its container.

use std::collections::BTreeSet;

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Settings, Workload, dns_label};
use flow_model::values::Text as Written;
use flow_model::{Diagnostic, Diagnostics, Spanned};

use crate::rules::RELATIVE_WORKSPACE;
use crate::text::Text;

/// What a container finds at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// A volume of the project, or a path of the machine.
    pub(crate) source: String,
    /// The path in the container.
    target: String,
    read_only: bool,
}

impl Mount {
    /// Whether the source is a volume, as Compose tells the two apart.
    pub(crate) fn is_named(&self) -> bool {
        !self.source.starts_with(['/', '.', '~'])
    }

    /// The mount as a Compose file has it.
    pub(crate) fn text(&self) -> Text {
        let mode = if self.read_only { ":ro" } else { "" };
        Text::literal(format!("{}:{}{mode}", self.source, self.target))
    }
}

/// The volumes of the Flow, and one for the workspace where none of them holds it. Shards and
/// replicas of an Executor share them, as they share folders where Jina runs them side by side.
pub(crate) fn mounts(workload: &Workload, container: &Container) -> Vec<Mount> {
    if matches!(container.role, Role::Head | Role::Gateway) {
        return Vec::new();
    }
    let volumes = workload.volumes.value.iter().map(|volume| Mount {
        source: match volume.source() {
            Some(source) => source.to_owned(),
            None => named(workload, volume.target()),
        },
        target: volume.target().to_owned(),
        read_only: volume.is_read_only(),
    });
    let mut mounts: Vec<_> = volumes.collect();
    if let Some(workspace) = written(container).filter(|path| path.starts_with('/')) {
        let path = workspace.trim_end_matches('/');
        let holds = |mount: &Mount| {
            path.strip_prefix(&mount.target)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !path.is_empty() && !mounts.iter().any(holds) {
            let source = format!("{}-workspace", dns_label(&workload.deployment));
            mounts.push(Mount { source, target: path.to_owned(), read_only: false });
        }
    }
    mounts
}

/// The volume of a path that nothing of the machine stands behind.
fn named(workload: &Workload, target: &str) -> String {
    let path = target.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    format!("{}{}", dns_label(&workload.deployment), path.collect::<String>())
}

/// The workspace of a container that runs user code.
fn written(container: &Container) -> Option<&Spanned<Written>> {
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
