//! One run of the program, and what it took.

use std::fs;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use wait4::Wait4 as _;

use super::Input;

/// A flowship, and the bounds that it runs under.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// `ulimit -v`, in KiB.
    pub(crate) memory: Option<u64>,
    /// `ulimit -t`: seconds of all processors together.
    pub(crate) seconds: Option<u64>,
}

/// What a run took.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) status: ExitStatus,
    /// Of all processors together.
    pub(crate) cpu: Duration,
    /// The most memory that was in use at once, in KiB.
    pub(crate) peak: u64,
    /// The end of what it said.
    pub(crate) said: String,
}

/// Writes the files of an input into an empty folder.
pub(crate) fn written(input: &Input) -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, text) in &input.files {
        fs::write(folder.path().join(name), text)?;
    }
    Ok(folder)
}

impl Program {
    /// Runs a command over an input whose files are in `folder`.
    pub(crate) fn run(
        &self,
        command: &[&str],
        input: &Input,
        folder: &Path,
    ) -> anyhow::Result<Measured> {
        let limit = |flag: &str, most: Option<u64>| {
            most.map(|most| format!("ulimit -{flag} {most}; ")).unwrap_or_default()
        };
        let script =
            limit("v", self.memory) + &limit("t", self.seconds) + r#"ulimit -c 0; exec "$@""#;
        let mut said = tempfile::tempfile()?;
        let mut run = Command::new("sh");
        run.args(["-c", &script, "sh"]).arg(&self.path).args(command).arg("flow.yml");
        if command.first() == Some(&"export") {
            run.arg("-");
        }
        run.args(&input.arguments).current_dir(folder);
        run.env_clear().envs(input.environment.iter().map(|(name, value)| (name, value)));
        run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone()?);
        if command.first() == Some(&"check") {
            // Nothing but findings.
            run.stdout(said.try_clone()?);
        }
        let used = run.spawn().context("cannot run sh")?.wait4()?;
        let mut text = Vec::new();
        said.rewind()?;
        said.read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text);
        let from = text.floor_char_boundary(text.len().saturating_sub(300));
        Ok(Measured {
            status: used.status,
            cpu: used.rusage.utime + used.rusage.stime,
            peak: used.rusage.maxrss / 1024,
            said: text[from..].trim().to_owned(),
        })
    }
}

impl Measured {
    /// Whether it ended as a program should: done, with findings, or with an error in words.
    pub(crate) fn is_orderly(&self) -> bool {
        matches!(self.status.code(), Some(0..=2))
    }
}
