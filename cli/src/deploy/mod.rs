//! Runs Flows: on this machine with Docker Compose, and on a cluster.

pub(crate) mod cluster;
pub(crate) mod compose;
pub(crate) mod doctor;
pub(crate) mod logs;
mod show;
mod work;

use flow_model::{Diagnostics, Sources};

use crate::exit::Exit;
use crate::findings::Report;

pub(crate) use work::Work;

/// Runs an operation of a deployer. Commands that only compile start no runtime.
fn on_runtime(work: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Shows the findings of a deployer. Those of the compilation may have been shown before.
fn show_findings(
    report: &mut Report,
    findings: Diagnostics,
    sources: Sources,
) -> anyhow::Result<()> {
    let mut later = report.emptied();
    let report = if report.is_shown() { &mut later } else { report };
    let mut findings = findings;
    findings.sort();
    report.add(findings, sources);
    Ok(report.show()?)
}
