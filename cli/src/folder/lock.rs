//! The lock of an output folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::FolderError;
use super::signals::Signals;

/// A lock on the folder, which allows one export at a time. The operating system holds it on the
/// folder itself, so nothing is left behind, however the export ends.
///
/// An export also writes into subfolders, so an export into a subfolder shares the lock of the folder
/// around it and waits while another export writes there.
///
/// Some file systems have no locks, and some systems have none on folders. There, an export removes
/// the stage of another running export, which then fails: each of its changes is a rename out of
/// its stage or into it. Only two exports that start at the same moment, before either has a stage,
/// or of which one goes into a subfolder of the other, are not separated.
#[derive(Debug)]
pub(super) struct Lock {
    _around: Option<File>,
    _folder: Option<File>,
}

/// The time to wait for the lock. An export takes a moment, so a process that holds the lock longer
/// hangs.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time to wait for the folder around. Another program may have locked it, even the one that runs
/// this program (`flock . flowship export …`), so the export then goes on without.
const PATIENCE_AROUND: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);

impl Lock {
    /// Waits for the lock of the folder.
    pub(super) fn take(folder: &Path, signals: &Signals<'_>) -> Result<Self, FolderError> {
        #[cfg(test)]
        if super::disk::door::has_no_locks() {
            return Ok(Self { _around: None, _folder: None });
        }
        // Every export locks the outer folder first, so there is no deadlock.
        let around = fs::canonicalize(folder).ok();
        let around = match around.as_deref().and_then(Path::parent) {
            Some(path) => hold(path, File::try_lock_shared, PATIENCE_AROUND, signals)?,
            None => Held::Unlocked,
        };
        match hold(folder, File::try_lock, PATIENCE, signals)? {
            Held::Busy => Err(FolderError::Busy(folder.to_owned())),
            held => Ok(Self { _around: around.file(), _folder: held.file() }),
        }
    }
}

enum Held {
    Locked(File),
    /// There are no locks, or the folder cannot be opened, which is reported when it is listed.
    Unlocked,
    /// By somebody else, for too long.
    Busy,
}

impl Held {
    fn file(self) -> Option<File> {
        match self {
            Self::Locked(file) => Some(file),
            Self::Unlocked | Self::Busy => None,
        }
    }
}

fn hold(
    folder: &Path,
    lock: impl Fn(&File) -> Result<(), TryLockError>,
    patience: Duration,
    signals: &Signals<'_>,
) -> Result<Held, FolderError> {
    let start = Instant::now();
    let Ok(file) = File::open(folder) else { return Ok(Held::Unlocked) };
    loop {
        match lock(&file) {
            Ok(()) => return Ok(Held::Locked(file)),
            Err(TryLockError::Error(_)) => return Ok(Held::Unlocked),
            Err(TryLockError::WouldBlock) if start.elapsed() > patience => return Ok(Held::Busy),
            Err(TryLockError::WouldBlock) => {
                signals.check()?;
                thread::sleep(PAUSE);
            }
        }
    }
}
