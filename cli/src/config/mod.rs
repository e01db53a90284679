//! `flowship.toml`: what the command line would say, kept beside the Flows.
//!
//! The file has the options of the command line under the same names; what is known of an option
//! (its values, its help) is read from the command line itself. A profile is laid over the rest of the
//! file, and the command line over both.

mod file;
mod rules;
mod show;

use std::path::{Path, PathBuf};

use backend_compose::Project;
use backend_k8s::ClusterProfile;
use clap::{ArgAction, CommandFactory as _, Parser};

pub(crate) use file::ConfigFile;
pub(crate) use rules::RULES;
pub(crate) use show::show;

use crate::args::{Compile, ComposeTarget, Policy, RetryOwner, Target};
use crate::flow_folder;

/// The name of the file.
pub(crate) const NAME: &str = "flowship.toml";

/// All that a file may set.
#[derive(Debug, Clone, Default, Parser)]
pub(crate) struct Settings {
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) compose: ComposeTarget,
    /// The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow's folder.
    #[arg(long)]
    pub(crate) project_name: Option<Project>,
}

impl Settings {
    /// These settings over those of the configuration of the Flow at `path`.
    pub(crate) fn of_flow(self, path: &Path) -> anyhow::Result<Self> {
        match ConfigFile::of_flow(path, &self.compile)? {
            Some(file) => Ok(self.over(&file.settings()?)),
            None => Ok(self),
        }
    }

    /// The settings of one command that compiles.
    pub(crate) fn new(compile: &Compile, target: &Target, compose: &ComposeTarget) -> Self {
        Self {
            compile: compile.clone(),
            target: target.clone(),
            compose: compose.clone(),
            project_name: None,
        }
    }

    /// The options of all settings, as the command line has them.
    pub(crate) fn all_options() -> Vec<clap::Arg> {
        let command = Self::command();
        let options = command.get_arguments();
        options
            .filter(|option| option.get_long().is_some_and(|name| name != "help"))
            .cloned()
            .collect()
    }

    fn over(self, lower: &Self) -> Self {
        Self {
            compile: self.compile.over(&lower.compile),
            target: self.target.over(&lower.target),
            compose: ComposeTarget {
                network_name: self.compose.network_name.or(lower.compose.network_name.clone()),
                environment: self.compose.environment,
            },
            project_name: self.project_name.or(lower.project_name.clone()),
        }
    }
}

impl Compile {
    fn over(self, lower: &Self) -> Self {
        // The upper layer has the last word on a rule.
        let named = [&self.allow, &self.warn, &self.deny].map(Clone::clone).concat();
        let levels = |lower: &[String], upper: &[String]| {
            let kept = lower.iter().filter(|code| !named.contains(code));
            kept.chain(upper).cloned().collect::<Vec<_>>()
        };
        Self {
            image: self.image,
            // Of several Flows, one may have an Executor of a name and another not.
            shared_images: [lower.image.clone(), self.shared_images].concat(),
            images: self.images.or(lower.images.clone()),
            env_file: [lower.env_file.clone(), self.env_file].concat(),
            set_context: [lower.set_context.clone(), self.set_context].concat(),
            document: self.document,
            allow_outside: self.allow_outside.or(lower.allow_outside),
            format: self.format.or(lower.format),
            allow: levels(&lower.allow, &self.allow),
            warn: levels(&lower.warn, &self.warn),
            deny: levels(&lower.deny, &self.deny),
            profile: self.profile,
            no_config: self.no_config,
            environment: self.environment,
        }
    }
}

impl Target {
    fn over(self, lower: &Self) -> Self {
        Self {
            k8s_namespace: self.k8s_namespace.or(lower.k8s_namespace.clone()),
            gpu_all: self.gpu_all.or(lower.gpu_all),
            cluster: self.cluster.or_else(|| lower.cluster.clone()),
            pod_security: self.pod_security.or(lower.pod_security),
            namespace_object: self.namespace_object.or(lower.namespace_object),
            kustomize: self.kustomize.or(lower.kustomize),
            without: [lower.without.clone(), self.without].concat(),
            mesh: self.mesh.or(lower.mesh.clone()),
            policy: self.policy.over(&lower.policy),
            environment: self.environment,
        }
    }
}

impl Policy {
    fn over(self, lower: &Self) -> Self {
        // What only a mesh does is not asked of another owner.
        let is_for_mesh = matches!(self.retries, None | Some(RetryOwner::Mesh));
        let retry = if self.retry.is_empty() && is_for_mesh { &lower.retry } else { &self.retry };
        Self {
            retry: retry.clone(),
            retry_times: self.retry_times.or(lower.retry_times.filter(|_| is_for_mesh)),
            retries: self.retries.or(lower.retries),
            circuit_breaking: self.circuit_breaking.or(lower.circuit_breaking),
            require_mtls: self.require_mtls.or(lower.require_mtls),
        }
    }
}

/// The options of a file, as the command line has them.
pub(crate) fn options() -> Vec<clap::Arg> {
    let of_command_line = ["document", "profile", "no-config"];
    let options = Settings::all_options().into_iter();
    options
        .filter(|option| option.get_long().is_some_and(|name| !of_command_line.contains(&name)))
        .collect()
}

/// What a command line begins with.
const PROGRAM: &str = "flowship";

/// Why the command line would not take this value of an option; `None` if it would.
pub(crate) fn refusal(option: &clap::Arg, value: &str) -> Option<String> {
    let name = option.get_long()?;
    if let Err(error) = Settings::try_parse_from([PROGRAM, &format!("--{name}={value}")]) {
        let possible = option.get_possible_values();
        let names: Vec<_> = possible.iter().map(clap::builder::PossibleValue::get_name).collect();
        let why = std::error::Error::source(&error).map(ToString::to_string);
        return Some(match (names.as_slice(), why) {
            ([], why) => why.unwrap_or_default(),
            (names, _) => format!("expected one of: {}", names.join(", ")),
        });
    }
    let is_level = ["allow", "warn", "deny"].contains(&name);
    let is_group = name == "deny" && value == crate::rules::WARNINGS;
    if is_level && !is_group {
        return crate::rules::find(value).err().map(|why| why.to_string());
    }
    None
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `true` or `false`.
    Switch,
    /// One value.
    Value,
    /// A list of values, or one.
    List,
    /// A table of names and values.
    Pairs,
}

impl Takes {
    pub(crate) fn of(option: &clap::Arg) -> Self {
        match option.get_long() {
            Some("image" | "set-context") => Self::Pairs,
            _ if option.is_require_equals_set() => Self::Switch,
            _ if matches!(option.get_action(), ArgAction::Append) => Self::List,
            _ => Self::Value,
        }
    }
}

/// Options whose values are paths, from the folder of the file on.
const PATHS: [&str; 3] = ["images", "env-file", "cluster"];

/// Whether the value of an option is such a path.
pub(super) fn is_path(name: &str, value: &str) -> bool {
    let is_name = name == "cluster" && ClusterProfile::NAMES.contains(&value);
    PATHS.contains(&name) && value != "-" && !is_name
}

/// The file for the Flow at `path`: in its folder, or the nearest one above.
fn find(path: &Path) -> Option<PathBuf> {
    let folder = flow_folder::of(path).ok()?;
    let file = folder.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())?;
    // Findings name it as the user would.
    let here = std::env::current_dir().unwrap_or_default();
    Some(file.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(file))
}
