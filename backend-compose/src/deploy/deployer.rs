//! The deployer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use flow_model::{
    Bundle, Change, ChangeKind, DeployError, Deployer, RequiredSecret, State, Status,
};
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::sleep;

use super::command::{self, Engine};
use super::report::{self, Container};
use crate::project::Project;

/// How often containers are looked at while they start.
const PERIOD: Duration = Duration::from_millis(500);

/// Runs a Flow as one project of Docker Compose.
#[derive(Debug)]
pub struct ComposeDeployer {
    engine: Engine,
    options: DeployOptions,
}

/// What the caller decides.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeployOptions {
    /// The project.
    pub project: Project,
    /// A delete takes the volumes as well, and with them what Executors keep in their workspaces.
    pub volumes: bool,
}

impl DeployOptions {
    /// A project whose volumes outlive it.
    pub fn new(project: Project) -> Self {
        Self { project, volumes: false }
    }
}

impl ComposeDeployer {
    /// A deployer of one project.
    pub fn new(engine: Engine, options: DeployOptions) -> Self {
        Self { engine, options }
    }

    /// Hands what the containers print to stdout: of these services, or of all; until they end
    /// where `follow` says so.
    ///
    /// # Errors
    ///
    /// When Docker cannot be reached or refuses.
    pub async fn logs(
        &self,
        bundle: &Bundle,
        services: &[String],
        follow: bool,
    ) -> Result<(), DeployError> {
        let file = File::of(bundle)?;
        let mut command = self.command(&["logs"], Some(&file));
        if follow {
            command.arg("--follow");
        }
        command.args(services);
        command.stdin(Stdio::piped()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
        let what = command::shown(&command);
        command::end(command::begin(command, &file.text).await?, &what).await?;
        Ok(())
    }

    /// A command of Compose. Where a file is given, its secrets need not be known: Compose reads
    /// the whole file whatever it is asked to do.
    fn command(&self, arguments: &[&str], without_secrets: Option<&File<'_>>) -> Command {
        let stdin = Path::new("-");
        let mut command = self.engine.compose(stdin, self.options.project.as_str(), arguments);
        for RequiredSecret { name, .. } in without_secrets.into_iter().flat_map(|file| file.secrets)
        {
            if std::env::var_os(name).is_none() {
                command.env(name, "unknown");
            }
        }
        command
    }

    async fn run(&self, command: Command, file: &File<'_>) -> Result<(), DeployError> {
        let what = command::shown(&command);
        let child = self.engine.begin(command, &file.text).await?;
        command::end(child, &what).await?;
        Ok(())
    }

    async fn containers(&self) -> Result<Vec<Container>, DeployError> {
        let mut command = Command::new("docker");
        command.args(["ps", "--all", "--no-trunc", "--format", report::FORMAT]);
        let project = self.options.project.as_str();
        for label in [format!("project={project}"), "oneoff=False".to_owned()] {
            command.args(["--filter", &format!("label=com.docker.compose.{label}")]);
        }
        Ok(report::read(&Engine::ask(command, "").await?))
    }

    /// Waits until all services are up, or one has failed.
    async fn watch(&self, file: &File<'_>) -> Result<(), DeployError> {
        loop {
            let mut containers = self.containers().await?;
            containers.retain(|container| file.services().any(|name| name == container.service));
            let statuses = report::statuses(file.services(), &containers);
            if let Some(failed) = statuses.iter().find(|status| status.state == State::Failed) {
                let (service, detail) = (&failed.object, &failed.detail);
                return Err(DeployError::new(format!(
                    "`{service}` does not come up ({detail}); its log says why"
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
        let file = File::of(bundle)?;
        if self.containers().await?.iter().any(|container| container.state == State::Failed) {
            // What has ended before would be taken for what has just ended.
            self.run(self.command(&["rm", "--force"], Some(&file)), &file).await?;
        }
        let up = self.command(&["up", "--detach", "--remove-orphans"], None);
        let up = self.run(up, &file);
        let watch = self.watch(&file);
        tokio::pin!(up, watch);
        // Compose itself waits for a service that has ended until it is healthy: for ever.
        tokio::select! {
            done = &mut up => {
                done?;
                watch.await
            }
            watched = &mut watch => {
                // What was up may have been what is about to be replaced.
                watched?;
                up.await?;
                self.watch(&file).await
            }
        }
    }

    async fn diff(&self, bundle: &Bundle) -> Result<Vec<Change>, DeployError> {
        let file = File::of(bundle)?;
        // docker-compose 1.29 reads the file twice for this, and stdin is there but once.
        let failed = |error| DeployError::new("a temporary file cannot be written").because(error);
        let mut written = NamedTempFile::new().map_err(failed)?;
        written.write_all(file.text.as_bytes()).map_err(failed)?;
        let project = self.options.project.as_str();
        let hashes = self.engine.compose(written.path(), project, &["config", "--hash", "*"]);
        let hashes = Engine::ask(hashes, "").await?;
        let mut wanted: BTreeMap<&str, &str> =
            hashes.lines().filter_map(|line| line.trim().split_once(' ')).collect();
        let mut changes = Vec::new();
        for Container { service, hash, .. } in self.containers().await? {
            let kind = match wanted.remove(service.as_str()) {
                None => ChangeKind::Delete,
                Some(wanted) if wanted.trim() != hash => ChangeKind::Update,
                Some(_) => continue,
            };
            changes.push(Change { object: service, kind });
        }
        let missing = wanted.into_keys().map(str::to_owned);
        changes.extend(missing.map(|object| Change { object, kind: ChangeKind::Create }));
        changes.sort();
        Ok(changes)
    }

    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError> {
        let file = File::of(bundle)?;
        Ok(report::statuses(file.services(), &self.containers().await?))
    }

    async fn delete(&self, bundle: &Bundle) -> Result<(), DeployError> {
        let file = File::of(bundle)?;
        let mut down = self.command(&["down", "--remove-orphans"], Some(&file));
        if self.options.volumes {
            down.arg("--volumes");
        }
        self.run(down, &file).await
    }
}

/// The file of a Bundle.
struct File<'a> {
    services: Vec<String>,
    secrets: &'a BTreeSet<RequiredSecret>,
    text: String,
}

impl<'a> File<'a> {
    fn of(bundle: &'a Bundle) -> Result<Self, DeployError> {
        let [file] = bundle.files.as_slice() else {
            return Err(DeployError::new("a Bundle for Docker Compose is one file"));
        };
        let [document] = file.documents() else {
            return Err(DeployError::new("a Compose file is one document"));
        };
        let failed = |error| DeployError::new("the Compose file cannot be written").because(error);
        let value = document.value();
        let services = value["services"].as_object().into_iter().flatten();
        Ok(Self {
            services: services.map(|(name, _)| name.clone()).collect(),
            secrets: &bundle.facts.secrets,
            text: file.to_text().map_err(failed)?,
        })
    }

    fn services(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(String::as_str)
    }
}
