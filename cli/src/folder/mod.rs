//! The folder of an export: the only place that writes files.
//!
//! Everything is staged inside the folder before the first file is replaced, and each file is
//! renamed into place. A run that is cut leaves whole files, old or new, and the next run finishes.

mod change;
mod error;
mod mark;
mod path;
mod stage;
mod survey;

pub(crate) use error::FolderError;
pub(crate) use path::RelativePath;

use std::path::{Path, PathBuf};

use change::{Change, changes};
use stage::Stage;
use survey::Survey;

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputFile {
    pub(crate) path: RelativePath,
    /// Its text, without the mark.
    pub(crate) body: String,
}

/// What to do with files of an earlier export that somebody edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// Refuse to export.
    Never,
    /// Overwrite them.
    Force,
}

/// Whose the marked files are that lie beside those of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Siblings {
    /// Those of earlier exports: the folder is the export, and what no longer belongs goes.
    #[default]
    Ours,
    /// Somebody else's: only the files themselves are the export.
    Foreign,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    /// Files of an earlier export that no longer belong, relative to the folder.
    pub(crate) removed: Vec<PathBuf>,
    /// Files of an earlier export that no longer belong, kept because somebody edited them.
    pub(crate) kept: Vec<PathBuf>,
    /// The text of a file of an earlier export that was overwritten or removed.
    pub(crate) before: Option<String>,
}

impl Report {
    fn replaces(&mut self, text: &[u8]) {
        self.before.get_or_insert_with(|| String::from_utf8_lossy(text).into());
    }
}

/// Makes the folder hold these files. Foreign files stay as they are.
pub(crate) fn publish(
    out: &Path,
    files: &[OutputFile],
    overwrite: Overwrite,
    siblings: Siblings,
) -> Result<Report, FolderError> {
    let survey = Survey::of(out, files, siblings)?;
    let Change { write, remove, mut report } = changes(files, survey, overwrite)?;
    if write.is_empty() && remove.is_empty() {
        return Ok(report);
    }
    let stage = Stage::open(out)?;
    let staged = stage.fill(&write)?;
    staged.publish(&write)?;
    stage::remove(out, &remove)?;
    report.written = write.len();
    report.removed = remove;
    Ok(report)
}

#[cfg(test)]
mod tests;
