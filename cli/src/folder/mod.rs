//! Where exports are written: the only part of the program that changes files.
//!
//! An export owns the files that bear its mark, which names backend and Flow. Nothing else is
//! changed or removed, unless the user says so, and nothing at all before everything is staged. A
//! run that fails puts back what it replaced. A run that is killed leaves whole files, old or new,
//! and the next one finishes; a signal to end is followed before the first file is replaced, or
//! after the last one.

mod change;
mod disk;
mod edits;
mod error;
mod kin;
mod lock;
mod mark;
mod owner;
mod path;
mod signals;
mod stage;
mod survey;

pub(crate) use error::FolderError;
pub(crate) use owner::Owner;
pub(crate) use path::RelativePath;
pub(crate) use signals::die_of;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use lock::Lock;
use mark::Digest;
use signals::Signals;
use stage::Stage;

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputFile {
    pub(crate) path: RelativePath,
    /// Its text, without the mark.
    pub(crate) body: String,
    /// That of the body.
    digest: Digest,
}

impl OutputFile {
    pub(crate) fn new(path: RelativePath, body: String) -> Self {
        let digest = Digest::of(&body);
        Self { path, body, digest }
    }
}

/// What is to be written, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct Export<'a> {
    pub(crate) owner: &'a Owner,
    /// The Flow's Executors, where the Flow has no name of its own: two Flows may then have the
    /// same owner by accident.
    pub(crate) unnamed: Option<BTreeSet<String>>,
    pub(crate) layout: Layout,
    pub(crate) files: &'a [OutputFile],
}

/// The parts of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A folder, with a file for each workload: files that no longer belong are removed.
    Folder,
    /// A single file, whatever lies beside it.
    File,
}

/// What to do with files that are not as an export of this Flow wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// Refuse to export.
    Never,
    /// Overwrite them.
    Force,
}

/// What is about to happen to files that somebody may miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loss {
    /// A file of an earlier export, which no longer belongs, is removed.
    Removed(PathBuf),
    /// A file is overwritten that is not as an export of this Flow wrote it.
    Overwritten { path: PathBuf, why: String },
}

/// What was done. Paths include that of the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) removed: usize,
    /// Files of an earlier export that no longer belong, kept because somebody edited them.
    pub(crate) kept: Vec<PathBuf>,
    /// What may not be read, so that nobody knows whether it belongs.
    pub(crate) unread: Vec<PathBuf>,
    /// Others of the same backend whose files lie in the folder as well.
    pub(crate) others: BTreeSet<Owner>,
}

/// Makes the folder hold these files. Whatever is lost is announced before it is.
pub(crate) fn publish(
    out: &Path,
    export: &Export<'_>,
    overwrite: Overwrite,
    announce: &mut dyn FnMut(&Loss),
) -> Result<Report, FolderError> {
    let signals = Signals::hold().map_err(FolderError::io("watch signals for", out))?;
    let published = publish_held(out, export, overwrite, announce, &signals);
    signals.release(published)
}

fn publish_held(
    out: &Path,
    export: &Export<'_>,
    overwrite: Overwrite,
    announce: &mut dyn FnMut(&Loss),
    signals: &Signals,
) -> Result<Report, FolderError> {
    match std::fs::metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && export.files.is_empty() => {
            return Ok(Report::default());
        }
        Ok(metadata) if !metadata.is_dir() => return Err(FolderError::NoFolder(out.to_owned())),
        _ => {}
    }
    let _folder = stage::make_output_folder(out)?;
    let _lock = Lock::take(out, signals)?;
    stage::clear_leftovers(out);
    let survey = survey::survey(out, export)?;
    let change = change::changes(out, export, survey, overwrite)?;
    if change.write.is_empty() && change.remove.is_empty() {
        return Ok(change.report);
    }
    let stage = Stage::open(out, &change)?;
    stage.fill(signals)?;
    signals.check()?;
    change.losses.iter().for_each(announce);
    stage.publish()?;
    Ok(change.report)
}

#[cfg(test)]
mod tests;
