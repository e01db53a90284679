//! The folder of a run: logs, process ids, data.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::process::Process;
use crate::cache;

/// The folder of a run. It is removed when the run ends; what an earlier run has left there goes
/// first.
#[derive(Debug)]
pub(crate) struct RunFolder {
    path: PathBuf,
    /// One run at a time.
    _lock: File,
}

impl RunFolder {
    /// Takes the folder, once nobody else has it. `programs` are what a run starts, the last first.
    pub(crate) fn take(name: &str, programs: &[&'static str]) -> anyhow::Result<Self> {
        let runs = cache::folder()?.join("e2e/run");
        fs::create_dir_all(&runs)?;
        let lock = File::create(runs.join(format!("{name}.lock")))?;
        lock.lock()?;
        let path = runs.join(name);
        for program in programs {
            drop(Process::find(&path, program));
        }
        let folder = Self { path, _lock: lock };
        folder.empty()?;
        fs::create_dir_all(&folder.path)?;
        Ok(folder)
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, with what is mounted in it: a kubelet and a containerd that were killed leave
    /// their mounts.
    fn empty(&self) -> anyhow::Result<()> {
        let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
        let mounts = mounts.lines().filter_map(|line| line.split(' ').nth(1));
        let mut mounts: Vec<_> =
            mounts.filter(|at| Path::new(at).starts_with(&self.path)).collect();
        mounts.sort_unstable();
        for mount in mounts.into_iter().rev() {
            rustix::mount::unmount(mount, rustix::mount::UnmountFlags::DETACH)?;
        }
        if self.path.exists() {
            fs::remove_dir_all(&self.path)?;
        }
        Ok(())
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // The next run tries again.
        let _ = self.empty();
    }
}
