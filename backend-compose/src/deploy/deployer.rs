//! The deployer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use flow_model::{Bundle, Change, ChangeKind, DeployError, Deployer, State, Status};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::sleep;

use super::command::{self, Engine, docker};
use super::redact::Redactor;
use super::report;
use super::survey::{Container, Identity, Survey};
use crate::labels;

/// The interval at which starting containers are checked.
const PERIOD: Duration = Duration::from_millis(500);

/// Runs a Flow as one project of Docker Compose.
#[derive(Debug)]
pub struct ComposeDeployer {
    engine: Engine,
    options: DeployOptions,
    redactor: Redactor,
}

/// Options of a deployer.
#[derive(Clone)]
#[non_exhaustive]
pub struct DeployOptions {
    /// The identity of the Flow's containers and volumes.
    pub identity: Identity,
    /// Values of the variables that the file refers to. Compose takes the others from the
    /// environment.
    pub variables: BTreeMap<String, String>,
    /// More values to hide, each with the name of its variable.
    pub hidden: Vec<(String, String)>,
    /// Whether a delete also removes the volumes, including the Executors' workspaces.
    pub volumes: bool,
}

/// Without values, which may be secrets.
impl std::fmt::Debug for DeployOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeployOptions")
            .field("identity", &self.identity)
            .field("variables", &self.variables.keys())
            .field("hidden", &self.hidden.len())
            .field("volumes", &self.volumes)
            .finish()
    }
}

/// Which logs are printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOptions {
    /// Go on until the containers end.
    pub follow: bool,
    /// How many of the last lines of each service, or `all`.
    pub tail: Option<String>,
    /// Since when, as Docker reads it: a time, or a duration such as `10m`.
    pub since: Option<String>,
}

/// The number of removed containers and volumes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// The number of containers.
    pub containers: usize,
    /// The number of volumes.
    pub volumes: usize,
}

impl DeployOptions {
    /// Options with which a delete keeps the volumes.
    pub fn new(identity: Identity) -> Self {
        Self { identity, variables: BTreeMap::new(), hidden: Vec::new(), volumes: false }
    }
}

impl ComposeDeployer {
    /// A deployer of one Flow.
    pub fn new(engine: Engine, options: DeployOptions) -> Self {
        let hidden = options.hidden.iter().map(|(name, value)| (name, value));
        let values = options.variables.iter().chain(hidden);
        let redactor = Redactor::new(values.map(|(name, value)| (name.as_str(), value.as_str())));
        Self { engine, options, redactor }
    }

