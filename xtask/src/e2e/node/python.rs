//! A Flow that is built in Python with Jina, and brought to the node by the Python package.

use std::path::Path;
use std::time::Instant;

use anyhow::ensure;
use flowship_tests::meaning;

use super::applied::Applied;
use super::setup::{Deployed, Setup};
use crate::cache;
use crate::command::run;
use crate::e2e::client::HowMany;
use crate::e2e::image;
use crate::python;

const PORT: u16 = 55_131;

/// What a user writes. Arguments: the image, a folder, a namespace, a file, a port.
const PROGRAM: &str = "\
import sys
import flowship
from jina import Flow

image, folder, namespace, file, port = sys.argv[1:]
flow = (
    Flow(name='search', port=int(port))
    .add(name='encoder', uses=f'docker://{image}', replicas=2)
    .add(name='indexer', uses=f'docker://{image}')
)
flowship.to_kubernetes_yaml(
    flow, folder, namespace, mesh='none', environment={'JINA_GATEWAY_IMAGE': image}
)
open(file, 'w').write(flowship.yaml(flow))
";

/// The Flow answers Jina's client: as manifests, and as a file that `flowship apply` takes.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run_part(setup: &Setup<'_>, config: &Path) -> anyhow::Result<()> {
    let namespace = "from-python";
    let folder = setup.folder.join(namespace);
    let package = python::staged(&folder.join("package"))?;
    let (manifests, file) = (folder.join("manifests"), folder.join("flow.yml"));
    let mut program = python::with_package(&cache::python()?, &package);
    program.args(["-c", PROGRAM, image::NAME]).arg(&manifests).arg(namespace).arg(&file);
    run(program.arg(PORT.to_string()))?;

    println!("| a Flow of Python | ready, s | answered |\n|---|---|---|");
    let deployed = setup.namespace(namespace)?;
    deployed.apply(&meaning::objects_in(&manifests)?)?;
    let ready = deployed.wait()?;
    println!("| `to_kubernetes_yaml` | {ready:.1} | {} |", ask(&deployed)?);
    drop(deployed);

    let namespace = "from-python-yaml";
    let deployed = setup.namespace(namespace)?;
    let start = Instant::now();
    Applied { setup, config, namespace }.apply(&file, &[])?;
    deployed.wait()?;
    let ready = start.elapsed().as_secs_f64();
    println!("| `yaml`, then `flowship apply` | {ready:.1} | {} |", ask(&deployed)?);
    Ok(())
}

/// Sends 10 requests, and returns how many were answered by both Executors.
fn ask(deployed: &Deployed<'_>) -> anyhow::Result<usize> {
    let report = deployed.ask(&deployed.question(PORT, HowMany::Requests(10))?)?;
    let passed = |way: &&String| way.contains("|encoder") && way.contains("|indexer");
    let missed: Vec<_> = report.texts.keys().filter(|way| !passed(way)).collect();
    ensure!(missed.is_empty(), "requests missed an Executor: {missed:?}");
    Ok(report.requests)
}
