//! Random histories of a Flow, of others in its namespace, and of runs that are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::random::Random;
use super::stage::{Ran, Stage, version};

const STEPS: u64 = 6;

/// What others have done in the namespace of the Flow.
#[derive(Debug, Default)]
struct Others {
    /// Objects by their path, as they were created.
    objects: BTreeMap<String, String>,
    /// Annotations on workloads of the Flow: path, uid, annotation.
    notes: Vec<(String, Value, String)>,
    /// Claims, which nobody deletes.
    claims: BTreeSet<String>,
}

/// Runs so many histories, each with its own seed. After each step nothing of others has changed, the
/// next run converges, and the difference is empty then.
#[expect(clippy::print_stdout, reason = "the count is what the task is for")]
pub(super) fn run(stage: &Stage<'_>, cases: u64, seed: u64) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut killed = 0;
    for case in seed..seed + cases {
        let namespace = format!("history-{case}");
        stage.cluster.server.namespace(&namespace)?;
        let mut random = Random::new(case);
        let mut others = Others::default();
        let mut story = String::new();
        for step in 0..STEPS {
            let flow = flow(&mut random);
            // Writing into a `String` does not fail.
            let _ = writeln!(story, "step {step}: {flow}");
            let path = stage.flow("history.yml", &flow)?.display().to_string();
            let options = ["-q", "--mesh", "none", "-n", &namespace];
            let apply =
                [&["apply", &path, "--recreate", "--timeout", "90s"], &options[..]].concat();
            for _ in 0..random.below(3) {
                let after = 1 + random.below(60);
                let _ = writeln!(story, "killed at request {after}");
                let after = usize::try_from(after).unwrap_or_default();
                killed += usize::from(stage.run_killed(&apply, after)?);
            }
            act(stage, &namespace, &mut random, &mut others, &mut story)?;
            let mut ran = stage.run(&apply)?;
            // Somebody scaled by hand: this is told, and overwritten on request.
            if ran.code == Some(1) && ran.stderr.contains("error[field-conflict]") {
                let force = [&apply[..], &["--force-conflicts"]].concat();
                ran = stage.run(&force)?;
            }
            let diff = [&["diff", &path], &options[..]].concat();
            let mut found = judge(stage, &ran, &stage.run(&diff)?);
            found.extend(changed(stage, &namespace, &mut others)?);
            if !found.is_empty() {
                let found = found.join("\n");
                problems.push(format!("history {case}: {found}\n{story}"));
                break;
            }
        }
        stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    }
    println!("{cases} histories of {STEPS} steps, {killed} runs killed");
    Ok(problems)
}

/// A random Flow. Its Executors come from a few names, so that they change what they are.
fn flow(random: &mut Random) -> String {
    let mut text = String::from("jtype: Flow\nwith: {name: history}\nexecutors:\n");
    for name in ["a", "b", "c"] {
        if name != "a" && random.below(3) == 0 {
            continue;
        }
        let mut add = |part: String| text.push_str(&part);
        add(format!("- {{name: {name}, uses: 'docker://example/a:{}'", random.below(3)));
        match random.below(4) {
            0 => add(format!(", shards: {}", 2 + random.below(2))),
            1 => add(format!(", replicas: {}", 1 + random.below(3))),
            _ => {}
        }
        match random.below(5) {
            0 => add(", volumes: [/data]".to_owned()),
            1 => add(", volumes: [/data, /more]".to_owned()),
            _ => {}
        }
        if random.below(3) == 0 {
            add(format!(", env: {{X: '{}'}}", random.below(3)));
        }
        add("}\n".to_owned());
    }
    text
}

/// Somebody else does something.
fn act(
    stage: &Stage<'_>,
    namespace: &str,
    random: &mut Random,
    others: &mut Others,
    story: &mut String,
) -> anyhow::Result<()> {
    let server = &stage.cluster.server;
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let workloads = server.list(&path)?;
    let workload = random.one(&workloads).cloned();
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let number = random.below(1000);
    match (random.below(6), workload) {
        (0, _) => {
            // It even says that it is a part of the Flow.
            let object = json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {
                    "name": format!("foreign-{number}"), "namespace": namespace,
                    "labels": {"app.kubernetes.io/part-of": "history"},
                },
                "data": {"x": number.to_string()},
            });
            server.create(&object)?;
            let path = format!("/api/v1/namespaces/{namespace}/configmaps/foreign-{number}");
            let found = server.get(&path)?.unwrap_or_default();
            let _ = writeln!(story, "foreign ConfigMap {number}");
            others.objects.insert(path, version(&found));
        }
        (1, Some(workload)) => {
            let note = format!("foreign-{number}");
            let object = object(namespace, &name(&workload));
            server.merge(&object, &json!({"metadata": {"annotations": {&note: "1"}}}))?;
            let _ = writeln!(story, "annotation {note} on {}", name(&workload));
            let path = format!("{path}/{}", name(&workload));
            others.notes.push((path, workload["metadata"]["uid"].clone(), note));
        }
        (2, Some(workload)) => {
            let count = 1 + random.below(3);
            let _ = writeln!(story, "{} scaled to {count}", name(&workload));
            let change = json!({"spec": {"replicas": count}});
            server.merge(&object(namespace, &name(&workload)), &change)?;
        }
        (3, Some(workload)) => {
            let name = name(&workload);
            let scaler = json!({
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
                    "minReplicas": 2, "maxReplicas": 4,
                },
            });
            server.create(&scaler)?;
            let _ = writeln!(story, "HPA of {name}");
            let path = format!(
                "/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/{name}"
            );
            let found = server.get(&path)?.unwrap_or_default();
            others.objects.insert(path, version(&found));
        }
        _ => {}
    }
    Ok(())
}

fn object(namespace: &str, name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
    })
}

fn judge(stage: &Stage<'_>, applied: &Ran, differs: &Ran) -> Vec<String> {
    let mut found = Vec::new();
    if applied.code != Some(0) {
        found.push(format!("apply: {:?}: {}", applied.code, applied.stderr));
    }
    if differs.code != Some(0) {
        found.push(format!("differs: {}{}", differs.stdout, differs.stderr));
    }
    if applied.stderr.contains(&stage.work.display().to_string()) && applied.code == Some(0) {
        found.push(format!("a finding without an error: {}", applied.stderr));
    }
    found
}

/// What has changed of others.
fn changed(stage: &Stage<'_>, namespace: &str, others: &mut Others) -> anyhow::Result<Vec<String>> {
    let server = &stage.cluster.server;
    let mut found = Vec::new();
    for (path, before) in &others.objects {
        let after = server.get(path)?.map(|object| version(&object));
        if after.as_ref() != Some(before) {
            found.push(format!("{path} of somebody else changed: {after:?}"));
        }
    }
    for (path, uid, note) in &others.notes {
        let Some(object) = server.get(path)? else { continue };
        let is_same = object["metadata"]["uid"] == *uid;
        if is_same && object["metadata"]["annotations"][note] != "1" {
            found.push(format!("{path} lost the annotation {note}"));
        }
    }
    let path = format!("/api/v1/namespaces/{namespace}/persistentvolumeclaims");
    let claims: BTreeSet<String> = server
        .list(&path)?
        .iter()
        .filter_map(|claim| claim["metadata"]["name"].as_str().map(str::to_owned))
        .collect();
    let lost: Vec<_> = others.claims.difference(&claims).collect();
    if !lost.is_empty() {
        found.push(format!("claims were deleted: {lost:?}"));
    }
    others.claims = claims;
    Ok(found)
}
