//! One export at a time.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::FolderError;
use super::signals::Signals;

/// The folder, for one export. The lock is on the folder itself and held by the system, so that
/// nothing is left behind, however the export ends.
///
/// Some file systems have no locks, and some systems none on folders. There, an export clears the
/// stage of another one that is still running, which then can change nothing more and fails: each of
/// its changes is a rename out of its stage or into it. Only two exports that begin in the same
/// moment, before either has a stage, are not kept apart.
#[derive(Debug)]
pub(super) struct Lock {
    _folder: Option<File>,
}

/// An export takes a moment; whoever holds the lock longer hangs.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

impl Lock {
    /// Waits for the folder.
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
