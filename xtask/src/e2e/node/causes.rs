//! What keeps an Executor from starting on a real node, and what `flowship apply` says of it.

use std::path::Path;

use anyhow::ensure;
use serde_json::{Value, json};

use super::applied::Applied;
use super::registry::Registry;
use super::setup::Setup;
use crate::e2e::at_once::at_once;

/// What is planted beside the Flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    Nothing,
    /// A quota that no Pod fits into.
    Quota,
    /// A namespace with Pod Security `restricted`.
    Restricted,
    /// A webhook for Pods that nobody answers.
    Webhook,
}

/// A cause: what it is, the code of the finding, the entry of the Executor besides its name, the line
/// of the entry at which the finding stands, and what is planted.
type Row = (&'static str, &'static str, &'static [&'static str], usize, Plant);

const IMAGE: &str = "uses: IMAGE";

const ROWS: [Row; 24] = [
    (
        "no such image",
        "image-not-pulled",
        &["replicas: 1", "uses: docker://REGISTRY/none:1"],
        2,
        Plant::Nothing,
    ),
    (
        "a registry that wants a login",
        "image-not-pulled",
        &["replicas: 1", "uses: docker://REGISTRY/private:1"],
        2,
        Plant::Nothing,
    ),
    (
        "its Secret is missing",
        "config-not-found",
        &["uses: docker://REGISTRY/private:1", "image_pull_secrets: [registry]"],
        2,
        Plant::Nothing,
    ),
    (
        "a registry that cannot be reached",
        "image-not-pulled",
        &["replicas: 1", "uses: docker://localhost:1/none:1"],
        2,
        Plant::Nothing,
    ),
    (
        "a Secret is missing",
        "config-not-found",
        &[IMAGE, "env_from_secret:", "  KEY: {name: nowhere, key: k}"],
        3,
        Plant::Nothing,
    ),
    (
        "a key of a Secret is missing",
        "config-not-found",
        &[
            IMAGE,
            "env_from_secret:",
            "  PASSWORD: {name: e2e, key: password}",
            "  OTHER: {name: e2e, key: other}",
        ],
        4,
        Plant::Nothing,
    ),
    (
        "a Secret of files is missing",
        "config-not-found",
        &[IMAGE, "kubernetes:", "  files:", "    /keys: {secret: nowhere}"],
        4,
        Plant::Nothing,
    ),
    (
        "a ConfigMap of files is missing",
        "config-not-found",
        &[IMAGE, "kubernetes:", "  files:", "    /settings: {configMap: nowhere}"],
        4,
        Plant::Nothing,
    ),
    (
        "no such program",
        "program-not-started",
        &[IMAGE, "entrypoint: [no-such-program]"],
        2,
        Plant::Nothing,
    ),
    (
        "the process crashes",
        "crashed",
        &[IMAGE, "entrypoint: [python3, -c, 'raise SystemExit(3)']"],
        1,
        Plant::Nothing,
    ),
    (
        "the process crashes after a while",
        "crashed",
        &[IMAGE, "entrypoint: [python3, -c, 'import time; time.sleep(4); raise SystemExit(3)']"],
        1,
        Plant::Nothing,
    ),
    (
        "the process ends",
        "ended",
        &[IMAGE, "entrypoint: [python3, -c, 'print(1)']"],
        1,
        Plant::Nothing,
    ),
    (
        "too little memory",
        "out-of-memory",
        &[
            IMAGE,
            "kubernetes:",
            "  container:",
            "    resources:",
            "      limits:",
            "        memory: 24Mi",
        ],
        6,
        Plant::Nothing,
    ),
    (
        "nobody listens",
        "probe-failed",
        &[IMAGE, "entrypoint: [python3, never.py, closed]", "timeout_ready: 10000"],
        3,
        Plant::Nothing,
    ),
    (
        "nobody answers",
        "probe-failed",
        &[IMAGE, "entrypoint: [python3, never.py, silent]", "timeout_ready: 10000"],
        3,
        Plant::Nothing,
    ),
    ("no GPU", "unschedulable", &[IMAGE, "gpus: 500"], 2, Plant::Nothing),
    (
        "no node has the label",
        "unschedulable",
        &[IMAGE, "kubernetes:", "  pod:", "    nodeSelector: {disk: ssd}"],
        4,
        Plant::Nothing,
    ),
    (
        "too little memory on every node",
        "unschedulable",
        &[IMAGE, "kubernetes:", "  container:", "    resources:", "      requests: {memory: 9Ti}"],
        5,
        Plant::Nothing,
    ),
    ("no storage", "claim-pending", &[IMAGE, "volumes: /data"], 2, Plant::Nothing),
    ("a quota", "pod-refused", &[IMAGE], 0, Plant::Quota),
    ("a quota, with a volume", "pod-refused", &[IMAGE, "volumes: /data"], 0, Plant::Quota),
    ("Pod Security", "pod-refused", &[IMAGE], 0, Plant::Restricted),
    (
        "a ServiceAccount is missing",
        "pod-refused",
        &[IMAGE, "kubernetes:", "  pod:", "    serviceAccountName: nobody"],
        4,
        Plant::Nothing,
    ),
    ("a webhook without an answer", "pod-refused", &[IMAGE], 0, Plant::Webhook),
];

