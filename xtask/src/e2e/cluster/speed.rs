//! Times of apply, diff and delete, beside those of `kubectl` and the least time for as many requests.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4 as _;

use super::floor::Floor;
use super::stage::Stage;
use crate::e2e::control_plane;

/// Measures Flows of many Executors. Nothing is waited for: only requests are measured.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(stage: &Stage<'_>, sizes: &[usize]) -> anyhow::Result<Vec<String>> {
    let kubectl = control_plane::KUBERNETES.build()?.join("kubectl");
    let mut problems = Vec::new();
    println!("| Executors | step | flowship, s | peak, MiB | floor, s | kubectl, s |");
    println!("|---|---|---|---|---|---|");
    for &size in sizes {
        let [own, of_floor, of_kubectl] =
            ["speed", "floor", "kubectl"].map(|name| format!("{name}-{size}"));
        let mut text = String::from("jtype: Flow\nwith: {name: speed}\nexecutors:\n");
        for index in 0..size {
            // Writing into a `String` does not fail.
            let _ = writeln!(text, "- {{name: e{index}, uses: 'docker://example/e:1'}}");
        }
        let flow = stage.flow("speed.yml", &text)?.display().to_string();
        let options = ["-q", "--mesh", "none", "-n", &own, "--wait=false", "--timeout", "10m"];
        let mut times = Vec::new();
        for (step, words) in [
            ("create", vec!["apply", &flow]),
            ("again", vec!["apply", &flow]),
            ("diff", vec!["diff", &flow]),
            ("delete", vec!["delete", &flow]),
        ] {
            let options = if step == "diff" { &options[..5] } else { &options[..] };
            let start = Instant::now();
            let mut command = stage.command(&stage.cluster.config, &[&words, options].concat());
            let used = command.stdout(Stdio::null()).spawn()?.wait4()?;
            if used.status.code() != Some(0) {
                problems.push(format!("{size} Executors: {step}: {}", used.status));
            }
            times.push((step, start.elapsed(), used.rusage.maxrss >> 20));
        }
        let folder = stage.work.join(format!("speed-{size}")).display().to_string();
        let exported =
            ["export", "kubernetes", &flow, &folder, "-q", "--mesh", "none", "-n", &of_kubectl];
        stage.run_alone(&exported)?;
        stage.cluster.server.namespace(&of_kubectl)?;
        let floor = Floor::of(stage, folder.as_ref(), &of_floor)?;
        stage.cluster.server.namespace(&of_floor)?;
        for (step, took, peak) in times {
            let least = match step {
                "create" => floor.apply(stage, true)?,
                "delete" => floor.delete(stage)?,
                _ => floor.apply(stage, false)?,
            };
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
            let other = start.elapsed();
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr).into_owned();
                problems.push(format!("kubectl {step}: {why}"));
            }
            let [took, least, other] =
                [took, least, other].map(|time| format!("{:.1}", time.as_secs_f64()));
            println!("| {size} | {step} | {took} | {peak} | {least} | {other} |");
        }
        for namespace in [own, of_floor, of_kubectl] {
            stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        }
    }
    Ok(problems)
}
