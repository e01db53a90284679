//! Volumes, which keep the workspaces of Executors when containers are removed.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::keys::Role;
use flow_model::plan::{Container, Plan, Settings, Workload, dns_label, volume_label};
use flow_model::values::{Relabel, Text as Written};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::flow_folder::FlowFolder;
use crate::rules::{BAD_MOUNT_PATH, BAD_VOLUME_SOURCE, RELATIVE_WORKSPACE, VOLUME_TWICE};
use crate::text::Text;

/// A mount at a path in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// A volume of the project, or a path of the machine.
    pub(crate) source: String,
    /// The path in the container.
    target: String,
    /// Docker's mount options: `ro`, `z`.
    mode: Vec<&'static str>,
    /// True if flowship chose the source because the Flow names none.
    is_ours: bool,
    /// The place in the source.
    pub(crate) span: Option<Span>,
}

impl Mount {
    /// True if Compose reads the source as a volume, not as a path.
    pub(crate) fn is_named(&self) -> bool {
        !is_path(&self.source)
    }

    /// The mount as text of a Compose file.
    pub(crate) fn text(&self, folder: &FlowFolder) -> Text {
        let mut text = format!("{}:{}", folder.path(&self.source), self.target);
        for (index, word) in self.mode.iter().enumerate() {
            text.push(if index == 0 { ':' } else { ',' });
            text.push_str(word);
        }
        Text::literal(text)
    }
}

/// True if Compose reads a source as a path of the machine.
fn is_path(source: &str) -> bool {
    source.starts_with(['/', '.', '~'])
}

/// A normalized path of a container: `//data/./x/` is `/data/x`.
fn clean(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.fold(String::new(), |path, part| path + "/" + part)
}

/// The volumes of the Flow, and one for the workspace if none of them contains it. Shards and
/// replicas of an Executor share them, as they share folders when Jina runs them on one machine.
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
        mode: {
            let read_only = volume.is_read_only().then_some("ro");
            let relabel = volume.relabel().map(|relabel| match relabel {
                Relabel::Shared => "z",
                Relabel::Private => "Z",
            });
            read_only.into_iter().chain(relabel).collect()
        },
        is_ours: volume.source().is_none(),
        span: volume.span,
    });
    let mut mounts: Vec<_> = volumes.collect();
    if let Some(workspace) = workspace(container).filter(|path| path.starts_with('/')) {
        let path = clean(workspace);
        let holds = |mount: &Mount| {
            path.strip_prefix(&clean(&mount.target))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !path.is_empty() && !mounts.iter().any(holds) {
            mounts.push(Mount {
                source: named(workload, &path),
                target: path,
                mode: Vec::new(),
                is_ours: true,
                span: workspace.span,
            });
        }
    }
    mounts
}

/// The named volume of a path without a source: `encoder_data`. DNS labels contain no `_`, so
/// Executor and path cannot be confused.
fn named(workload: &Workload, target: &str) -> String {
    format!("{}_{}", dns_label(&workload.deployment), volume_label(target))
}

/// The workspace of a container that runs user code.
fn workspace(container: &Container) -> Option<&Spanned<Written>> {
    let Settings::Executor(settings) = &container.settings else { return None };
    settings.workspace.as_ref().filter(|_| container.role != Role::Head)
}

/// Reports volumes that Compose would reject or share, and workspaces that cannot be a volume.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    check_sources(plan, diagnostics);
    check_targets(plan, diagnostics);
    check_shared(plan, diagnostics);
    check_workspaces(plan, diagnostics);
}

