//! Changes of a Flow, one after the other.

use std::collections::BTreeSet;

use super::stage::Stage;
use flowship_tests::meaning;
use serde_json::json;

/// A change: its name, more options, and the Executors after it.
type Row = (&'static str, &'static [&'static str], &'static str);

const NONE: &[&str] = &["--mesh", "none"];

/// Each row changes what the one before has left.
const ROWS: &[Row] = &[
    (
        "create",
        NONE,
        "- {name: a, uses: 'docker://example/a:1'}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "image",
        NONE,
        "- {name: a, uses: 'docker://example/a:2'}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "env",
        NONE,
        "- {name: a, uses: 'docker://example/a:2', env: {X: '1'}}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "scale",
        NONE,
        "- {name: a, uses: 'docker://example/a:2', replicas: 3}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "shards",
        NONE,
        "- {name: a, uses: 'docker://example/a:2', shards: 3}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "fewer shards",
        NONE,
        "- {name: a, uses: 'docker://example/a:2', shards: 2}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "no shards",
        NONE,
        "- {name: a, uses: 'docker://example/a:2'}\n- {name: b, uses: 'docker://example/b:1'}",
    ),
    (
        "rename",
        NONE,
        "- {name: a, uses: 'docker://example/a:2'}\n- {name: c, uses: 'docker://example/b:1'}",
    ),
    ("remove", NONE, "- {name: a, uses: 'docker://example/a:2'}"),
    ("add volumes", NONE, "- {name: a, uses: 'docker://example/a:2', volumes: /data}"),
    (
        "a second volume",
        &["--mesh", "none", "--recreate"],
        "- {name: a, uses: 'docker://example/a:2', volumes: [/data, /more]}",
    ),
    ("remove volumes", NONE, "- {name: a, uses: 'docker://example/a:2'}"),
    (
        "linkerd",
        &["--mesh", "linkerd", "--allow", "mesh-missing,not-injected"],
        "- {name: a, uses: 'docker://example/a:2'}",
    ),
    (
        "istio",
        &["--mesh", "istio", "--require-mtls", "--allow", "mesh-missing,not-injected"],
        "- {name: a, uses: 'docker://example/a:2'}",
    ),
    ("no mesh", NONE, "- {name: a, uses: 'docker://example/a:2'}"),
];

/// Applies each row, and looks at what there is then.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    println!("| change | s | plan | left behind |\n|---|---|---|---|");
    for (name, options, executors) in ROWS {
        let text = format!("jtype: Flow\nwith: {{name: changes}}\nexecutors:\n{executors}\n");
        let flow = stage.flow("changes.yml", &text)?;
        let flow = flow.display().to_string();
        let with = |words: &[&str]| -> anyhow::Result<_> {
            stage.run(&[words, &[&flow, "--quiet"], options].concat())
        };
        let plan = with(&["diff"])?;
        let applied = with(&["apply", "--timeout", "90s"])?;
        if applied.code != Some(0) {
            problems.push(format!("{name}: {}", applied.stderr));
            continue;
        }
        let summary = plan.stdout.lines().last().unwrap_or_default();
        let folder = stage.work.join("exported");
        let mut export = vec!["export", "kubernetes", &flow, "-q", "--force"];
        let out = folder.display().to_string();
        export.push(&out);
        export.extend(options.iter().filter(|word| **word != "--recreate"));
        let exported = stage.run(&export)?;
        if exported.code != Some(0) {
            problems.push(format!("{name}: {}", exported.stderr));
        }
        let wanted: BTreeSet<_> = meaning::objects_in(&folder)?
            .iter()
            .map(|object| object.0["metadata"]["name"].as_str().unwrap_or_default().to_owned())
            .collect();
        let objects = stage.objects("changes")?;
        let left: Vec<_> = objects
            .keys()
            .filter(|name| *name != "configmaps/flowship.changes")
            .filter(|name| name.split_once('/').is_none_or(|(_, name)| !wanted.contains(name)))
            .cloned()
            .collect();
        println!("| {name} | {:.1} | {summary} | {} |", applied.took.as_secs_f64(), left.join(" "));
        problems.extend(left.into_iter().map(|left| format!("{name}: {left} is left behind")));
        let kinds = ["deployments/a", "statefulsets/a"];
        if kinds.iter().all(|kind| objects.contains_key(*kind)) {
            problems.push(format!("{name}: `a` is a Deployment and a StatefulSet"));
        }
        let again = with(&["diff"])?;
        if again.code != Some(0) {
            problems.push(format!("{name}: differs after apply: {}", again.stdout));
        }
    }
    let flow = stage.work.join("changes.yml").display().to_string();
    let deleted = stage.run(&["delete", &flow, "--mesh", "none", "-q"])?;
    let objects = stage.objects("changes")?;
    if deleted.code != Some(0) || !objects.is_empty() {
        let names: Vec<_> = objects.keys().cloned().collect();
        problems.push(format!("delete leaves {}: {}", names.join(" "), deleted.stderr));
    }
    problems.extend(moves(stage)?);
    problems.extend(terminating(stage)?);
    problems.extend(managers(stage)?);
    Ok(problems)
}

