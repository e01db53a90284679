//! Requests that fail.

use std::time::Duration;

use super::proxy::{Proxy, Weather};
use super::stage::Stage;

const FLOW: &str = "jtype: Flow\nwith: {name: faults}\nexecutors:\n- {name: a, uses: 'docker://example/a:1', shards: 3}\n- {name: b, uses: 'docker://example/b:1', replicas: 2}\n";

/// Applies, changes and deletes a Flow through a proxy that loses requests: in the end everything
/// is as it would be without it. Then the server falls silent, and `--timeout` holds; and the token
/// expires, which is reported.
#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
pub(super) fn run(stage: &Stage<'_>, rounds: u64) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let flow = stage.flow("faults.yml", FLOW)?.display().to_string();
    let changed = FLOW.replace("shards: 3", "shards: 2").replace("b:1", "b:2");
    let changed = stage.flow("faults-2.yml", &changed)?.display().to_string();
    let target = stage.cluster.server.base();
    for round in 1..=rounds {
        let proxy = Proxy::start(target, Weather::Stormy, round, stage.work)?;
        let options = ["-q", "--mesh", "none", "-n", "faults"];
        for (words, path) in [("apply", &flow), ("apply", &changed), ("delete", &changed)] {
            let mut tries = 0;
            loop {
                tries += 1;
                let all = [&[words, path, "--timeout", "90s"], &options[..]].concat();
                let ran = stage.run_as(&proxy.kubeconfig, &all)?;
                if ran.code == Some(0) {
                    break;
                }
                // What was not done has to be said, and the next run finishes.
                let is_told = ran.stderr.contains("error");
                if tries == 4 || !is_told {
                    problems
                        .push(format!("round {round}: {words}: {:?}: {}", ran.code, ran.stderr));
                    break;
                }
            }
            println!("round {round}: {words} after {tries} runs");
            if words == "apply" {
                let all = [&["diff", path], &options[..]].concat();
                let ran = stage.run(&all)?;
                if ran.code != Some(0) {
                    problems.push(format!("round {round}: differs: {}", ran.stdout));
                }
            }
        }
        let left: Vec<_> = stage.objects("faults")?.into_keys().collect();
        if !left.is_empty() {
            problems.push(format!("round {round}: delete leaves {}", left.join(" ")));
        }
        let (requests, faults) = proxy.counts();
        println!("round {round}: {requests} requests, {faults} faults");
    }
    for after in [0, 5, 20] {
        let proxy = Proxy::start(target, Weather::Silent { after }, 1, stage.work)?;
        let words = ["apply", &flow, "-q", "--mesh", "none", "-n", "silent", "--timeout", "3s"];
        let ran = stage.run_as(&proxy.kubeconfig, &words)?;
        println!("silent after {after} requests: {:.1} s", ran.took.as_secs_f64());
        let is_in_time = ran.took < Duration::from_secs(4);
        if ran.code != Some(1) || !ran.stderr.contains("error[") || !is_in_time {
            problems.push(format!(
                "silent after {after}: {:?} {:?}: {}",
                ran.code, ran.took, ran.stderr
            ));
        }
    }
    for after in [0, 5, 20, 40] {
        let proxy = Proxy::start(target, Weather::Expired { after }, 1, stage.work)?;
        let words = ["apply", &flow, "-q", "--mesh", "none", "-n", "expired", "--timeout", "60s"];
        let ran = stage.run_as(&proxy.kubeconfig, &words)?;
        println!("expired after {after} requests: {:.1} s", ran.took.as_secs_f64());
        // 2: nothing could be read.
        if !matches!(ran.code, Some(1 | 2)) || !ran.stderr.contains("credentials") {
            problems.push(format!("expired after {after}: {:?}: {}", ran.code, ran.stderr));
        }
    }
    // The next run with a valid token finishes what was begun.
    for (verb, code) in [("apply", 0), ("diff", 0)] {
        let ran = stage.run(&[verb, &flow, "-q", "--mesh", "none", "-n", "expired"])?;
        if ran.code != Some(code) {
            problems.push(format!("{verb} after an expired token: {}{}", ran.stdout, ran.stderr));
        }
    }
    for namespace in ["faults", "silent", "expired"] {
        stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    }
    Ok(problems)
}
