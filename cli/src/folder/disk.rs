//! Every change that an export makes on disk. Nothing else in the program changes a file.
//!
//! All changes go through this module, so that tests can stop an export before any of them, as a
//! kill or a full disk would.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    door::step()?;
    fs::create_dir(path)
}

/// Writes a new file.
///
/// Nothing is synced to the disk: an export can be made again, and waiting for the disk 1,000 times
/// would cost seconds.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    door::step()?;
    #[cfg(test)]
    {
        fs::write(path, &text.as_bytes()[..text.len() / 2])?;
        door::step()?;
    }
    fs::write(path, text)
}

/// Writes a file that must not be there.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    door::step()?;
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

/// As [`write_new`], readable only for the owner of the file.
pub(super) fn write_new_private(path: &Path, text: &str) -> io::Result<()> {
    door::step()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    door::step()?;
    fs::rename(from, to)
}

pub(super) fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    door::step()?;
    fs::hard_link(from, to)
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    door::step()?;
    fs::remove_file(path)
}

pub(super) fn remove_dir(path: &Path) -> io::Result<()> {
    door::step()?;
    fs::remove_dir(path)
}

#[cfg(not(test))]
mod door {
    #[expect(clippy::unnecessary_wraps, reason = "in tests it fails")]
    pub(super) fn step() -> std::io::Result<()> {
        Ok(())
    }
}
#[cfg(test)]
pub(super) mod door;
