//! The formats of findings: one module each, a pure function from findings to text.

mod concise;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod sarif;

use std::io;

use clap::ValueEnum;

use crate::findings::{Report, Stream};
use crate::terminal::{self, Terminal};

/// How findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the lines of the file with the findings drawn below them.
    #[default]
    Full,
    /// A line for each finding.
    Concise,
    /// A list of findings, as JSON.
    Json,
    /// Annotations of GitHub Actions, errors first.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// A SARIF 2.1.0 log, for code scanning.
    Sarif,
    /// A JUnit report, as CI servers read it.
    Junit,
}

impl Format {
    /// Whether people read it, so that other messages may stand beside it.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Writes the findings of a run.
    pub(crate) fn write(self, report: &Report, stream: Stream) -> io::Result<()> {
        let text = match self {
            Self::Full => return full::write(report, &mut terminal(stream)),
            Self::Concise => return concise::write(report, &mut terminal(stream)),
            Self::Json => json::text(report),
            Self::Github => github::text(report),
            Self::Gitlab => gitlab::text(report),
            Self::Sarif => sarif::text(report),
            Self::Junit => junit::text(report)?,
        };
        match stream {
            Stream::Stdout => terminal::data(&text),
            Stream::Stderr => {
                terminal::data_beside(&text);
                Ok(())
            }
        }
    }
}

fn terminal(stream: Stream) -> Terminal {
    match stream {
        Stream::Stdout => terminal::stdout(),
        Stream::Stderr => terminal::stderr(),
    }
}
