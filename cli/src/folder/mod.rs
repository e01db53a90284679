//! Writes exports. This is the only part of the program that changes files.
//!
//! An export owns the files with its mark, which names backend and Flow. Other files are not
//! changed or removed without `--force`, and no file is before everything is staged. A run that
//! fails restores what it replaced. A run that is killed leaves whole files, old or new, and the
//! next run completes the export. A signal ends a run before the first file is replaced, or after
//! the last one.

mod change;
mod difference;
mod disk;
mod edits;
mod error;
mod kin;
mod lock;
mod mark;
mod owner;
mod path;
mod replace;
mod signals;
mod stage;
mod survey;

pub(crate) use difference::differences;
pub(crate) use error::FolderError;
pub(crate) use owner::Owner;
pub(crate) use path::RelativePath;
pub(crate) use replace::{replace, write_private};
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
    /// The text, without the mark.
    pub(crate) body: Box<str>,
    /// The digest of the body.
    digest: Digest,
}

impl OutputFile {
    pub(crate) fn new(path: RelativePath, body: impl Into<Box<str>>) -> Self {
        let body = body.into();
        let digest = Digest::of(&body);
        Self { path, body, digest }
    }
}

/// The files to write, and their owner.
#[derive(Debug, Clone)]
pub(crate) struct Export<'a> {
    pub(crate) owner: &'a Owner,
    /// The Flow's Executors, if the Flow has no name: two Flows may then have the same owner by
    /// accident.
    pub(crate) unnamed: Option<BTreeSet<String>>,
    pub(crate) layout: Layout,
    pub(crate) files: &'a [OutputFile],
}

/// The layout of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A folder with a file for each workload; files of earlier exports that are not part of this
    /// one are removed.
    Folder,
    /// A single file; other files beside it do not matter.
    File,
}

/// How to treat files in the way that were edited, or not written by an export of this Flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// Refuse to export.
    Never,
    /// Overwrite them.
    Force,
}

/// The loss of a file, announced before it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loss {
    /// A file of an earlier export that is not part of this one is removed.
    Removed(PathBuf),
    /// A file that was edited, or not written by an export of this Flow, is overwritten.
    Overwritten { path: PathBuf, why: String },
}

/// The result of an export. Paths include the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) removed: usize,
    /// Files of an earlier export that are not part of this one, kept because they were edited.
    pub(crate) kept: Vec<PathBuf>,
    /// Files and folders without read permission, whose owner is unknown.
    pub(crate) unread: Vec<PathBuf>,
    /// Other owners of the same backend with files in the folder.
    pub(crate) others: BTreeSet<Owner>,
}

/// Writes these files into the folder. Every loss of a file is announced before it happens.
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

/// As [`publish`], for a program that handles signals itself: it is asked whether to stop.
pub(crate) fn publish_unless(
    is_stopped: &dyn Fn() -> bool,
    out: &Path,
    export: &Export<'_>,
    overwrite: Overwrite,
) -> Result<Report, FolderError> {
    let signals = Signals::Caller(is_stopped);
    let published = publish_held(out, export, overwrite, &mut |_| {}, &signals);
    signals.release(published)
}

/// What [`publish`] would do, for whoever only wants to know.
pub(crate) fn preview(
    out: &Path,
    export: &Export<'_>,
    overwrite: Overwrite,
    announce: &mut dyn FnMut(&Loss),
) -> Result<Report, FolderError> {
    match std::fs::metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Report { written: export.files.len(), ..Report::default() });
        }
        Ok(metadata) if !metadata.is_dir() => return Err(FolderError::NoFolder(out.to_owned())),
        _ => {}
    }
    let survey = survey::survey(out, export)?;
    let change = change::changes(out, export, survey, overwrite)?;
    change.losses.iter().for_each(announce);
    Ok(change.report)
}

fn publish_held(
    out: &Path,
    export: &Export<'_>,
    overwrite: Overwrite,
    announce: &mut dyn FnMut(&Loss),
    signals: &Signals<'_>,
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
