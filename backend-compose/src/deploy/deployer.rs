//! The deployer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use flow_model::deploy::{
    ApplyOptions, Change, ChangeKind, Event, FOREIGN_OBJECT, Left, NOT_STARTED, Observer, Outcome,
    Redactor, State, Status, Step, VARIABLE_NOT_SET,
};
use flow_model::{Bundle, DeployError, Deployer, Diagnostic, FlowId, Origins};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::sleep;

use super::command::{self, Engine, docker};
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
    async fn remove(&self, observer: &dyn Observer) -> Result<Outcome, DeployError> {
        let survey = self.survey(None).await?;
        let identity = &self.options.identity;
        let containers: Vec<_> =
            survey.containers.iter().filter(|one| identity.has_container(one)).collect();
        self.remove_containers(&containers, observer).await?;
        let mut removed: Vec<_> = containers.iter().map(|one| ("container", &one.name)).collect();
        let mut outcome = Outcome::default();
        // Other containers of the project use its networks.
        if containers.len() == survey.containers.len() {
            for network in survey.networks.iter().filter(|one| identity.has_network(one)) {
                self.run(docker(&["network", "rm", &network.name]), observer).await?;
                removed.push(("network", &network.name));
            }
        }
        for volume in survey.volumes.iter().filter(|one| identity.has_volume(one)) {
            if self.options.volumes {
                self.run(docker(&["volume", "rm", &volume.name]), observer).await?;
                removed.push(("volume", &volume.name));
            } else {
                let object = report::object(&identity.project, "volume", &volume.name);
                outcome.left.push(Left { object, why: "volumes contain data".to_owned() });
            }
        }
        outcome.changes = changes(removed.into_iter().map(|(kind, name)| {
            let object = report::object(&identity.project, kind, name);
            Change::new(object, ChangeKind::Delete)
        }));
        Ok(outcome)
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
    async fn remove_containers(
        &self,
        containers: &[&Container],
        observer: &dyn Observer,
    ) -> Result<(), DeployError> {
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
                self.run_on(&["stop"], &running, observer).await?;
            }
            let all = names(&mut group.iter());
            if !all.is_empty() {
                let anonymous_too = ["rm", "--volumes"];
                let arguments = if self.options.volumes { &anonymous_too[..] } else { &["rm"] };
                self.run_on(arguments, &all, observer).await?;
            }
        }
        Ok(())
    }

    async fn run_on(
        &self,
        arguments: &[&str],
        names: &[String],
        observer: &dyn Observer,
    ) -> Result<(), DeployError> {
        let mut command = docker(arguments);
        command.args(names);
        let word = if arguments[0] == "stop" { "Stopping" } else { "Removing" };
        for name in names {
            observer.event(Event::Output(&format!("{word} {name}")));
        }
        // The output only repeats the names.
        command::ask(command, "", &self.redactor).await.map(drop)
    }

    async fn run(&self, command: Command, observer: &dyn Observer) -> Result<(), DeployError> {
        let words = command.as_std().get_args().map(|word| word.to_string_lossy().into_owned());
        let words: Vec<_> = words.collect();
        if let [kind, _, name] = words.as_slice() {
            observer.event(Event::Output(&format!("Removing {kind} {name}")));
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

    /// The existing objects; `None` if something prevents a start, which is then a finding.
    async fn check(
        &self,
        bundle: &Bundle,
        outcome: &mut Outcome,
    ) -> Result<Option<Survey>, DeployError> {
        outcome.findings.extend(self.check_variables(bundle));
        if outcome.findings.has_errors() {
            return Ok(None);
        }
        let survey = self.survey(Some(bundle)).await?;
        outcome.findings.extend(self.check_foreign(&survey));
        Ok(if outcome.findings.has_errors() { None } else { Some(survey) })
    }

    /// Variables that are not set. Compose is not called without them: its message would print the
    /// values of all others.
    fn check_variables(&self, bundle: &Bundle) -> Option<Diagnostic> {
        let names: Vec<_> = self.unset(bundle).iter().map(|name| format!("`{name}`")).collect();
        let message = match names.as_slice() {
            [] => return None,
            [one] => format!("environment variable {one} is not set"),
            all => format!("environment variables {} are not set", all.join(", ")),
        };
        Some(Diagnostic::new(&VARIABLE_NOT_SET, message))
    }

    /// Objects in the way that belong to somebody else.
    fn check_foreign(&self, survey: &Survey) -> Option<Diagnostic> {
        let identity = &self.options.identity;
        let foreign = survey.foreign(identity);
        let message = format!(
            "the Compose project `{}` contains objects that this Flow did not create: {}; pass \
             `--project-name NAME` to run the Flow as another project",
            identity.project,
            foreign.join(", ")
        );
        (!foreign.is_empty()).then(|| Diagnostic::new(&FOREIGN_OBJECT, message))
    }

    /// Waits until all services are up or one has failed. After Compose has ended, a service
    /// without a container has failed too.
    async fn watch(
        &self,
        file: &File<'_>,
        has_ended: bool,
        observer: &dyn Observer,
    ) -> Result<Watched, DeployError> {
        let is_failure =
            |state: State| state == State::Failed || state == State::Missing && has_ended;
        let mut last = Vec::new();
        loop {
            let survey = self.survey(None).await?;
            let mut containers = self.own(&survey);
            containers.retain(|container| file.services().any(|name| name == container.service));
            let project = &self.options.identity.project;
            let statuses = report::statuses(project, file.services(), &containers);
            if statuses != last {
                observer.event(Event::Waiting(&statuses));
                last.clone_from(&statuses);
            }
            if let Some(failed) = statuses.iter().find(|status| is_failure(status.state)) {
                let (service, detail) = (&failed.object.name, &failed.detail);
                let detail = if detail.is_empty() { "it has no container" } else { detail };
                let message = format!("`{service}` does not start ({detail}); see its log");
                let pointer = format!("/services/{}", flow_model::pointer_token(service));
                let culprit = Diagnostic::new(&NOT_STARTED, message)
                    .at(file.origins.find(&pointer), "defined here")
                    .help(format!("run `flowship logs FLOW {service}`"));
                observer.event(Event::Culprit(&culprit));
                return Ok(Watched { statuses, culprit: Some(culprit) });
            }
            if statuses.iter().all(|status| status.state == State::Up) {
                return Ok(Watched { statuses, culprit: None });
            }
            sleep(PERIOD).await;
        }
    }

    /// Starts the services, and watches them.
    async fn start(
        &self,
        file: &File<'_>,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Watched, DeployError> {
        let up = self.command(Path::new("-"), &["up", "--detach"], None);
        let up = command::run(up, &file.text, &self.redactor, observer);
        if !options.wait {
            up.await?;
            return Ok(Watched::default());
        }
        let watch = self.watch(file, false, observer);
        tokio::pin!(up, watch);
        // Compose itself would wait forever for a stopped service to become healthy.
        tokio::select! {
            done = &mut up => {
                done?;
                self.watch(file, true, observer).await
            }
            watched = &mut watch => {
                // The containers that were up may be the ones that Compose is about to replace.
                let watched = watched?;
                if watched.culprit.is_some() {
                    return Ok(watched);
                }
                up.await?;
                self.watch(file, true, observer).await
            }
        }
    }
}

/// The services at the end of a start.
#[derive(Debug, Default)]
struct Watched {
    statuses: Vec<Status>,
    culprit: Option<Diagnostic>,
}

#[async_trait]
impl Deployer for ComposeDeployer {
    fn name(&self) -> &'static str {
        "Docker Compose"
    }

    /// Compose has nothing to adopt or to take over, so these options have no effect. It prints the
    /// changes itself, so the outcome contains none.
    async fn apply(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        if options.dry_run {
            return self.diff(bundle, options, observer).await;
        }
        let mut outcome = Outcome::default();
        let Some(survey) = self.check(bundle, &mut outcome).await? else { return Ok(outcome) };
        let file = File::of(bundle, &self.options.identity, &survey)?;
        let is_garbage = |one: &Container| !file.services().any(|name| name == one.service);
        // Containers that ended earlier are not failures of this start.
        let is_old = |one: &&Container| one.has_ended || options.prune && is_garbage(one);
        let old: Vec<_> = self.own(&survey).into_iter().filter(is_old).collect();
        self.remove_containers(&old, observer).await?;
        observer.event(Event::Step(Step::Wait { workloads: file.services().count() }));
        let start = self.start(&file, options, observer);
        let watched = match options.timeout {
            Some(timeout) => tokio::time::timeout(timeout, start).await.unwrap_or_else(|_| {
                let message = format!("the Flow is not up after {} s", timeout.as_secs());
                let culprit = Some(Diagnostic::new(&NOT_STARTED, message));
                Ok(Watched { culprit, ..Watched::default() })
            })?,
            None => start.await?,
        };
        outcome.statuses = watched.statuses;
        outcome.findings.extend(watched.culprit);
        Ok(outcome)
    }

    async fn diff(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        _observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        let mut outcome = Outcome::default();
        outcome.findings.extend(self.check_variables(bundle));
        if outcome.findings.has_errors() {
            return Ok(outcome);
        }
        let survey = self.survey(Some(bundle)).await?;
        outcome.findings.extend(self.check_foreign(&survey));
        let identity = &self.options.identity;
        let file = File::of(bundle, identity, &survey)?;
        // docker-compose 1.29 reads the file twice for this command, and stdin can be read only
        // once.
        let failed = |error| DeployError::new("a temporary file cannot be written").because(error);
        let mut written = NamedTempFile::new().map_err(failed)?;
        written.write_all(file.text.as_bytes()).map_err(failed)?;
        let hashes = self.command(written.path(), &["config", "--hash", "*"], None);
        let hashes = command::ask(hashes, "", &self.redactor).await?;
        let mut wanted: BTreeMap<&str, &str> =
            hashes.lines().filter_map(|line| line.trim().split_once(' ')).collect();
        let change = |service: &str, kind| {
            let pointer = format!("/services/{}", flow_model::pointer_token(service));
            let mut change = Change::new(report::service(&identity.project, service), kind);
            change.span = file.origins.find(&pointer);
            change
        };
        let mut found = Vec::new();
        for Container { service, hash, .. } in self.own(&survey) {
            match wanted.remove(service.as_str()) {
                None if options.prune => found.push(change(service, ChangeKind::Delete)),
                None => outcome.left.push(Left {
                    object: report::service(&identity.project, service),
                    why: "it is not in the Flow".to_owned(),
                }),
                Some(wanted) if wanted.trim() != hash => {
                    found.push(change(service, ChangeKind::Update));
                }
                Some(_) => {}
            }
        }
        found.extend(wanted.into_keys().map(|service| change(service, ChangeKind::Create)));
        outcome.changes = changes(found);
        Ok(outcome)
    }

    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError> {
        let survey = self.survey(None).await?;
        let document = if bundle.files.is_empty() { None } else { Some(document(bundle)?) };
        let value = document.map(flow_model::Document::value).unwrap_or_default();
        let services = value["services"].as_object().into_iter().flatten();
        let services = services.map(|(name, _)| name.as_str());
        let project = &self.options.identity.project;
        Ok(report::statuses(project, services, &self.own(&survey)))
    }

    /// Deletes the Flow of [`DeployOptions::identity`].
    async fn delete(
        &self,
        _flow: &FlowId,
        _options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        self.remove(observer).await
    }
}

/// Changes, sorted by object.
fn changes(changes: impl IntoIterator<Item = Change>) -> Vec<Change> {
    let mut changes: Vec<_> = changes.into_iter().collect();
    changes.sort_by(|a, b| (&a.object, a.kind).cmp(&(&b.object, b.kind)));
    changes
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
struct File<'a> {
    value: Value,
    text: String,
    origins: &'a Origins,
}

impl<'a> File<'a> {
    /// Labels each volume with the Flow's folder. An existing volume keeps its label, because
    /// Compose would recreate a volume whose labels differ.
    fn of(bundle: &'a Bundle, identity: &Identity, survey: &Survey) -> Result<Self, DeployError> {
        let document = document(bundle)?;
        let mut value = document.value();
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
        Ok(Self { value, text, origins: &document.origins })
    }

    fn services(&self) -> impl Iterator<Item = &str> {
        let services = self.value["services"].as_object();
        services.into_iter().flatten().map(|(name, _)| name.as_str())
    }
}
