//! The Role that `flowship rbac` prints.

use flowship_tests::meaning;
use serde_json::{Value, json};

use super::stage::Stage;

/// Runs every command as an account that has the printed rights, and no others.
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let server = &stage.cluster.server;
    let text = "jtype: Flow\nwith: {name: rights}\nexecutors:\n- {name: a, uses: 'docker://example/a:1', replicas: 2}\n- {name: b, uses: 'docker://example/b:1', volumes: /data}\n";
    let flow = stage.flow("rights.yml", text)?.display().to_string();
    let printed = stage.run(&["rbac", &flow, "-q", "--mesh", "none"])?;
    server.namespace("rights")?;
    server.create(&json!({
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": {"name": "flowship", "namespace": "rights"},
    }))?;
    let subject = json!([{"kind": "ServiceAccount", "name": "flowship", "namespace": "rights"}]);
    for object in meaning::read(&printed.stdout)? {
        let object = object.0;
        server.create(&object)?;
        let kind = object["kind"].as_str().unwrap_or_default();
        let mut binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": format!("{kind}Binding"),
            "metadata": {"name": "flowship"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io", "kind": kind,
                "name": object["metadata"]["name"],
            },
            "subjects": subject,
        });
        if kind == "Role" {
            binding["metadata"]["namespace"] = "rights".into();
        }
        server.create(&binding)?;
    }
    let token = server.token("rights", "flowship")?;
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&stage.cluster.config)?)?;
    config["users"][0]["user"] = json!({"token": token});
    let path = stage.work.join("rights.kubeconfig");
    std::fs::write(&path, config.to_string())?;
    let commands: [(&[&str], i32); 6] = [
        (&["diff"], 1),
        (&["apply", "--timeout", "60s"], 0),
        (&["diff"], 0),
        (&["status"], 0),
        // It reports that the cluster has no default StorageClass for the volume.
        (&["doctor"], 1),
        (&["delete"], 0),
    ];
    for (words, code) in commands {
        let all = [words, &[&flow, "-q", "--mesh", "none"]].concat();
        let ran = stage.run_as(&path, &all)?;
        if ran.code != Some(code) {
            problems.push(format!("{words:?} as flowship: {:?}: {}", ran.code, ran.stderr));
        }
    }
    // Elsewhere the account may do nothing, and is told so.
    let words = ["apply", &flow, "-q", "--mesh", "none", "-n", "default"];
    let ran = stage.run_as(&path, &words)?;
    if ran.code != Some(1) || !ran.stderr.contains("error[not-permitted]") {
        problems.push(format!("without rights: {:?}: {}", ran.code, ran.stderr));
    }
    Ok(problems)
}
