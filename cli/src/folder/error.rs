//! Why a folder was not written.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

/// Why a folder was not written. Nothing in it was changed, unless a rename failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    #[error("{} is in the way: {wanted} is needed there", .path.display())]
    InTheWay { path: PathBuf, wanted: &'static str },
    #[error("{}", conflicts(.0))]
    Edited(Vec<Conflict>),
    #[error("cannot {action} {}", .path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

/// A file that would have to be overwritten, though no export made it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(super) path: PathBuf,
    pub(super) kind: ConflictKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ConflictKind {
    /// What was edited, as a unified diff from what an export would write.
    Edited(String),
    /// Not made by an export.
    Foreign,
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

fn conflicts(conflicts: &[Conflict]) -> String {
    let mut text = String::from("files in the folder are not as an export left them:\n");
    for Conflict { path, kind } in conflicts {
        // Writing into a `String` does not fail.
        let _ = match kind {
            ConflictKind::Edited(diff) => {
                writeln!(text, "\n{}: edited since\n{diff}", path.display())
            }
            ConflictKind::Foreign => writeln!(text, "\n{}: not made by flowship", path.display()),
        };
    }
    text.push_str("\nnothing was written; move them away, or say `--force` to overwrite them");
    text
}
