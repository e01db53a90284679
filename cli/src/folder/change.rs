//! What has to change: a decision without IO.

use std::path::PathBuf;

use similar::TextDiff;

use super::error::{Conflict, ConflictKind, FolderError};
use super::mark::{self, Mark};
use super::survey::{Found, Survey};
use super::{OutputFile, Overwrite, RelativePath, Report};

/// What has to change.
pub(super) struct Change<'a> {
    /// Files to write, with their marks.
    pub(super) write: Vec<(&'a RelativePath, String)>,
    /// Files to remove, relative to the folder.
    pub(super) remove: Vec<PathBuf>,
    pub(super) report: Report,
}

/// Compares what the folder holds with what it should hold.
pub(super) fn changes(
    files: &[OutputFile],
    mut survey: Survey,
    overwrite: Overwrite,
) -> Result<Change<'_>, FolderError> {
    let mut change = Change { write: Vec::new(), remove: Vec::new(), report: Report::default() };
    let mut conflicts = Vec::new();
    for file in files {
        let text = mark::marked(&file.body);
        let conflict = match survey.wanted.get(file.path.as_str()) {
            Some(Found::File(found)) if *found == text.as_bytes() => {
                change.report.unchanged += 1;
                continue;
            }
            None => None,
            Some(Found::Link) => Some(ConflictKind::Foreign),
            Some(Found::File(found)) => match mark::read(found) {
                Mark::Intact => {
                    change.report.replaces(found);
                    None
                }
                Mark::Missing => Some(ConflictKind::Foreign),
                Mark::Edited => Some(ConflictKind::Edited(diff(&text, found))),
            },
        };
        if let Some(kind) = conflict.filter(|_| overwrite == Overwrite::Never) {
            conflicts.push(Conflict { path: file.path.under(&survey.out), kind });
        }
        change.write.push((&file.path, text));
    }
    survey.others.sort_by(|a, b| a.path.cmp(&b.path));
    for other in survey.others {
        if other.mark == Mark::Intact || overwrite == Overwrite::Force {
            change.report.replaces(&other.text);
            change.remove.push(other.path);
        } else {
            change.report.kept.push(other.path);
        }
    }
    if conflicts.is_empty() { Ok(change) } else { Err(FolderError::Edited(conflicts)) }
}

/// The bodies that differ, from ours to theirs: the mark differs always.
fn diff(ours: &str, theirs: &[u8]) -> String {
    let theirs = String::from_utf8_lossy(theirs);
    let body =
        |text: &str| text.split_once('\n').map(|(_, body)| body.to_owned()).unwrap_or_default();
    let (ours, theirs) = (body(ours), body(&theirs));
    let diff = TextDiff::from_lines(&ours, &theirs);
    let mut unified = diff.unified_diff();
    unified.context_radius(1).header("this export", "the edited file").to_string()
}