/// How many are planted at the same time: each starts a gateway.
const AT_ONCE: usize = 4;

/// Plants each cause, and looks for the finding, its line and the time.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, config: &Path) -> anyhow::Result<()> {
    let registry = Registry::start()?;
    println!("| cause | finding | line | named after, s |\n|---|---|---|---|");
    let rows: Vec<_> = ROWS.iter().enumerate().collect();
    let mut wrong = Vec::new();
    for (row, answer) in at_once(AT_ONCE, &rows, |(index, row)| {
        (*row, planted(setup, config, &registry.host, *index, row))
    }) {
        let (what, code, _, line, _) = row;
        match answer {
            Ok(seconds) => println!("| {what} | {code} | {line} | {seconds:.1} |"),
            Err(error) => wrong.push(format!("{what}: {error:#}")),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// The line of the Executor's name.
const EXECUTOR: usize = 5;

fn planted(
    setup: &Setup<'_>,
    config: &Path,
    registry: &str,
    index: usize,
    (_, code, entry, line, plant): &Row,
) -> anyhow::Result<f64> {
    let namespace = format!("cause-{index}");
    let deployed = setup.namespace(&namespace)?;
    let object = |value: Value| setup.server.create(&value);
    match plant {
        Plant::Nothing => {}
        Plant::Quota => object(json!({
            "apiVersion": "v1", "kind": "ResourceQuota",
            "metadata": {"name": "none", "namespace": namespace},
            "spec": {"hard": {"limits.cpu": "1"}},
        }))?,
        Plant::Restricted => setup.server.merge(
            &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
            &json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}),
        )?,
        Plant::Webhook => object(json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": namespace},
            "webhooks": [{
                "name": "pods.example.com", "sideEffects": "None", "failurePolicy": "Fail",
                "admissionReviewVersions": ["v1"], "timeoutSeconds": 1,
                "clientConfig": {"url": "https://localhost:1/pods"},
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
                "rules": [{
                    "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                    "resources": ["pods"],
                }],
            }],
        }))?,
    }
    let lines: String = entry.iter().flat_map(|line| ["  ", line, "\n"]).collect();
    let flow = Applied { setup, config, namespace: &namespace };
    let entry = format!("- name: a\n{lines}").replace("REGISTRY", registry);
    let path = flow.write(55_200, entry.trim_end())?;
    let ran = flow.run("apply", &path, &["--quiet", "--timeout", "150s"])?;
    let said = &ran.stderr;
    let place = format!("{namespace}.yml:{}:", EXECUTOR + line);
    // A quota, Pod Security and a webhook refuse the gateway as well.
    let most = if *plant == Plant::Nothing { 1 } else { 2 };
    let found = format!("error[{code}]: ");
    ensure!(
        ran.code == Some(1)
            && said.contains(&found)
            && said.contains(&place)
            && said.matches("error[").count() <= most,
        "expected {code} at {place}\n{said}"
    );
    drop(deployed);
    if *plant == Plant::Webhook {
        let hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        setup.server.delete(&format!("{hooks}/{namespace}"))?;
    }
    Ok(ran.took.as_secs_f64())
}