/// Reports sources that are neither a path of the machine nor the name of a volume.
fn check_sources(plan: &Plan, diagnostics: &mut Diagnostics) {
    for (_, workload) in plan.workloads() {
        for volume in workload.volumes.iter() {
            let Some(source) = volume.source().filter(|source| !is_path(source)) else { continue };
            if source.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
                continue;
            }
            let hidden = volume.is_substituted();
            let shown = if hidden { "this value".to_owned() } else { format!("`{source}`") };
            let message = format!("{shown} is neither a path nor the name of a volume");
            let help = if hidden { None } else { better_source(source) };
            let help = match help {
                Some(better) => format!("write `{better}`"),
                None => "begin a path with `/`, `./` or `~/`".to_owned(),
            };
            diagnostics.push(
                Diagnostic::new(&BAD_VOLUME_SOURCE, message)
                    .at(volume.span, "expected letters, digits, `_`, `.` and `-` before `:`")
                    .help(help),
            );
        }
    }
}

/// The source that was probably meant.
fn better_source(source: &str) -> Option<String> {
    for (shell, path) in
        [("${PWD}", "."), ("$PWD", "."), ("%cd%", "."), ("${HOME}", "~"), ("$HOME", "~")]
    {
        let Some(rest) = source.strip_prefix(shell) else { continue };
        if rest.is_empty() {
            return Some(path.to_owned());
        }
        if rest.starts_with('/') && !rest.contains('$') {
            return Some(format!("{path}{rest}"));
        }
    }
    let is_plain = source.contains('/') && !source.contains(['$', '`', '%']);
    is_plain.then(|| format!("./{source}"))
}

/// Reports paths with `:`, at which Docker ends a path, and paths with `..`.
fn check_targets(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            for mount in mounts(workload, container) {
                let why = if mount.target.contains(':') {
                    "expected a path without `:`"
                } else if mount.target.split('/').any(|part| part == "..") {
                    "expected a path without `..`"
                } else {
                    continue;
                };
                if !seen.insert(mount.span) {
                    continue;
                }
                let name = &workload.deployment;
                let message = format!("a path of `{name}` cannot be mounted");
                diagnostics.push(
                    Diagnostic::new(&BAD_MOUNT_PATH, message)
                        .at(mount.span, why)
                        .help("write an absolute path in the container, such as `/workspace`"),
                );
            }
        }
    }
}

/// Reports volumes that two Executors would share although the Flow does not name them.
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
        let message = format!("`{executor}` mounts the volume of `{other}`");
        diagnostics.push(
            Diagnostic::new(&VOLUME_TWICE, message)
                .at(mount.span, "names it")
                .at(before.span, "makes it")
                .help("choose another name; to share a volume, name it in both Executors"),
        );
    }
}

fn check_workspaces(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            let Some(workspace) = workspace(container) else { continue };
            let is_kept = workspace.starts_with('/') && !clean(workspace).is_empty();
            if is_kept || !seen.insert(workspace.span) {
                continue;
            }
            let message =
                format!("the workspace of `{}` is lost with its container", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&RELATIVE_WORKSPACE, message)
                    .at(workspace.span, "a volume needs an absolute path below `/`")
                    .help("write an absolute path, such as `/workspace`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{better_source, clean, is_path};

    #[test]
    fn sources_are_paths_or_names() {
        for (source, expected) in
            [("/a", true), ("./a", true), (".", true), ("~/a", true), ("a", false), ("a/b", false)]
        {
            assert_eq!(is_path(source), expected, "{source}");
        }
    }

    #[test]
    fn shells_are_told_what_to_write() {
        for (source, better) in [
            ("$PWD", Some(".")),
            ("${PWD}/a/b", Some("./a/b")),
            ("%cd%/a", Some("./a")),
            ("$HOME/.cache", Some("~/.cache")),
            ("${HOME}", Some("~")),
            ("$DATA/x", None),
            ("${DATA}", None),
            ("$(date)/x", None),
            ("$PWD/$X", None),
            ("${A:-b}/x", None),
            ("models/bert", Some("./models/bert")),
            ("a b", None),
        ] {
            assert_eq!(better_source(source).as_deref(), better, "{source}");
        }
    }

    #[test]
    fn paths_are_compared_without_noise() {
        for (path, expected) in
            [("/a", "/a"), ("//a/./b/", "/a/b"), ("/", ""), ("/a:b", "/a:b"), ("/..", "/..")]
        {
            assert_eq!(clean(path), expected);
        }
    }
}
