//! Values of variables, which no command shows.

use serde_json::json;

use super::stage::Stage;

const OLD: &str = "canary-of-yesterday";
const NEW: &str = "canary-of-today";

/// Applies a Flow with values of variables, changes them, and lets the API server refuse the Flow with
/// a message that quotes them and contains an escape of a terminal. No command shows any of it.
#[expect(clippy::print_stdout, reason = "the count is what the task is for")]
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let server = &stage.cluster.server;
    let flow = |name: &str, value: &str| {
        let text = format!(
            "jtype: Flow\nwith: {{name: canaries}}\nexecutors:\n- name: a\n  uses: docker://example/a:1\n  env: {{TOKEN: '{value}'}}\n  uses_with: {{key: '{value}', more: {{inner: 'x{value}y'}}}}\n- {{name: b, uses: 'docker://example/b:1', volumes: /data}}\n"
        );
        stage.flow(name, &text).map(|path| path.display().to_string())
    };
    let secret = flow("canaries.yml", "${{ ENV.TOKEN }}")?;
    let plain = flow("plain.yml", "nothing")?;
    let mut runs = 0;
    let mut see = |words: &[&str], path: &str, value: &str, code: i32| -> anyhow::Result<()> {
        let mut all = words.to_vec();
        all.push(path);
        all.extend(["--mesh", "none", "-v"]);
        let environment = [("TOKEN".to_owned(), value.to_owned())];
        let ran = stage.run_with(&all, &environment)?;
        runs += 1;
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        if ran.code != Some(code) {
            problems.push(format!("{words:?} exits with {:?}: {shown}", ran.code));
        }
        for canary in [OLD, NEW, "\u{1b}"] {
            if shown.contains(canary) {
                problems.push(format!("{words:?} shows {canary:?}: {shown}"));
            }
        }
        Ok(())
    };
    let quick = ["apply", "--wait=false"];
    let states: [&[&str]; 4] = [
        &["status"],
        &["status", "-o", "wide"],
        &["status", "-o", "json"],
        &["status", "-o", "yaml"],
    ];
    see(&["diff"], &secret, OLD, 1)?;
    see(&quick, &secret, OLD, 0)?;
    for words in [&["diff"][..], &["diff", "-o", "json"], &["apply", "--dry-run"]] {
        let code = i32::from(words[0] == "diff");
        see(words, &secret, NEW, code)?;
        // Without the variable only the annotation of the object tells what to hide.
        see(words, &plain, OLD, code)?;
    }
    echo(stage, "Deny")?;
    // The server needs a moment until it asks the policy.
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "probe", "namespace": "canaries"}, "data": {"x": "1"},
    });
    for _ in 0..100 {
        if server.dry_run(&object)?.is_err() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    see(&quick, &secret, NEW, 1)?;
    see(&["apply", "--format", "json"], &secret, NEW, 1)?;
    see(&["diff"], &secret, NEW, 1)?;
    echo(stage, "Warn")?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    see(&quick, &secret, NEW, 0)?;
    for words in states {
        let ran = stage.run_with(&[words, &[&secret, "--mesh", "none"]].concat(), &[])?;
        see(words, &secret, NEW, ran.code.unwrap_or_default())?;
    }
    see(&["delete", "--dry-run"], &secret, NEW, 0)?;
    see(&["delete"], &secret, NEW, 0)?;
    println!("{runs} runs");
    server.delete("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/canaries")?;
    server.delete(
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/canaries",
    )?;
    server.delete("/api/v1/namespaces/canaries")?;
    Ok(problems)
}

/// Lets the API server quote what it gets, in refusals or in warnings.
fn echo(stage: &Stage<'_>, action: &str) -> anyhow::Result<()> {
    let server = &stage.cluster.server;
    let kinds = |groups: &[&str], resources: &[&str]| {
        json!({
            "apiGroups": groups, "apiVersions": ["v1"], "resources": resources,
            "operations": ["CREATE", "UPDATE"],
        })
    };
    server.create(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "canaries"},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [
                kinds(&[""], &["configmaps"]), kinds(&["apps"], &["deployments"]),
            ]},
            "validations": [{
                "expression": "false",
                "message": "refused",
                "messageExpression": "'\\x1b[2J' + (has(object.data) ? object.data.map(k, object.data[k]).join(' ') : \
                    object.spec.template.spec.containers[0].args.join(' '))",
            }],
        },
    }))?;
    server.create(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "canaries"},
        "spec": {
            "policyName": "canaries",
            "validationActions": [action],
            "matchResources": {"namespaceSelector": {
                "matchLabels": {"kubernetes.io/metadata.name": "canaries"},
            }},
        },
    }))
}
