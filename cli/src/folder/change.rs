//! Decides what to change, without IO.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::{Conflict, FolderError};
use super::survey::{Found, Survey};
use super::{Export, Layout, Loss, OutputFile, Overwrite, Owner, Report, kin};

/// The required changes.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The owner of the files.
    pub(super) owner: &'a Owner,
    pub(super) write: Vec<Write<'a>>,
    /// Existing folders of files to write.
    pub(super) folders: BTreeSet<String>,
    /// Files to remove, relative to the folder.
    pub(super) remove: Vec<PathBuf>,
    pub(super) losses: Vec<Loss>,
    pub(super) report: Report,
}

/// A file to write.
#[derive(Debug)]
pub(super) struct Write<'a> {
    pub(super) file: &'a OutputFile,
    /// Whether it replaces something.
    pub(super) replaces: bool,
}

/// Compares the content of the folder with the export.
pub(super) fn changes<'a>(
    out: &Path,
    export: &Export<'a>,
    mut survey: Survey,
    overwrite: Overwrite,
) -> Result<Change<'a>, FolderError> {
    let mut change = Change {
        owner: export.owner,
        write: Vec::new(),
        folders: survey.folders,
        remove: Vec::new(),
        losses: Vec::new(),
        report: Report::default(),
    };
    let mut conflicts = Vec::new();
    let mut taken_over: BTreeSet<Owner> = BTreeSet::new();
    for file in export.files {
        let found = survey.wanted.remove(file.path.as_str());
        let replaces = found.is_some();
        match found {
            Some(Found::Same) => {
                change.report.unchanged += 1;
                continue;
            }
            Some(Found::Intact) | None => {}
            Some(found) => {
                if let Found::Other(owner) = &found {
                    taken_over.insert(owner.clone());
                }
                conflicts.push(Conflict { path: file.path.under(out), found });
            }
        }
        change.write.push(Write { file, replaces });
    }
    if overwrite == Overwrite::Never {
        if !conflicts.is_empty() {
            return Err(FolderError::Conflicts(conflicts));
        }
        if let Some(executors) = &export.unnamed
            && !survey.executors.is_empty()
            && !kin::are_related(&survey.executors, executors)
        {
            return Err(FolderError::Unrelated {
                out: out.to_owned(),
                owner: export.owner.clone(),
                executors: survey.executors.into_iter().collect(),
            });
        }
    }
    for Conflict { path, found } in conflicts {
        change.losses.push(Loss::Overwritten { path, why: found.to_string() });
    }
    for stale in survey.stale {
        if stale.is_intact || overwrite == Overwrite::Force {
            change.remove.push(stale.path);
        } else {
            change.report.kept.push(out.join(stale.path));
        }
    }
    for (path, owner) in survey.others {
        // If this export takes a file of another one, it removes the other's remaining files too:
        // they would be applied together with this one.
        if export.layout == Layout::Folder && taken_over.contains(&owner) {
            change.remove.push(path);
        } else {
            change.report.others.insert(owner);
        }
    }
    change.report.unread = survey.unread;
    change.remove.sort();
    change.losses.extend(change.remove.iter().map(|path| Loss::Removed(out.join(path))));
    change.report.written = change.write.len();
    change.report.removed = change.remove.len();
    Ok(change)
}
