//! Errors of writing a folder.

use std::fmt::{self, Write as _};
use std::io;
use std::path::{Path, PathBuf};

use super::Owner;
use super::survey::Found;
use crate::terminal;

/// An error of writing a folder. Nothing in the folder was changed, or all changes were undone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{} exists and is not a folder", terminal::path(.0))]
    NoFolder(PathBuf),
    #[error("{} is in the way: {wanted} is needed there", terminal::path(.path))]
    InTheWay { path: PathBuf, wanted: &'static str },
    #[error("{} is on another file system than the output folder", terminal::path(.0))]
    Mounted(PathBuf),
    #[error("{}", conflicts(.0))]
    Conflicts(Vec<Conflict>),
    #[error("{}", unrelated(.out, .owner, .executors))]
    Unrelated { out: PathBuf, owner: Owner, executors: Vec<String> },
    #[error("another export is writing to {}; try again when it is done", terminal::path(.0))]
    Busy(PathBuf),
    #[error("interrupted; {}", if *.is_done { "the export is complete" } else { "nothing was written" })]
    Interrupted {
        /// The signal that stopped the export.
        signal: i32,
        is_done: bool,
    },
    #[error("cannot {action} {}", terminal::path(.path))]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

/// A file in the way that was edited, or not written by an export of this Flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(super) path: PathBuf,
    pub(super) found: Found,
}

impl FolderError {
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

/// A description of a file that is in the way.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same | Self::Intact => f.write_str("as it was written"),
            Self::Edited(edits) => write!(f, "edited: {edits}"),
            Self::Other(owner) => write!(f, "made for {owner}"),
            Self::Nameless => {
                f.write_str("made by flowship, but its first line does not name a Flow")
            }
            Self::Foreign => f.write_str("not written by flowship"),
            Self::Unreadable => f.write_str("cannot be read"),
            Self::Link => f.write_str("a symbolic link"),
        }
    }
}

/// The maximum number of files that are listed; the others are counted.
const MAX_SHOWN: usize = 20;

fn conflicts(conflicts: &[Conflict]) -> String {
    let (others, edited): (Vec<_>, Vec<_>) =
        conflicts.iter().partition(|conflict| matches!(conflict.found, Found::Other(_)));
    let mut text = String::new();
    for (title, conflicts) in [
        ("these files belong to an export of another Flow", others),
        ("these files were edited after the export, or not written by flowship", edited),
    ] {
        if conflicts.is_empty() {
            continue;
        }
        // Writing into a `String` does not fail.
        let _ = writeln!(text, "{title}:");
        for Conflict { path, found } in conflicts.iter().take(MAX_SHOWN) {
            let _ = writeln!(text, "  {}: {found}", terminal::path(path));
        }
        match conflicts.len().saturating_sub(MAX_SHOWN) {
            0 => {}
            more => {
                let _ = writeln!(text, "  … and {more} more");
            }
        }
        text.push('\n');
    }
    text.push_str(
        "nothing was written; export to another place, move these files away, or pass `--force` to \
         overwrite them",
    );
    text
}

fn unrelated(out: &Path, owner: &Owner, workloads: &[String]) -> String {
    let shown = workloads.iter().take(MAX_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let more = match workloads.len().saturating_sub(MAX_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{} contains an export of another Flow with the name `{}`: it has {shown}{more}, and this \
         Flow has none of these Executors\n\nnothing was written; give the Flows different names \
         (`with.name`, or the name of the file), export to another place, or pass `--force` to \
         replace that export",
        terminal::path(out),
        owner.flow.name
    )
}
