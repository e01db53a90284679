//! A line for each finding: `flow.yml:3:5: error[unknown-key]: …`.

use std::io;

use flow_model::report as draw;

use super::full;
use crate::findings::Report;
use crate::terminal::Terminal;

/// Writes all findings, and how many there are.
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let findings = report.iter();
    let lines = findings.map(|(finding, sources)| draw::render_concise(finding, sources) + "\n");
    // At once: a line at a time would be flushed a hundred thousand times.
    write!(terminal, "{}", lines.collect::<String>())?;
    full::summary(report, terminal)
}
