//! Where a folder is not what an export would make it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::edits::Edits;
use super::error::FolderError;
use super::survey::{self, Found};
use super::{Export, Layout};

/// One file that an export would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is different: line numbers, no text, because a text may contain values of variables.
    pub(crate) what: String,
}

/// The files that an export would write or remove, by path. Nothing is changed.
pub(crate) fn differences(out: &Path, export: &Export<'_>) -> Result<Vec<Difference>, FolderError> {
    match fs::metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(metadata) if !metadata.is_dir() => return Err(FolderError::NoFolder(out.to_owned())),
        _ => {}
    }
    let mut survey =
        if out.exists() { survey::survey(out, export)? } else { survey::Survey::default() };
    let mut found = Vec::new();
    for file in export.files {
        let path = file.path.under(out);
        let what = match survey.wanted.remove(file.path.as_str()) {
            Some(Found::Same) => continue,
            None => "missing".to_owned(),
            Some(Found::Intact) => match fs::read_to_string(&path) {
                Ok(text) => Edits::between(&file.body, &text).to_string(),
                Err(_) => Found::Unreadable.to_string(),
            },
            Some(other) => other.to_string(),
        };
        found.push(Difference { path, what });
    }
    let stale = survey.stale.into_iter().filter(|_| export.layout == Layout::Folder);
    found.extend(stale.map(|stale| Difference {
        path: out.join(stale.path),
        what: "no longer part of the export".to_owned(),
    }));
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}
