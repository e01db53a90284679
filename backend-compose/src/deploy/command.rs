//! Docker's commands.

use std::path::Path;
use std::process::Stdio;

use flow_model::DeployError;
use flow_model::deploy::{Event, Observer, Redactor};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

/// The Docker and Compose commands of this machine.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The words of the Compose command.
    compose: Vec<&'static str>,
}

/// The Compose plugin of Docker, and the older standalone program.
const SPELLINGS: [&[&str]; 2] = [&["docker", "compose"], &["docker-compose"]];

impl Engine {
    /// Finds the Compose of this machine: `docker compose`, or else `docker-compose`.
    ///
    /// # Errors
    ///
    /// When there is neither.
    pub async fn find() -> Result<Self, DeployError> {
        for spelling in SPELLINGS {
            let mut version = Command::new(spelling[0]);
            version.args(&spelling[1..]).arg("version");
            version.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if version.status().await.is_ok_and(|status| status.success()) {
                return Ok(Self { compose: spelling.to_vec() });
            }
        }
        Err(DeployError::new(
            "neither `docker compose` nor `docker-compose` was found; install Docker with its Compose plugin, or run `flowship export docker-compose` and start the file elsewhere",
        ))
    }

    /// A command of Compose that reads `file`; `-` is stdin. Relative paths in it start at
    /// `folder`, and `.env` is read from there unless `env_file` replaces it.
    pub(super) fn compose(
        &self,
        file: &Path,
        folder: &Path,
        project: &str,
        arguments: &[&str],
        env_file: Option<&Path>,
    ) -> Command {
        let mut command = Command::new(self.compose[0]);
        command.args(&self.compose[1..]).args(["--ansi", "never", "--file"]).arg(file);
        if let Some(env_file) = env_file {
            command.arg("--env-file").arg(env_file);
        }
        // docker-compose 1.29 labels containers with the current folder.
        command.arg("--project-directory").arg(folder).current_dir(folder);
        command.args(["--project-name", project]).args(arguments);
        // flowship decides what is removed, not the environment.
        command.env_remove("COMPOSE_REMOVE_ORPHANS");
        command.kill_on_drop(true);
        command
    }
}

/// Runs a command that changes something, and passes each line of its output to the observer.
pub(super) async fn run(
    mut command: Command,
    stdin: &str,
    redactor: &Redactor,
    observer: &dyn Observer,
) -> Result<(), DeployError> {
    let what = shown(&command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_run(&what, error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let input = child.stdin.take();
    let ((), (), (), status) = tokio::join!(
        feed(input, stdin),
        listen(stdout, redactor, observer),
        listen(stderr, redactor, observer),
        child.wait()
    );
    let status = status.map_err(|error| lost(&what, error))?;
    if status.success() { Ok(()) } else { Err(failed(&what, status, "")) }
}

/// Passes on each line, without the values that are hidden.
async fn listen(
    stream: Option<impl AsyncRead + Unpin>,
    redactor: &Redactor,
    observer: &dyn Observer,
) {
    let Some(stream) = stream else { return };
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    // A stream that breaks has ended.
    while reader.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        let text = redactor.apply(String::from_utf8_lossy(&line).trim_end());
        line.clear();
        if !text.is_empty() {
            observer.event(Event::Output(&text));
        }
    }
}

/// The output of a command.
pub(super) async fn ask(
    mut command: Command,
    stdin: &str,
    redactor: &Redactor,
) -> Result<String, DeployError> {
    let what = shown(&command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| not_run(&what, error))?;
    let input = child.stdin.take();
    let ((), output) = tokio::join!(feed(input, stdin), child.wait_with_output());
    let output = output.map_err(|error| lost(&what, error))?;
    if !output.status.success() {
        let words = redactor.apply(&String::from_utf8_lossy(&output.stderr));
        return Err(failed(&what, output.status, &words));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command that prints to the streams of this process.
pub(super) async fn print(mut command: Command, stdin: &str) -> Result<(), DeployError> {
    let what = shown(&command);
    command.stdin(Stdio::piped()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| not_run(&what, error))?;
    let input = child.stdin.take();
    let ((), status) = tokio::join!(feed(input, stdin), child.wait());
    let status = status.map_err(|error| lost(&what, error))?;
    if status.success() { Ok(()) } else { Err(failed(&what, status, "")) }
}

/// A command of Docker itself.
pub(super) fn docker(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments).kill_on_drop(true);
    command
}

async fn feed(pipe: Option<tokio::process::ChildStdin>, text: &str) {
    if let Some(mut pipe) = pipe {
        // A program that does not read has already ended, and reports why.
        let _ = pipe.write_all(text.as_bytes()).await;
    }
}

fn not_run(what: &str, error: std::io::Error) -> DeployError {
    DeployError::new(format!("`{what}` cannot be run")).because(error)
}

fn lost(what: &str, error: std::io::Error) -> DeployError {
    DeployError::new(format!("`{what}` was lost")).because(error)
}

fn failed(what: &str, status: std::process::ExitStatus, words: &str) -> DeployError {
    let words = words.trim();
    let separator = if words.is_empty() { "" } else { ": " };
    DeployError::new(format!("`{what}` failed, {status}{separator}{words}"))
}

/// A command as shown to people, without what all commands share.
fn shown(command: &Command) -> String {
    let command = command.as_std();
    let arguments: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let mut words = vec![command.get_program().to_string_lossy()];
    match arguments.iter().position(|word| word == "--project-name") {
        // The words before it are the same for every command of Compose.
        Some(at) => {
            let is_plugin = arguments.first().is_some_and(|word| word == "compose");
            words.extend(is_plugin.then(|| "compose".into()));
            words.extend(arguments.into_iter().skip(at));
        }
        None => words.extend(arguments.into_iter().take(2)),
    }
    words.join(" ")
}
