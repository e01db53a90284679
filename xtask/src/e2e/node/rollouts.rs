//! Healthy rollouts, in which `flowship apply` accuses nobody.

use std::path::Path;

use anyhow::{Context as _, ensure};

use super::applied::Applied;
use super::setup::Setup;
use crate::e2e::at_once::at_once;

/// What a Flow goes through, each row with what the row before has left. A row that is not healthy is
/// the past of the next one: its accusations are right, and not looked at.
const ROWS: [(&str, bool, &str); 5] = [
    ("created, or with another variable", true, "- {name: a, uses: IMAGE, env: {N: 'NUMBER'}}"),
    ("slow to start", true, "- {name: a, uses: IMAGE, uses_with: {sleep: 12}, env: {N: 'NUMBER'}}"),
    ("more replicas", true, "- {name: a, uses: IMAGE, uses_with: {sleep: 2}, replicas: 2}"),
    (
        "crashes",
        false,
        "- {name: a, uses: IMAGE, entrypoint: [python3, -c, 'raise SystemExit(3)'], replicas: 2}",
    ),
    ("after a crash loop", true, "- {name: a, uses: IMAGE, env: {N: 'NUMBER'}, replicas: 2}"),
];

/// How many Flows are rolled at the same time.
const FLOWS: usize = 3;

/// Rolls Flows so often in all, and fails if one of the rollouts accuses somebody.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, config: &Path, rollouts: usize) -> anyhow::Result<()> {
    let healthy = ROWS.iter().filter(|(_, is_healthy, _)| *is_healthy).count();
    let rounds = rollouts.div_ceil(FLOWS * healthy);
    let names: Vec<_> = (0..FLOWS).map(|index| format!("rolled-{index}")).collect();
    let done = at_once(FLOWS, &names, |name| {
        let _deployed = setup.namespace(name)?;
        let flow = Applied { setup, config, namespace: name };
        let mut took = Vec::new();
        for round in 0..rounds {
            for (what, is_healthy, executors) in ROWS {
                let number = format!("{round} {what}");
                let path = flow.write(55_201, &executors.replace("NUMBER", &number))?;
                if !is_healthy {
                    flow.run("apply", &path, &["--quiet", "--timeout", "40s"])?;
                    continue;
                }
                let ran = flow.apply(&path, &[]).with_context(|| format!("{name}, {number}"))?;
                let said = &ran.stderr;
                ensure!(!said.contains("error") && !said.contains("warning"), "{number}: {said}");
                took.push((what, ran.took.as_secs_f64()));
            }
        }
        Ok(took)
    });
    let done = done.into_iter().collect::<anyhow::Result<Vec<_>>>()?.concat();
    println!("| rollout | times | s, longest |\n|---|---|---|");
    for (what, ..) in ROWS.iter().filter(|(_, is_healthy, _)| *is_healthy) {
        let took = done.iter().filter(|(row, _)| row == what).map(|(_, took)| *took);
        let (count, longest) = (took.clone().count(), took.fold(0.0, f64::max));
        println!("| {what} | {count} | {longest:.1} |");
    }
    println!("{} healthy rollouts, no false alarm", done.len());
    Ok(())
}
