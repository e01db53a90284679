//! What keeps a Flow from starting.

use serde_json::json;

use super::stage::Stage;

/// A cause: the finding, the line of the Flow, the Executor, and what is in the namespace.
type Row = (&'static str, usize, &'static str, Option<serde_json::Value>);

/// Plants causes that need no node, and looks for the finding, its line and the time.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"},
        "spec": {"hard": {"limits.cpu": "1"}},
    });
    let rows: [Row; 5] = [
        (
            "unschedulable",
            4,
            "{name: a, uses: 'docker://example/a:1', gpus: 500, replicas: 2}",
            None,
        ),
        ("claim-pending", 4, "{name: a, uses: 'docker://example/a:1', volumes: /nothing}", None),
        ("pod-refused", 4, "{name: a, uses: 'docker://example/a:1'}", Some(quota.clone())),
        (
            "pod-refused",
            4,
            "{name: a, uses: 'docker://example/a:1', volumes: /refused}",
            Some(quota),
        ),
        ("pod-refused", 4, "{name: a, uses: 'docker://example/a:1'}", Some(json!("restricted"))),
    ];
    let mut problems = Vec::new();
    println!("| finding | line | s | words |\n|---|---|---|---|");
    for (index, (code, line, executor, plant)) in rows.into_iter().enumerate() {
        let namespace = format!("cause-{index}");
        let security = plant.as_ref().and_then(|plant| plant.as_str());
        let labels = security.map(|level| json!({"pod-security.kubernetes.io/enforce": level}));
        stage.cluster.server.create(&json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": namespace, "labels": labels.unwrap_or_else(|| json!({}))},
        }))?;
        if let Some(mut object) = plant.filter(serde_json::Value::is_object) {
            object["metadata"]["namespace"] = namespace.clone().into();
            stage.cluster.server.create(&object)?;
        }
        let text = format!("jtype: Flow\nwith: {{name: cause}}\nexecutors:\n- {executor}\n");
        let path = stage.flow("cause.yml", &text)?.display().to_string();
        let words = ["apply", &path, "-q", "--mesh", "none", "-n", &namespace, "--timeout", "60s"];
        // Nobody gives this claim a volume.
        let ran = stage.run_alone(&words)?;
        let place = format!("cause.yml:{line}:");
        let found = ran.stderr.lines().find(|text| text.contains(&format!("error[{code}]")));
        let shown = found.unwrap_or_default();
        println!("| {code} | {line} | {:.1} | {shown} |", ran.took.as_secs_f64());
        let accuses = ran.stderr.matches("error[").count();
        let blames_gateway = ran.stderr.contains("error") && shown.contains("`gateway`");
        // A quota and Pod Security hit the gateway as well.
        let most = if code == "pod-refused" { 2 } else { 1 };
        if ran.code != Some(1)
            || found.is_none()
            || !ran.stderr.contains(&place)
            || accuses > most
            || blames_gateway && most == 1
        {
            problems.push(format!("{code} is not found in {executor}: {}", ran.stderr));
        }
        stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    }
    Ok(problems)
}
