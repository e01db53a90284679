//! Exit codes.

use std::process::ExitCode;

use flow_model::Level;

use crate::folder::{self, FolderError};
use crate::input::Refused;
use crate::{output, terminal};

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success, possibly with warnings: 0.
    Done,
    /// The input has errors: 1.
    ErrorsFound,
}

/// The exit code of a run: 2 for an error of usage or environment, which is printed to stderr.
pub(crate) fn code(result: anyhow::Result<Exit>) -> ExitCode {
    match result {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::ErrorsFound) => ExitCode::from(1),
        Err(error) => match error.downcast::<Refused>() {
            Ok(Refused { diagnostics, sources }) => {
                // If stderr is closed, the message is lost.
                let _ = output::findings(&diagnostics, &sources, Level::Note);
                ExitCode::from(1)
            }
            Err(error) => {
                let _ = terminal::stderr().failure(format_args!("{error:#}"));
                if let Some(FolderError::Interrupted { signal, .. }) = error.downcast_ref() {
                    folder::die_of(*signal);
                }
                ExitCode::from(2)
            }
        },
    }
}
