//! The existing objects of a project, and their owners.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flow_model::DeployError;
use flow_model::deploy::{Redactor, State};

use super::command::{self, docker};
use crate::labels;
use crate::project::Project;

/// The identity of a Flow's containers, volumes and networks.
///
/// The project is like a namespace of a cluster: nothing outside it is considered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The Compose project.
    pub project: Project,
    /// The name of the Flow.
    pub flow: String,
    /// The folder of the Flow's file, an absolute path.
    pub folder: PathBuf,
}

/// One container of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) service: String,
    /// The hash of the configuration from which Compose created it.
    pub(super) hash: String,
    pub(super) state: State,
    /// It has ended and can be removed without being stopped.
    pub(super) has_ended: bool,
    /// Docker's description: `Up 5 seconds (healthy)`.
    pub(super) detail: String,
    /// It was created by `docker compose run`, and belongs to no service.
    pub(super) is_one_off: bool,
    pub(super) role: String,
    flow: String,
    folder: String,
}

/// One volume, or one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) name: String,
    project: String,
    flow: String,
    pub(super) folder: String,
}

/// The existing objects of a project, and objects outside it that have a name that the Flow needs.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) containers: Vec<Container>,
    pub(super) volumes: Vec<Thing>,
    pub(super) networks: Vec<Thing>,
}

impl Identity {
    /// The name that Compose gives to a volume or a network of the project.
    pub(super) fn full_name(&self, key: &str) -> String {
        format!("{}_{key}", self.project)
    }

    pub(super) fn has_container(&self, container: &Container) -> bool {
        container.flow == self.flow && self.is_here(&container.folder)
    }

    /// True if a volume belongs to this Flow. A volume that another program created from an
    /// exported file has no label with the folder.
    pub(super) fn has_volume(&self, volume: &Thing) -> bool {
        volume.project == self.project.as_str()
            && volume.flow == self.flow
            && (volume.folder.is_empty() || self.is_here(&volume.folder))
    }

    pub(super) fn has_network(&self, network: &Thing) -> bool {
        network.project == self.project.as_str() && network.flow == self.flow
    }

    /// True if a folder is the Flow's, or does not exist any more: then the Flow was moved.
    fn is_here(&self, folder: &str) -> bool {
        let folder = Path::new(folder);
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        folder == self.folder
            || real(folder).is_none_or(|folder| Some(folder) == real(&self.folder))
    }
}

impl Survey {
    /// Lists all containers of the project, and volumes and networks of the project or with these
    /// names.
    pub(super) async fn of(
        identity: &Identity,
        volumes: &BTreeSet<String>,
        networks: &BTreeSet<String>,
        redactor: &Redactor,
    ) -> Result<Self, DeployError> {
        let project = identity.project.as_str();
        let mut all = things("volume", redactor).await?;
        all.retain(|volume| volume.project == project || volumes.contains(&volume.name));
        let mut nets = things("network", redactor).await?;
        // A network of the project that the Flow does not need is not in its way.
        nets.retain(|network| identity.has_network(network) || networks.contains(&network.name));
        let containers = containers(project, redactor).await?;
        Ok(Self { containers, volumes: all, networks: nets })
    }

    /// The names of containers, volumes and networks in the way of a Flow that belong to others.
    pub(super) fn foreign(&self, identity: &Identity) -> Vec<String> {
        let containers = self.containers.iter().filter(|one| !identity.has_container(one));
        let volumes = self.volumes.iter().filter(|one| !identity.has_volume(one));
        let networks = self.networks.iter().filter(|one| !identity.has_network(one));
        let names = containers.map(|one| format!("container {}", one.name));
        let names = names.chain(volumes.map(|one| format!("volume {}", one.name)));
        let mut names: Vec<_> =
            names.chain(networks.map(|one| format!("network {}", one.name))).collect();
        names.sort();
        names
    }
}

/// A label that Compose sets itself.
const PROJECT: &str = "com.docker.compose.project";
const SERVICE: &str = "com.docker.compose.service";
const HASH: &str = "com.docker.compose.config-hash";
const ONE_OFF: &str = "com.docker.compose.oneoff";
const WORKING_DIR: &str = "com.docker.compose.project.working_dir";

/// The containers of a project, sorted by service.
async fn containers(project: &str, redactor: &Redactor) -> Result<Vec<Container>, DeployError> {
    let mut command = docker(&["ps", "--all", "--no-trunc"]);
    command.args(["--filter", &format!("label={PROJECT}={project}")]);
    let columns = [".Names", ".State", ".Status"].map(str::to_owned);
    let labels = [SERVICE, HASH, ONE_OFF, labels::ROLE, labels::FLOW, WORKING_DIR].map(label);
    command.arg("--format").arg(format(columns.into_iter().chain(labels)));
    let text = command::ask(command, "", redactor).await?;
    let mut containers: Vec<_> = text.lines().filter_map(container).collect();
    containers.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
    Ok(containers)
}

