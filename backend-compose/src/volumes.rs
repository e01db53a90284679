//! Volumes: what an Executor keeps in its workspace outlives its container.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Settings, Workload, dns_label, volume_label};
use flow_model::values::Text as Written;
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::rules::{BAD_VOLUME_SOURCE, RELATIVE_WORKSPACE, VOLUME_TWICE};
use crate::text::Text;

/// What a container finds at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// A volume of the project, or a path of the machine.
    pub(crate) source: String,
    /// The path in the container.
    target: String,
    read_only: bool,
    /// The Flow names no source, so that flowship does.
    is_ours: bool,
    /// Where it was written.
    span: Option<Span>,
}

impl Mount {
    /// Whether the source is a volume, as Compose tells the two apart.
    pub(crate) fn is_named(&self) -> bool {
        !is_path(&self.source)
    }

    /// The mount as a Compose file has it.
    pub(crate) fn text(&self) -> Text {
        let mode = if self.read_only { ":ro" } else { "" };
        Text::literal(format!("{}:{}{mode}", self.source, self.target))
    }
}

/// Whether a source is a path of the machine, as Compose reads it.
fn is_path(source: &str) -> bool {
    source.starts_with(['/', '.', '~'])
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
        is_ours: volume.source().is_none(),
        span: volume.span,
    });
    let mut mounts: Vec<_> = volumes.collect();
    if let Some(workspace) = workspace(container).filter(|path| path.starts_with('/')) {
        let path = workspace.trim_end_matches('/');
        let holds = |mount: &Mount| {
            path.strip_prefix(&mount.target)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !path.is_empty() && !mounts.iter().any(holds) {
            mounts.push(Mount {
                source: named(workload, path),
                target: path.to_owned(),
                read_only: false,
                is_ours: true,
                span: workspace.span,
            });
        }
    }
    mounts
}

/// The volume of a path that nothing of the machine stands behind: `encoder_data`. No label holds a
/// `_`, so that the Executor and the path can be told apart.
fn named(workload: &Workload, target: &str) -> String {
    format!("{}_{}", dns_label(&workload.deployment), volume_label(target))
}

/// The workspace of a container that runs user code.
fn workspace(container: &Container) -> Option<&Spanned<Written>> {
    let Settings::Executor(settings) = &container.settings else { return None };
    settings.workspace.as_ref().filter(|_| container.role != Role::Head)
}

/// Reports volumes that Compose would refuse or share, and workspaces that no volume can hold.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    check_sources(plan, diagnostics);
    check_shared(plan, diagnostics);
    check_workspaces(plan, diagnostics);
}

/// What the Flow names is a path of the machine, or the name of a volume.
fn check_sources(plan: &Plan, diagnostics: &mut Diagnostics) {
    for (_, workload) in plan.workloads() {
        for volume in workload.volumes.iter() {
            let Some(source) = volume.source().filter(|source| !is_path(source)) else { continue };
            if source.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
                continue;
            }
            let hidden = volume.is_substituted();
            let shown = if hidden { "what stands here".to_owned() } else { format!("`{source}`") };
            let message = format!("{shown} is neither a path nor the name of a volume");
            let help = if source.contains('/') && !hidden {
                format!("write `./{source}` for a folder beside the Compose file")
            } else {
                "begin a path with `/`, `./` or `~`".to_owned()
            };
            diagnostics.push(
                Diagnostic::new(&BAD_VOLUME_SOURCE, message)
                    .at(volume.span, "expected letters, digits, `_`, `.` and `-` before `:`")
                    .help(help),
            );
        }
    }
}

/// One volume is one path of one Executor, unless the Flow names it.
fn check_shared(plan: &Plan, diagnostics: &mut Diagnostics) {
    let workloads = plan.workloads().map(|(_, workload)| workload);
    let all: Vec<(&str, Mount)> = workloads
        .flat_map(|workload| workload.containers.iter().map(move |container| (workload, container)))
        .flat_map(|(workload, container)| {
            let mounts = mounts(workload, container).into_iter();
            mounts.map(|mount| (workload.deployment.as_str(), mount))
        })
        .collect();
    let mut ours: BTreeMap<&str, (&str, &Mount)> = BTreeMap::new();
    for (executor, mount) in all.iter().filter(|(_, mount)| mount.is_ours) {
        let (other, before) = *ours.entry(&mount.source).or_insert((executor, mount));
        if (other, &before.target) != (executor, &mount.target) {
            let message =
                format!("a volume of `{executor}` and one of `{other}` would be the same one");
            diagnostics.push(
                Diagnostic::new(&VOLUME_TWICE, message)
                    .at(mount.span, "one of them")
                    .at(before.span, "the other one")
                    .help("rename one of the Executors, or name the volumes: `NAME:PATH`"),
            );
        }
    }
    for (executor, mount) in all.iter().filter(|(_, mount)| !mount.is_ours) {
        let Some((other, before)) = ours.get(mount.source.as_str()) else { continue };
        let message = format!("`{executor}` mounts a volume that is made for `{other}`");
        diagnostics.push(
            Diagnostic::new(&VOLUME_TWICE, message)
                .at(mount.span, "names it")
                .at(before.span, "makes it")
                .help("write another name; two Executors share a volume that both of them name"),
        );
    }
}

fn check_workspaces(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            let Some(workspace) = workspace(container) else { continue };
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
