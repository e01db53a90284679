//! Exit codes.

use std::process::ExitCode;

use crate::folder::{self, FolderError};
use crate::terminal;

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success, possibly with warnings: 0.
    Done,
    /// The input has errors: 1.
    ErrorsFound,
    /// Something failed, which has been told: 2.
    Failed,
}

/// The exit code of a run: 2 for an error of usage or environment, which is printed to stderr.
pub(crate) fn code(result: anyhow::Result<Exit>) -> ExitCode {
    match result {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::ErrorsFound) => ExitCode::from(1),
        Ok(Exit::Failed) => ExitCode::from(2),
        Err(error) => {
            // A closed stderr leaves nobody to tell.
            let _ = terminal::stderr().failure(format_args!("{error:#}"));
            if let Some(FolderError::Interrupted { signal, .. }) = error.downcast_ref() {
                folder::die_of(*signal);
            }
            ExitCode::from(2)
        }
    }
}
