//! The commands of Docker.

use std::path::Path;
use std::process::{Output, Stdio};

use flow_model::DeployError;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

/// How commands of Docker are called, and where what they say goes.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The words of Compose.
    compose: Vec<&'static str>,
    words: Words,
}

/// Where goes what Docker says while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// To stderr, as it comes.
    Stderr,
    /// Into the error, where there is one.
    Error,
}

/// Compose as a plugin of Docker, and as the program that came before.
const SPELLINGS: [&[&str]; 2] = [&["docker", "compose"], &["docker-compose"]];

impl Engine {
    /// Finds the Compose of this machine: `docker compose`, or else `docker-compose`.
    ///
    /// # Errors
    ///
    /// When there is neither.
    pub async fn find(words: Words) -> Result<Self, DeployError> {
        for spelling in SPELLINGS {
            let mut version = Command::new(spelling[0]);
            version.args(&spelling[1..]).arg("version");
            version.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if version.status().await.is_ok_and(|status| status.success()) {
                return Ok(Self { compose: spelling.to_vec(), words });
            }
        }
        Err(DeployError::new(
            "neither `docker compose` nor `docker-compose` can be run here; install Docker with its \
             Compose plugin, or say `flowship export docker-compose` and start the file elsewhere",
        ))
    }

    /// A command of Compose that reads `file`; `-` is stdin.
    pub(super) fn compose(&self, file: &Path, project: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.compose[0]);
        command.args(&self.compose[1..]).arg("--file").arg(file);
        // Where `.env` is looked for, wherever the file lies.
        command.args(["--project-directory", ".", "--project-name", project]).args(arguments);
        command.kill_on_drop(true);
        command
    }

    /// Begins a command of Compose and hands it the file.
    pub(super) async fn begin(
        &self,
        mut command: Command,
        file: &str,
    ) -> Result<Child, DeployError> {
        let words = || match self.words {
            Words::Stderr => Stdio::from(std::io::stderr()),
            Words::Error => Stdio::piped(),
        };
        command.stdin(Stdio::piped()).stdout(words()).stderr(words());
        begin(command, file).await
    }

    /// What a command prints.
    pub(super) async fn ask(mut command: Command, file: &str) -> Result<String, DeployError> {
        let what = shown(&command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = end(begin(command, file).await?, &what).await?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Begins a command whose streams are set, and hands it its stdin.
pub(super) async fn begin(mut command: Command, stdin: &str) -> Result<Child, DeployError> {
    let what = shown(&command);
    let failed = |error| DeployError::new(format!("`{what}` cannot be run")).because(error);
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut pipe) = child.stdin.take() {
        // One that reads nothing has ended already, and says why.
        let _ = pipe.write_all(stdin.as_bytes()).await;
    }
    Ok(child)
}

/// Waits until a command has ended, and for its words where they were kept.
pub(super) async fn end(child: Child, what: &str) -> Result<Output, DeployError> {
    let failed = |error| DeployError::new(format!("`{what}` was lost")).because(error);
    let output = child.wait_with_output().await.map_err(failed)?;
    if output.status.success() {
        return Ok(output);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.trim();
    let separator = if words.is_empty() { "" } else { ": " };
    Err(DeployError::new(format!("`{what}` failed, {}{separator}{words}", output.status)))
}

/// A command for people, without the options that are always the same.
pub(super) fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