/// A Flow that gets another name, another namespace, or both, leaves nothing.
fn moves(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut before: Option<(&str, &str)> = None;
    for (namespace, name) in
        [("moves", "first"), ("moves", "second"), ("moved", "second"), ("moves", "third")]
    {
        let text = format!(
            "jtype: Flow\nwith: {{name: {name}}}\nexecutors:\n- {{name: a, uses: 'docker://example/a:1'}}\n- {{name: of_{name}, uses: 'docker://example/b:1'}}\n"
        );
        let flow = stage.flow("moves.yml", &text)?.display().to_string();
        let mut words = vec!["apply", &flow, "-q", "--mesh", "none", "-n", namespace];
        words.extend(["--timeout", "60s"]);
        let old = before.map(|(namespace, name)| format!("{namespace}/{name}"));
        if let Some(old) = &old {
            words.extend(["--moved-from", old]);
        }
        // The second run finds nothing to move.
        for run in [1, 2] {
            let ran = stage.run(&words)?;
            if ran.code != Some(0) {
                problems.push(format!("{namespace}/{name}, run {run}: {}", ran.stderr));
            }
        }
        let mut found = stage.objects(namespace)?;
        let kept = found.remove(&format!("configmaps/flowship.{name}")).is_some();
        let count = found.keys().filter(|key| !key.contains("/a") && !key.contains("/gateway"));
        let strange = count.filter(|key| !key.contains(&format!("/of-{name}")));
        let strange: Vec<_> = strange.cloned().collect();
        if !kept || !strange.is_empty() {
            problems.push(format!("{namespace}/{name}: left behind: {}", strange.join(" ")));
        }
        if let Some((old, _)) = before.filter(|(old, _)| *old != namespace) {
            let left: Vec<_> = stage.objects(old)?.into_keys().collect();
            if !left.is_empty() {
                problems.push(format!("{old} still has {}", left.join(" ")));
            }
        }
        before = Some((namespace, name));
    }
    for namespace in ["moves", "moved"] {
        stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    }
    Ok(problems)
}

/// A namespace that is being deleted is one finding, not one for each object.
fn terminating(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let server = &stage.cluster.server;
    server.namespace("terminating")?;
    // The namespace stays as long as this does.
    let kept = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": "kept", "namespace": "terminating", "finalizers": ["example.com/keeps"],
        },
    });
    server.create(&kept)?;
    server.delete("/api/v1/namespaces/terminating")?;
    let text = "jtype: Flow\nexecutors:\n- {name: a, uses: 'docker://example/a:1'}\n";
    let flow = stage.flow("terminating.yml", text)?.display().to_string();
    let mut problems = Vec::new();
    for verb in ["apply", "diff"] {
        let ran = stage.run(&[verb, &flow, "-q", "--mesh", "none", "-n", "terminating"])?;
        let said = ran.stdout + &ran.stderr;
        let errors = said.matches("error[").count();
        if ran.code == Some(0) || errors != 1 || !said.contains("is being deleted") {
            problems.push(format!("{verb}, terminating: {:?}: {said}", ran.code));
        }
    }
    Ok(problems)
}

/// Takes over from `kubectl`, leaves foreign fields, and respects an autoscaler.
fn managers(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let server = &stage.cluster.server;
    let text = |replicas: u32| {
        format!(
            "jtype: Flow\nwith: {{name: managers}}\nexecutors:\n- {{name: a, uses: 'docker://example/a:1', replicas: {replicas}}}\n"
        )
    };
    let flow = stage.flow("managers.yml", &text(2))?.display().to_string();
    let run = |words: &[&str]| -> anyhow::Result<_> {
        stage.run(&[words, &[&flow, "-q", "--mesh", "none"]].concat())
    };
    let mut expect = |what: &str, ran: super::stage::Ran, code: i32, words: &str| {
        if ran.code != Some(code) || !(ran.stdout + &ran.stderr).contains(words) {
            problems.push(format!("{what}: exit {:?}: {}", ran.code, ran.stderr));
        }
    };
    server.namespace("managers")?;
    // Somebody else's object of the same name.
    server.create(&serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "a-configmap", "namespace": "managers"}, "data": {"x": "1"},
    }))?;
    expect("a foreign object", run(&["apply"])?, 1, "object-in-the-way");
    expect("nothing is half done", run(&["status"])?, 1, "missing");
    expect("adopt", run(&["apply", "--adopt", "--timeout", "60s"])?, 0, "");
    let deployment = serde_json::json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "a", "namespace": "managers"},
    });
    server
        .merge(&deployment, &serde_json::json!({"metadata": {"annotations": {"foreign": "1"}}}))?;
    expect("a foreign field", run(&["diff"])?, 0, "nothing to change");
    server.merge(&deployment, &serde_json::json!({"spec": {"replicas": 4}}))?;
    expect("a field of another manager", run(&["apply"])?, 1, "/spec/replicas");
    server.create(&serde_json::json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "a", "namespace": "managers"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
            "minReplicas": 4, "maxReplicas": 5,
        },
    }))?;
    expect("replicas of an autoscaler", run(&["diff"])?, 0, "nothing to change");
    expect("apply beside an autoscaler", run(&["apply", "--timeout", "60s"])?, 0, "");
    let found = server.get("/apis/apps/v1/namespaces/managers/deployments/a")?;
    let found = found.unwrap_or_default();
    if found["spec"]["replicas"] != 4 || found["metadata"]["annotations"]["foreign"] != "1" {
        problems.push(format!(
            "replicas or a foreign field were changed: {}",
            found["spec"]["replicas"]
        ));
    }
    server.delete("/api/v1/namespaces/managers")?;
    Ok(problems)
}