    /// The variables that a Bundle needs and that are not set, sorted.
    pub fn unset<'a>(&self, bundle: &'a Bundle) -> Vec<&'a str> {
        let names = bundle.facts.secrets.iter().map(|secret| secret.name.as_str());
        let is_unset = |name: &&str| match self.options.variables.get(*name) {
            Some(value) => value.is_empty(),
            None => std::env::var_os(name).is_none_or(|value| value.is_empty()),
        };
        names.filter(is_unset).collect()
    }

    /// Containers, volumes and networks in the way of a Bundle that do not belong to this Flow,
    /// sorted. If there are any, [`Deployer::apply`] changes nothing.
    ///
    /// # Errors
    ///
    /// When Docker cannot be reached.
    pub async fn foreign(&self, bundle: &Bundle) -> Result<Vec<String>, DeployError> {
        Ok(self.survey(Some(bundle)).await?.foreign(&self.options.identity))
    }

    /// Prints the logs of these services, or of all, to stdout. Returns false if there is no container.
    ///
    /// # Errors
    ///
    /// When Docker cannot be reached or refuses.
    pub async fn logs(&self, services: &[String], which: &LogOptions) -> Result<bool, DeployError> {
        let survey = self.survey(None).await?;
        let mut stubs = serde_json::Map::new();
        for container in self.own(&survey) {
            // Compose needs a file with the names of the services, and nothing else.
            stubs.insert(container.service.clone(), serde_json::json!({"image": "scratch"}));
        }
        if stubs.is_empty() {
            return Ok(false);
        }
        let unknown: Vec<_> =
            services.iter().filter(|name| !stubs.contains_key(*name)).map(String::as_str).collect();
        if !unknown.is_empty() {
            return Err(DeployError::new(format!("no such service: {}", unknown.join(", "))));
        }
        let file = serde_json::json!({ "services": stubs }).to_string();
        // The output of containers is not redacted. Compose gets no variables, so it cannot print
        // them.
        let failed = |error| DeployError::new("a temporary file cannot be written").because(error);
        let no_variables = NamedTempFile::new().map_err(failed)?;
        let mut command = self.command(Path::new("-"), &["logs"], Some(no_variables.path()));
        if which.follow {
            command.arg("--follow");
        }
        for (option, value) in [("--tail", &which.tail), ("--since", &which.since)] {
            if let Some(value) = value {
                command.arg(format!("{option}={value}"));
            }
        }
        command.args(services);
        command::print(command, &file).await?;
        Ok(true)
    }

    /// Removes everything that belongs to the Flow, and nothing else. Stops the gateway first, so
    /// that calls can finish.
    ///
    /// # Errors
    ///
    /// When Docker cannot be reached or refuses.
    pub async fn remove(&self) -> Result<Removed, DeployError> {
        let survey = self.survey(None).await?;
        let identity = &self.options.identity;
        let containers: Vec<_> =
            survey.containers.iter().filter(|one| identity.has_container(one)).collect();
        self.remove_containers(&containers).await?;
        // Other containers of the project use its networks.
        if containers.len() == survey.containers.len() {
            for network in survey.networks.iter().filter(|one| identity.has_network(one)) {
                self.run(docker(&["network", "rm", &network.name])).await?;
            }
        }
        let mut removed = Removed { containers: containers.len(), volumes: 0 };
        if self.options.volumes {
            for volume in survey.volumes.iter().filter(|one| identity.has_volume(one)) {
                self.run(docker(&["volume", "rm", &volume.name])).await?;
                removed.volumes += 1;
            }
        }
        Ok(removed)
    }

    /// The containers of the Flow's services.
    fn own<'a>(&self, survey: &'a Survey) -> Vec<&'a Container> {
        let identity = &self.options.identity;
        let is_own = |one: &&Container| identity.has_container(one) && !one.is_one_off;
        survey.containers.iter().filter(is_own).collect()
    }

    /// The existing objects. The Bundle contains the names that the Flow needs.
    async fn survey(&self, bundle: Option<&Bundle>) -> Result<Survey, DeployError> {
        let identity = &self.options.identity;
        let document = bundle.map(document).transpose()?;
        let value = document.map(flow_model::Document::value).unwrap_or_default();
        let names = |kind: &str| -> BTreeSet<String> {
            let things = value[kind].as_object().into_iter().flatten();
            things.map(|(key, _)| identity.full_name(key)).collect()
        };
        Survey::of(identity, &names("volumes"), &names("networks"), &self.redactor).await
    }

    /// Stops containers, callers before those that they call, and removes them.
    async fn remove_containers(&self, containers: &[&Container]) -> Result<(), DeployError> {
        let is_caller = |container: &&&Container, role: &str| container.role == role;
        let (gateways, others): (Vec<_>, Vec<_>) =
            containers.iter().partition(|one| is_caller(one, "gateway"));
        let (heads, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|one: &&Container| one.role == "head");
        for group in [gateways, heads, others] {
            let names = |of: &mut dyn Iterator<Item = &&Container>| -> Vec<String> {
                of.map(|container| container.name.clone()).collect()
            };
            let running = names(&mut group.iter().filter(|container| !container.has_ended));
            if !running.is_empty() {
                self.run_on(&["stop"], &running).await?;
            }
            let all = names(&mut group.iter());
            if !all.is_empty() {
                let anonymous_too = ["rm", "--volumes"];
                let arguments = if self.options.volumes { &anonymous_too[..] } else { &["rm"] };
                self.run_on(arguments, &all).await?;
            }
        }
        Ok(())
    }

    async fn run_on(&self, arguments: &[&str], names: &[String]) -> Result<(), DeployError> {
        let mut command = docker(arguments);
        command.args(names);
        let word = if arguments[0] == "stop" { "Stopping" } else { "Removing" };
        for name in names {
            self.engine.say(&format!("{word} {name}"));
        }
        // The output only repeats the names.
        command::ask(command, "", &self.redactor).await.map(drop)
    }

    async fn run(&self, command: Command) -> Result<(), DeployError> {
        let words = command.as_std().get_args().map(|word| word.to_string_lossy().into_owned());
        let words: Vec<_> = words.collect();
        if let [kind, _, name] = words.as_slice() {
            self.engine.say(&format!("Removing {kind} {name}"));
        }
        command::ask(command, "", &self.redactor).await.map(drop)
    }

    /// A command of Compose with the values of the variables. `env_file` is read instead of `.env`.
    fn command(&self, file: &Path, arguments: &[&str], env_file: Option<&Path>) -> Command {
        let Identity { project, folder, .. } = &self.options.identity;
        let mut command = self.engine.compose(file, folder, project.as_str(), arguments, env_file);
        command.envs(&self.options.variables);
        command
    }

    /// Fails if a variable is not set: the message of Compose would print the values of all others.
    fn check_variables(&self, bundle: &Bundle) -> Result<(), DeployError> {
        let unset = self.unset(bundle);
        let names: Vec<_> = unset.iter().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => Ok(()),
            [one] => Err(DeployError::new(format!("environment variable {one} is not set"))),
            all => {
                let all = all.join(", ");
                Err(DeployError::new(format!("environment variables {all} are not set")))
            }
        }
    }

    /// Waits until all services are up or one has failed. After Compose has ended, a service
    /// without a container has failed too.
    async fn watch(&self, file: &File, has_ended: bool) -> Result<(), DeployError> {
        let is_failure =
            |state: State| state == State::Failed || state == State::Missing && has_ended;
        loop {
            let survey = self.survey(None).await?;
            let mut containers = self.own(&survey);
            containers.retain(|container| file.services().any(|name| name == container.service));
            let statuses = report::statuses(file.services(), &containers);
            if let Some(failed) = statuses.iter().find(|status| is_failure(status.state)) {
                let (service, detail) = (&failed.object, &failed.detail);
                let detail = if detail.is_empty() { "it has no container" } else { detail };
                return Err(DeployError::new(format!(
                    "`{service}` does not start ({detail}); see its log"
                )));
            }
            if statuses.iter().all(|status| status.state == State::Up) {
                return Ok(());
            }
            sleep(PERIOD).await;
        }
    }
}