/// All volumes, or all networks.
async fn things(kind: &str, redactor: &Redactor) -> Result<Vec<Thing>, DeployError> {
    let mut command = docker(&[kind, "ls"]);
    let labels = [PROJECT, labels::FLOW, labels::FOLDER].map(label);
    command.arg("--format").arg(format(std::iter::once(".Name".to_owned()).chain(labels)));
    let text = command::ask(command, "", redactor).await?;
    let thing = |line| {
        let [name, project, flow, folder] = columns(line)?;
        Some(Thing { name, project, flow, folder })
    };
    Ok(text.lines().filter_map(thing).collect())
}

/// A column with the value of a label.
fn label(name: &str) -> String {
    format!("(.Label \"{name}\")")
}

/// A format for Docker: columns of JSON, which contains neither tabs nor line breaks.
fn format(columns: impl Iterator<Item = String>) -> String {
    let columns: Vec<_> = columns.map(|column| format!("{{{{json {column}}}}}")).collect();
    columns.join("\t")
}

fn columns<const N: usize>(line: &str) -> Option<[String; N]> {
    let columns = line.split('\t').map(|column| serde_json::from_str(column).ok());
    columns.collect::<Option<Vec<String>>>()?.try_into().ok()
}

fn container(line: &str) -> Option<Container> {
    let [name, state, detail, service, hash, one_off, role, flow, folder] = columns(line)?;
    let has_ended = matches!(state.as_str(), "exited" | "dead");
    let state = match state.as_str() {
        "running" if detail.ends_with("(healthy)") => State::Up,
        "running" if detail.ends_with("(unhealthy)") => State::Failed,
        "created" | "running" | "restarting" => State::Starting,
        _ => State::Failed,
    };
    let is_one_off = one_off.eq_ignore_ascii_case("true");
    Some(Container {
        name,
        service,
        hash,
        state,
        has_ended,
        detail,
        is_one_off,
        role,
        flow,
        folder,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::PathBuf;

    use flow_model::deploy::State;

    use super::{Container, Identity, Survey, Thing, columns, container};
    use crate::project::Project;

    /// A container as `docker ps` shows it.
    pub(in crate::deploy) fn line(
        service: &str,
        state: &str,
        status: &str,
        folder: &str,
    ) -> String {
        let name = format!("app-{service}-1");
        let columns = [&name, state, status, service, "h", "False", "worker", "flow", folder];
        columns.map(|column| serde_json::to_string(column).unwrap_or_default()).join("\t")
    }

    fn identity(folder: &str) -> Option<Identity> {
        let project = Project::of_folder("app")?;
        Some(Identity { project, flow: "flow".to_owned(), folder: PathBuf::from(folder) })
    }

    #[test]
    fn states_are_read_from_dockers_words() {
        for (state, status, expected, has_ended) in [
            ("running", "Up 5 seconds (healthy)", State::Up, false),
            ("running", "Up 2 seconds (health: starting)", State::Starting, false),
            ("exited", "Exited (1) 3 seconds ago", State::Failed, true),
            ("running", "Up 5 minutes (unhealthy)", State::Failed, false),
            ("restarting", "Restarting (1) 1 second ago", State::Starting, false),
            ("created", "Created", State::Starting, false),
        ] {
            let read = container(&line("a", state, status, "/x"));
            let read = read.map(|container| (container.state, container.has_ended));
            assert_eq!(read, Some((expected, has_ended)), "{status}");
        }
        assert_eq!(container("nonsense"), None);
        assert_eq!(columns::<1>("\"a\\tb\""), Some(["a\tb".to_owned()]));
    }

    /// Objects of the project with the Flow's name belong to it if they were created in its folder
    /// or in a folder that does not exist any more.
    #[test]
    fn a_flow_knows_its_own() {
        let here = std::env::temp_dir();
        let other = here.parent().unwrap_or(&here).to_string_lossy().into_owned();
        let here = here.to_string_lossy().into_owned();
        let Some(identity) = identity(&here) else { panic!("`app` is a project") };
        for (flow, folder, expected) in [
            ("flow", here.as_str(), true),
            ("flow", "/there/is/no/such/folder", true),
            ("flow", other.as_str(), false),
            ("other", here.as_str(), false),
            ("", here.as_str(), false),
        ] {
            let container = container(&line("a", "running", "Up", folder));
            let container = container.map(|one| Container { flow: flow.to_owned(), ..one });
            let is_own = container.as_ref().map(|container| identity.has_container(container));
            assert_eq!(is_own, Some(expected), "{flow} {folder}");
            let thing = |project: &str| Thing {
                name: "app_x".to_owned(),
                project: project.to_owned(),
                flow: flow.to_owned(),
                folder: folder.to_owned(),
            };
            assert_eq!(identity.has_volume(&thing("app")), expected, "{flow} {folder}");
            assert!(!identity.has_volume(&thing("apps")));
            let survey = Survey {
                containers: container.into_iter().collect(),
                volumes: vec![thing("app"), thing("")],
                networks: Vec::new(),
            };
            let mut foreign = vec!["volume app_x"];
            if !expected {
                foreign = vec!["container app-a-1", "volume app_x", "volume app_x"];
            }
            assert_eq!(survey.foreign(&identity), foreign, "{flow} {folder}");
        }
    }
}
