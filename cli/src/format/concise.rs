//! A line for each finding: `flow.yml:3:5: error[unknown-key]: …`.

use std::io;

use flow_model::{Diagnostic, Sources, report as draw};

use super::full;
use crate::findings::Report;
use crate::terminal::Terminal;

/// Writes all findings, and how many there are.
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    write_findings(report.iter(), terminal)?;
    full::summary(report, terminal)
}

/// Writes a line for each of these findings.
pub(super) fn write_findings<'a>(
    findings: impl Iterator<Item = (&'a Diagnostic, &'a Sources)>,
    terminal: &mut Terminal,
) -> io::Result<()> {
    let lines = findings.map(|(finding, sources)| draw::render_concise(finding, sources) + "\n");
    // At once: a line at a time would be flushed a hundred thousand times.
    write!(terminal, "{}", lines.collect::<String>())
}
