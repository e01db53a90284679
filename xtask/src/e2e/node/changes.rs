//! Changes of a Flow by `flowship apply`, while Jina's own client asks it.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;

use super::applied::Applied;
use super::setup::Setup;
use crate::e2e::client::{self, HowMany};
use crate::e2e::volumes;

const PORT: u16 = 55_202;

/// How long requests go on after the apply.
const AFTERWARDS: Duration = Duration::from_secs(8);

/// A change: what it is, more options, and the Executors after it.
type Row = (&'static str, &'static [&'static str], &'static str);

/// Each row changes what the one before has left. The Executor that always stays has two Pods.
const ROWS: [Row; 12] = [
    ("a variable", &[], "- {name: a, uses: IMAGE, replicas: 2, env: {N: '1'}}"),
    ("more replicas", &[], "- {name: a, uses: IMAGE, replicas: 3, env: {N: '1'}}"),
    ("fewer replicas", &[], "- {name: a, uses: IMAGE, replicas: 2, env: {N: '1'}}"),
    (
        "one more Executor",
        &[],
        "- {name: a, uses: IMAGE, replicas: 2, env: {N: '1'}}\n- {name: b, uses: IMAGE}",
    ),
    (
        "another name",
        &[],
        "- {name: a, uses: IMAGE, replicas: 2, env: {N: '1'}}\n- {name: c, uses: IMAGE}",
    ),
    ("one Executor less", &[], "- {name: a, uses: IMAGE, replicas: 2, env: {N: '1'}}"),
    ("shards", &[], "- {name: a, uses: IMAGE, replicas: 2, shards: 2}"),
    ("no shards", &[], "- {name: a, uses: IMAGE, replicas: 2}"),
    ("a volume: a StatefulSet", &[], "- {name: a, uses: IMAGE, replicas: 2, volumes: /data}"),
    (
        "a second volume",
        &["--recreate"],
        "- {name: a, uses: IMAGE, replicas: 2, volumes: [/data, /more]}",
    ),
    ("no volume: a Deployment", &[], "- {name: a, uses: IMAGE, replicas: 2}"),
    ("one Pod", &[], "- {name: a, uses: IMAGE}"),
];

/// Applies each row under load. No request may be lost.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, config: &Path) -> anyhow::Result<()> {
    let namespace = "changed";
    let deployed = setup.namespace(namespace)?;
    let flow = Applied { setup, config, namespace };
    volumes::while_provided(setup.server, setup.folder, || {
        let first = flow.write(PORT, "- {name: a, uses: IMAGE, replicas: 2}")?;
        flow.apply(&first, &[])?;
        deployed.wait()?;
        println!("| change | s | requests | lost | plan |\n|---|---|---|---|---|");
        let mut wrong = Vec::new();
        for (what, options, executors) in ROWS {
            let path = flow.write(PORT, executors)?;
            let plan = flow.run("diff", &path, &[&["--quiet"], options].concat())?;
            let plan = plan.stdout.lines().last().unwrap_or_default().to_owned();
            let mut question = deployed.question(PORT, HowMany::For(Duration::from_mins(6)))?;
            question.every = Duration::from_millis(100);
            let asking = client::begin(&setup.image, &question)?;
            std::thread::sleep(Duration::from_secs(5));
            let applied = flow.apply(&path, options);
            std::thread::sleep(AFTERWARDS);
            let report = asking.stop()?;
            let applied = applied?;
            let (seconds, lost) = (applied.took.as_secs_f64(), report.failed.len());
            println!("| {what} | {seconds:.1} | {} | {lost} | {plan} |", report.requests);
            if lost > 0 {
                wrong.push(format!("{what}: {lost} lost: {:?}", report.errors));
            }
            let again = flow.run("diff", &path, &["--quiet"])?;
            if again.code != Some(0) {
                wrong.push(format!("{what} differs after apply: {}", again.stdout));
            }
        }
        ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    })
}
