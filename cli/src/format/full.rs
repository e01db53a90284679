//! For people, in the manner of rustc.

use std::cmp::Reverse;
use std::io;

use flow_model::Level;

use crate::findings::Report;
use crate::terminal::Terminal;

/// Nobody reads more findings than these at once, and drawing a hundred thousand takes long. Every
/// other format has all of them.
const MOST: usize = 100;

/// Draws the findings, and says how many there are. Where they are too many, errors come first.
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let mut shown: Vec<_> = report.iter().collect();
    let more = shown.len().saturating_sub(MOST);
    if more > 0 {
        // Those of one level stay in their order.
        shown.sort_by_key(|(finding, _)| Reverse(weight(finding.level)));
    }
    for (finding, sources) in shown.into_iter().take(MOST) {
        terminal.finding(finding, sources)?;
    }
    if more > 0 {
        writeln!(terminal, "… and {more} more findings; `--format concise` shows all\n")?;
    }
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