#[async_trait]
impl Deployer for ComposeDeployer {
    fn name(&self) -> &'static str {
        "Docker Compose"
    }

    async fn apply(&self, bundle: &Bundle) -> Result<(), DeployError> {
        self.check_variables(bundle)?;
        let identity = &self.options.identity;
        let survey = self.survey(Some(bundle)).await?;
        let foreign = survey.foreign(identity);
        if !foreign.is_empty() {
            return Err(DeployError::new(format!(
                "the Compose project `{}` contains objects that this Flow did not create: {}",
                identity.project,
                foreign.join(", ")
            )));
        }
        let file = File::of(bundle, identity, &survey)?;
        let is_old = |one: &&Container| {
            // Containers that ended earlier are not failures of this start.
            one.has_ended || !file.services().any(|name| name == one.service)
        };
        let old: Vec<_> = self.own(&survey).into_iter().filter(is_old).collect();
        self.remove_containers(&old).await?;
        let up = self.command(Path::new("-"), &["up", "--detach"], None);
        let up = self.engine.run(up, &file.text, &self.redactor);
        let watch = self.watch(&file, false);
        tokio::pin!(up, watch);
        // Compose itself would wait forever for a stopped service to become healthy.
        tokio::select! {
            done = &mut up => {
                done?;
                self.watch(&file, true).await
            }
            watched = &mut watch => {
                // The containers that were up may be the ones that Compose is about to replace.
                watched?;
                up.await?;
                self.watch(&file, true).await
            }
        }
    }

    async fn diff(&self, bundle: &Bundle) -> Result<Vec<Change>, DeployError> {
        self.check_variables(bundle)?;
        let survey = self.survey(Some(bundle)).await?;
        let file = File::of(bundle, &self.options.identity, &survey)?;
        // docker-compose 1.29 reads the file twice for this command, and stdin can be read only
        // once.
        let failed = |error| DeployError::new("a temporary file cannot be written").because(error);
        let mut written = NamedTempFile::new().map_err(failed)?;
        written.write_all(file.text.as_bytes()).map_err(failed)?;
        let hashes = self.command(written.path(), &["config", "--hash", "*"], None);
        let hashes = command::ask(hashes, "", &self.redactor).await?;
        let mut wanted: BTreeMap<&str, &str> =
            hashes.lines().filter_map(|line| line.trim().split_once(' ')).collect();
        let mut changes = Vec::new();
        for Container { service, hash, .. } in self.own(&survey) {
            let kind = match wanted.remove(service.as_str()) {
                None => ChangeKind::Delete,
                Some(wanted) if wanted.trim() != hash => ChangeKind::Update,
                Some(_) => continue,
            };
            changes.push(Change { object: service.clone(), kind });
        }
        let missing = wanted.into_keys().map(str::to_owned);
        changes.extend(missing.map(|object| Change { object, kind: ChangeKind::Create }));
        changes.sort();
        Ok(changes)
    }

    /// Without files, a Bundle does not say what should exist.
    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError> {
        let survey = self.survey(None).await?;
        let document = if bundle.files.is_empty() { None } else { Some(document(bundle)?) };
        let value = document.map(flow_model::Document::value).unwrap_or_default();
        let services = value["services"].as_object().into_iter().flatten();
        let services = services.map(|(name, _)| name.as_str());
        Ok(report::statuses(services, &self.own(&survey)))
    }

    async fn delete(&self, _bundle: &Bundle) -> Result<(), DeployError> {
        self.remove().await.map(drop)
    }
}

