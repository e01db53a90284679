//! Pod Security: the security contexts of Pods, and what a Flow must do for them.

mod violations;

use std::fmt;
use std::str::FromStr;

use flow_model::keys::Role;
use flow_model::plan::{Container, Placement, Plan, Program, Settings, Workload};
use flow_model::{Diagnostic, Diagnostics, Spanned};
use k8s_openapi::api::core::v1::{
    Capabilities, EmptyDirVolumeSource, PodSecurityContext, SeccompProfile, SecurityContext,
    Volume, VolumeMount,
};

use crate::mesh::{NetworkRules, ServiceMesh};
pub(crate) use violations::check as check_pods;

use crate::rules::{MESH_INIT_CONTAINER, ROOT_IMAGE, UNWRITABLE_WORKSPACE};

/// A level of the Pod Security Standards that Pods meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PodSecurity {
    /// Known ways out of a container are closed. Images may run as root.
    Baseline,
    /// No container runs as root, has a capability, or gains a privilege.
    Restricted,
}

impl PodSecurity {
    /// Both levels.
    pub const ALL: [Self; 2] = [Self::Baseline, Self::Restricted];

    /// The name of the level in the labels of a namespace.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for PodSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is not a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLevel;

impl fmt::Display for UnknownLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `baseline` or `restricted`")
    }
}

impl std::error::Error for UnknownLevel {}

impl FromStr for PodSecurity {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.name() == text).ok_or(UnknownLevel)
    }
}

/// The user and the group of all processes. Images that bring a user bring this one most often.
const USER: i64 = 1000;

/// The folder that every process may write to, and the value of `HOME`. Jina writes to
/// `$HOME/.cache/jina` and `$HOME/.jina`, and Python's temporary files are in `/tmp`.
pub(crate) const WRITABLE: &str = "/tmp";

/// The security context of Pods.
pub(crate) fn of_pod(level: PodSecurity) -> PodSecurityContext {
    let seccomp =
        SeccompProfile { type_: "RuntimeDefault".to_owned(), ..SeccompProfile::default() };
    let context =
        PodSecurityContext { seccomp_profile: Some(seccomp), ..PodSecurityContext::default() };
    match level {
        PodSecurity::Baseline => context,
        PodSecurity::Restricted => PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(USER),
            run_as_group: Some(USER),
            // Volumes belong to the group, so that the user can write to them.
            fs_group: Some(USER),
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            ..context
        },
    }
}

/// The security context of containers.
pub(crate) fn of_container(level: PodSecurity) -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: (level == PodSecurity::Restricted)
            .then(|| Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        ..SecurityContext::default()
    }
}

/// True if [`WRITABLE`] needs a volume: at the level `restricted`, unless the Flow mounts one there.
fn needs_writable(level: Option<PodSecurity>, workload: &Workload) -> bool {
    let is_mounted = workload.volumes.value.iter().any(|volume| volume.target() == WRITABLE);
    level == Some(PodSecurity::Restricted) && !is_mounted
}

/// The name of the volume at [`WRITABLE`]: one that no claim of the workload has.
fn writable_name(workload: &Workload) -> String {
    let is_free = |name: &String| {
        let volumes = workload.volumes.value.iter();
        volumes.map(|volume| flow_model::plan::volume_label(volume.target())).all(|it| it != *name)
    };
    let mut names = (0..).map(|number| match number {
        0 => "tmp".to_owned(),
        number => format!("tmp-{number}"),
    });
    names.find(is_free).unwrap_or_default()
}

/// The volume at [`WRITABLE`].
pub(crate) fn volume(level: Option<PodSecurity>, workload: &Workload) -> Option<Volume> {
    needs_writable(level, workload).then(|| Volume {
        name: writable_name(workload),
        empty_dir: Some(EmptyDirVolumeSource::default()),
        ..Volume::default()
    })
}

/// The mount of [`volume`], in every container.
pub(crate) fn mount(level: Option<PodSecurity>, workload: &Workload) -> Option<VolumeMount> {
    needs_writable(level, workload).then(|| VolumeMount {
        name: writable_name(workload),
        mount_path: WRITABLE.to_owned(),
        ..VolumeMount::default()
    })
}

/// Reports what flowship cannot write itself: what the mesh, the images and the workspaces of a Flow
/// must do.
pub(crate) fn check(
    plan: &Plan,
    level: PodSecurity,
    mesh: &dyn ServiceMesh,
    diagnostics: &mut Diagnostics,
) {
    if mesh.capabilities().network == NetworkRules::InitContainer {
        let title = mesh.identity().title;
        let message =
            format!("{title}'s init container is not allowed under Pod Security `{level}`");
        diagnostics.push(
            Diagnostic::new(&MESH_INIT_CONTAINER, message)
                .note("without the CNI plugin of the mesh, no Pod is created")
                .help(format!("install {title}'s CNI plugin, which replaces the init container")),
        );
    }
    if level != PodSecurity::Restricted {
        return;
    }
    check_images(plan, diagnostics);
    for executor in &plan.executors {
        let Placement::Internal { shards, .. } = &executor.placement else { continue };
        if let Some(worker) = shards.first() {
            check_workspace(worker, diagnostics);
        }
    }
}

/// Reports the user's own images, in one finding.
fn check_images(plan: &Plan, diagnostics: &mut Diagnostics) {
    let own: Vec<(&str, &Container)> = plan
        .workloads()
        .filter(|(_, workload)| workload.shard.unwrap_or(0) == 0)
        .flat_map(|(_, workload)| {
            workload.containers.iter().map(|container| (workload.deployment.as_str(), container))
        })
        .filter(|(_, container)| container.program == Program::Image)
        .collect();
    let Some(((name, first), others)) = own.split_first() else { return };
    let message = match others.len() {
        0 => format!("the image of `{name}` runs as user {USER}"),
        1 => format!("the image of `{name}` and 1 other run as user {USER}"),
        count => format!("the image of `{name}` and {count} others run as user {USER}"),
    };
    diagnostics.push(
        Diagnostic::new(&ROOT_IMAGE, message)
            .at(first.image.span, "expected files that every user can read, outside `/root`")
            .note(format!("`HOME` is {WRITABLE}, an empty volume; other folders may be read-only")),
    );
}

/// Reports a workspace that the user cannot write to.
fn check_workspace(worker: &Workload, diagnostics: &mut Diagnostics) {
    let Settings::Executor(settings) = &worker.main().settings else { return };
    let Some(Spanned { value: workspace, span }) = settings.workspace.as_ref() else { return };
    let is_inside = |folder: &str| {
        workspace.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut mounted = worker.volumes.value.iter().filter(|volume| !volume.is_read_only());
    if worker.role != Role::Worker
        || is_inside(WRITABLE)
        || mounted.any(|volume| is_inside(volume.target()))
    {
        return;
    }
    let name = &worker.deployment;
    let message = format!("user {USER} may not write to the workspace of `{name}`");
    diagnostics.push(
        Diagnostic::new(&UNWRITABLE_WORKSPACE, message)
            .at(*span, "expected a path in a volume of the Executor, or in `/tmp`")
            .help("add the path to `volumes`")
            .help("choose a path below `/tmp`, which is lost with the Pod"),
    );
}

#[cfg(test)]
mod tests {
    use super::PodSecurity;

    #[test]
    fn levels_are_read_as_they_are_written() {
        for level in PodSecurity::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        assert!("privileged".parse::<PodSecurity>().is_err());
    }
}
