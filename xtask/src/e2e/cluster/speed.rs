//! Times of apply, diff and delete, beside those of `kubectl`.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use super::stage::Stage;
use crate::e2e::control_plane;

/// Measures Flows of many Executors. Nothing is waited for: only requests are measured.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(stage: &Stage<'_>, sizes: &[usize]) -> anyhow::Result<Vec<String>> {
    let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
    let mut problems = Vec::new();
    println!("| Executors | step | flowship, s | kubectl, s |\n|---|---|---|---|");
    for &size in sizes {
        let mut text = String::from("jtype: Flow\nwith: {name: speed}\nexecutors:\n");
        for index in 0..size {
            // Writing into a `String` does not fail.
            let _ = writeln!(text, "- {{name: e{index}, uses: 'docker://example/e:1'}}");
        }
        let flow = stage.flow("speed.yml", &text)?.display().to_string();
        let options = ["-q", "--mesh", "none", "-n", "speed", "--wait=false", "--timeout", "10m"];
        let mut times = Vec::new();
        for (step, words) in [
            ("create", vec!["apply", &flow]),
            ("again", vec!["apply", &flow]),
            ("diff", vec!["diff", &flow]),
            ("delete", vec!["delete", &flow]),
        ] {
            let options = if step == "diff" { &options[..5] } else { &options[..] };
            let ran = stage.run_alone(&[&words, options].concat())?;
            if ran.code != Some(0) {
                problems.push(format!("{size} Executors: {step}: {}", ran.stderr));
            }
            times.push((step, ran.took));
        }
        let folder = stage.work.join(format!("speed-{size}")).display().to_string();
        let exported =
            ["export", "kubernetes", &flow, &folder, "-q", "--mesh", "none", "-n", "speed-k"];
        stage.run_alone(&exported)?;
        stage.cluster.server.namespace("speed-k")?;
        for (step, took) in times {
            let words: &[&str] = match step {
                "create" | "again" => &["apply", "--server-side", "--validate=strict"],
                "diff" => &["diff", "--server-side"],
                _ => &["delete", "--wait=false"],
            };
            let start = Instant::now();
            let output = Command::new(&kubectl)
                .env("KUBECONFIG", &stage.cluster.config)
                .args(words)
                .args(["-R", "-f", &folder])
                .output()?;
            let of_kubectl = start.elapsed();
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr).into_owned();
                problems.push(format!("kubectl {step}: {why}"));
            }
            println!("| {size} | {step} | {:.1} | {:.1} |", seconds(took), seconds(of_kubectl));
        }
        for namespace in ["speed", "speed-k"] {
            stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        }
    }
    Ok(problems)
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