/// The one document of a Bundle.
fn document(bundle: &Bundle) -> Result<&flow_model::Document, DeployError> {
    let [file] = bundle.files.as_slice() else {
        return Err(DeployError::new("a Bundle for Docker Compose is one file"));
    };
    let [document] = file.documents() else {
        return Err(DeployError::new("a Compose file is one document"));
    };
    Ok(document)
}

/// The file of a Bundle as this machine runs it.
struct File {
    value: Value,
    text: String,
}

impl File {
    /// Labels each volume with the Flow's folder. An existing volume keeps its label, because
    /// Compose would recreate a volume whose labels differ.
    fn of(bundle: &Bundle, identity: &Identity, survey: &Survey) -> Result<Self, DeployError> {
        let mut value = document(bundle)?.value();
        let folder = identity.folder.to_string_lossy();
        // Not by index, which would write `volumes: null` if there are none.
        let volumes = value.get_mut("volumes").and_then(Value::as_object_mut);
        for (key, volume) in volumes.into_iter().flatten() {
            let name = identity.full_name(key);
            let there = survey.volumes.iter().find(|volume| volume.name == name);
            let folder = there.map_or(&*folder, |volume| &volume.folder);
            if !folder.is_empty() {
                volume["labels"][labels::FOLDER] = folder.replace('$', "$$").into();
            }
        }
        // JSON is YAML, and Compose reads it.
        let text = value.to_string();
        Ok(Self { value, text })
    }

    fn services(&self) -> impl Iterator<Item = &str> {
        let services = self.value["services"].as_object();
        services.into_iter().flatten().map(|(name, _)| name.as_str())
    }
}
