//! For people, in the manner of rustc.

use std::io;

use flow_model::{Level, report as draw};

use super::concise;
use crate::findings::Report;
use crate::terminal::Terminal;

/// Number of bytes of source lines that are drawn in one run, which takes about a quarter of a second.
/// Findings after that have a line each: there may be hundreds of thousands, and the labels of each
/// may be far apart in a large file.
const MOST_DRAWN: usize = 4 * 1024 * 1024;

/// Drawing a finding takes as long as that of this many bytes, however short its lines are.
const FINDING: usize = 2 * 1024;

/// Draws the findings, and says how many there are.
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let mut drawn = 0;
    let mut findings = report.iter().peekable();
    while let Some((finding, sources)) = findings.next_if(|(finding, sources)| {
        drawn += FINDING + draw::extent(finding, sources);
        drawn <= MOST_DRAWN
    }) {
        terminal.finding(finding, sources)?;
    }
    concise::write_findings(findings, terminal)?;
    summary(report, terminal)
}

/// Errors that may be allowed stand among the others.
pub(super) fn weight(level: Level) -> Level {
    if level.is_error() { Level::Error } else { level }
}

/// How many findings there are, and of how many files where there are several.
pub(super) fn summary(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let counts = report.summary();
    match (report.files().len(), counts) {
        (0 | 1, None) => Ok(()),
        (_, None) if report.is_quiet() => Ok(()),
        (0 | 1, Some(counts)) => writeln!(terminal, "{counts}"),
        (files, None) => writeln!(terminal, "Checked {files} files: no errors, no warnings"),
        (files, Some(counts)) => writeln!(terminal, "Checked {files} files: {counts}"),
    }
}
