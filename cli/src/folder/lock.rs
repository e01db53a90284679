//! The lock of an output folder.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::FolderError;
use super::signals::Signals;

/// A lock on the folder, which allows one export at a time. The operating system holds it on the
/// folder itself, so nothing is left behind, however the export ends.
///
/// Some file systems have no locks, and some systems have none on folders. There, an export removes
/// the stage of another running export, which then fails: each of its changes is a rename out of
/// its stage or into it. Only two exports that start at the same moment, before either has a stage,
/// are not separated.
#[derive(Debug)]
pub(super) struct Lock {
    _folder: Option<File>,
}

/// The time to wait for the lock. An export takes a moment, so a process that holds the lock longer
/// hangs.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

impl Lock {
    /// Waits for the lock of the folder.
    pub(super) fn take(folder: &Path, signals: &Signals) -> Result<Self, FolderError> {
        let start = Instant::now();
        #[cfg(test)]
        if super::disk::door::has_no_locks() {
            return Ok(Self { _folder: None });
        }
        // A folder that cannot be opened is reported when it is listed.
        let Ok(file) = File::open(folder) else { return Ok(Self { _folder: None }) };
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _folder: Some(file) }),
                Err(TryLockError::Error(_)) => return Ok(Self { _folder: None }),
                Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                    return Err(FolderError::Busy(folder.to_owned()));
                }
                Err(TryLockError::WouldBlock) => {
                    signals.check()?;
                    thread::sleep(PAUSE);
                }
            }
        }
    }
}
