//! Programs in the background, each with a log, stopped by their process id.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, test_kill_process, waitpid};

/// How long a program may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program in the background. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    name: &'static str,
    pid: Pid,
    /// Not there when the program was found, or left by whoever started it.
    child: Option<std::process::Child>,
    folder: PathBuf,
}

impl Process {
    /// Starts a program. Its log and its process id are kept in `folder`, as `NAME.log` and
    /// `NAME.pid`.
    pub(crate) fn start(
        folder: &Path,
        name: &'static str,
        command: &mut Command,
    ) -> anyhow::Result<Self> {
        let log = File::create(folder.join(format!("{name}.log")))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C is for the task, which then stops its programs in their order.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let pid = Pid::from_child(&child);
        fs::write(folder.join(format!("{name}.pid")), child.id().to_string())?;
        Ok(Self { name, pid, child: Some(child), folder: folder.to_owned() })
    }

    /// A program that an earlier run started in `folder` and that still runs.
    pub(crate) fn find(folder: &Path, name: &'static str) -> Option<Self> {
        let pid = fs::read_to_string(folder.join(format!("{name}.pid"))).ok()?;
        let pid = Pid::from_raw(pid.trim().parse().ok()?)?;
        // Process ids are used again: this one is ours only if its arguments name our folder.
        let arguments = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).ok()?;
        let ours = String::from_utf8_lossy(&arguments).contains(&*folder.to_string_lossy());
        ours.then(|| Self { name, pid, child: None, folder: folder.to_owned() })
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        if let Some(child) = &mut self.child {
            return matches!(child.try_wait(), Ok(None));
        }
        // One that was left and has ended still has to be waited for.
        let ended = waitpid(Some(self.pid), WaitOptions::NOHANG);
        !matches!(ended, Ok(Some(_))) && test_kill_process(self.pid).is_ok()
    }

    /// Waits until `ready` says so. Fails when the program ends or `patience` does, with the end of
    /// its log.
    pub(crate) fn wait(
        &mut self,
        patience: Duration,
        mut ready: impl FnMut() -> bool,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        while !ready() {
            let name = self.name;
            if !self.runs() {
                bail!("{name} has ended; the end of its log:\n{}", self.log_tail());
            }
            if Instant::now() > deadline {
                let seconds = patience.as_secs();
                bail!("{name} is not ready after {seconds} s; its log:\n{}", self.log_tail());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The last lines of its log.
    pub(crate) fn log_tail(&self) -> String {
        tail(&self.folder.join(format!("{}.log", self.name)), 30)
    }

    /// Lets it run on after this process has ended.
    pub(crate) fn leave(self) {
        std::mem::forget(self);
    }

    fn stop(&mut self) {
        if self.runs() && kill_process(self.pid, Signal::TERM).is_ok() {
            let deadline = Instant::now() + PATIENCE;
            while self.runs() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            if self.runs() {
                let _ = kill_process(self.pid, Signal::KILL);
            }
        }
        if let Some(child) = &mut self.child {
            let _ = child.wait();
        }
        let _ = fs::remove_file(self.folder.join(format!("{}.pid", self.name)));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Keeps what the caller of this process has opened from the programs that are started: a server
/// that is left running would hold the caller's locks.
pub(crate) fn keep_what_is_open() {
    // 0, 1 and 2 are the ways in and out of every program.
    close_fds::set_fds_cloexec(3, &[]);
}

/// The last lines of a file.
pub(crate) fn tail(file: &Path, lines: usize) -> String {
    let text = fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let all: Vec<_> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use rustix::fs::{Mode, OFlags, open};

    use super::keep_what_is_open;

    #[test]
    fn programs_do_not_hold_what_the_caller_holds() {
        let lock = tempfile::NamedTempFile::new().expect("a temporary file");
        let path = lock.path().to_string_lossy().into_owned();
        let _held = open(lock.path(), OFlags::RDONLY, Mode::empty()).expect("it is there");
        let is_held = || {
            let open = Command::new("ls").args(["-l", "/proc/self/fd"]).output();
            String::from_utf8_lossy(&open.expect("ls runs").stdout).contains(&path)
        };
        assert!(is_held());
        keep_what_is_open();
        assert!(!is_held());
    }
}
