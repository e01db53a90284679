//! Whether blocks `kubernetes` are merged as the API server merges a strategic merge patch.

use anyhow::Context as _;
use backend_k8s::{Kubernetes, Options};
use flow_validate::compile;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::server::Server;

/// How many pairs of blocks are merged.
const CASES: u32 = 60;

/// Where the server merges, and where it takes what flowship merged.
const NAMESPACES: [&str; 2] = ["merged-by-server", "merged-by-flowship"];

/// Parts of the specification of Pods; of each list one is taken, or none.
const POD: &[(&str, &[&str])] = &[
    ("nodeSelector", &[r#"{"a": "x"}"#, r#"{"a": "y", "b": "z"}"#, r#"{"a": null}"#]),
    (
        "tolerations",
        &[
            r#"[{"key": "a", "operator": "Exists"}]"#,
            r#"[{"key": "b", "operator": "Equal", "value": "c", "effect": "NoSchedule"}]"#,
            "null",
        ],
    ),
    (
        "volumes",
        &[
            r#"[{"name": "a", "emptyDir": {}}]"#,
            r#"[{"name": "a", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "b", "emptyDir": {}}]"#,
            r#"[{"name": "b", "$patch": "delete"}, {"name": "a", "emptyDir": {}}]"#,
        ],
    ),
    (
        "initContainers",
        &[
            r#"[{"name": "first", "image": "example/first:1"}]"#,
            r#"[{"name": "second", "image": "example/second:1"}, {"name": "first", "image": "example/first:2", "args": ["a"]}]"#,
        ],
    ),
    ("imagePullSecrets", &[r#"[{"name": "a"}]"#, r#"[{"name": "b"}, {"name": "a"}]"#]),
    (
        "hostAliases",
        &[
            r#"[{"ip": "10.0.0.1", "hostnames": ["a"]}]"#,
            r#"[{"ip": "10.0.0.1", "hostnames": ["b", "c"]}, {"ip": "10.0.0.2", "hostnames": ["d"]}]"#,
        ],
    ),
    (
        "topologySpreadConstraints",
        &[
            r#"[{"topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}]"#,
            r#"[{"topologyKey": "zone", "maxSkew": 2, "whenUnsatisfiable": "DoNotSchedule"}]"#,
            r#"[{"topologyKey": "host", "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}]"#,
        ],
    ),
    (
        "affinity",
        &[
            r#"{"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}]}}"#,
            r#"{"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 2, "preference": {"matchExpressions": [{"key": "b", "operator": "In", "values": ["c"]}]}}]}}"#,
            r#"{"nodeAffinity": null}"#,
        ],
    ),
    (
        "securityContext",
        &[
            r#"{"runAsUser": 1000, "supplementalGroups": [1, 2]}"#,
            r#"{"runAsUser": null, "runAsGroup": 5, "supplementalGroups": [3]}"#,
        ],
    ),
    ("dnsConfig", &[r#"{"options": [{"name": "ndots", "value": "2"}]}"#, r#"{"searches": ["a"]}"#]),
    ("enableServiceLinks", &["true", "null"]),
    ("terminationGracePeriodSeconds", &["60", "90"]),
    ("schedulerName", &[r#""mine""#, "null"]),
];

/// Parts of a container.
const CONTAINER: &[(&str, &[&str])] = &[
    (
        "resources",
        &[
            r#"{"limits": {"cpu": 2, "memory": "1Gi"}}"#,
            r#"{"limits": {"cpu": null, "memory": "2Gi"}, "requests": {"cpu": "100m"}}"#,
            r#"{"requests": {"cpu": 0.5}}"#,
        ],
    ),
    (
        "env",
        &[
            r#"[{"name": "A", "value": "1"}]"#,
            r#"[{"name": "B", "value": "2"}, {"name": "A", "value": "3"}]"#,
            r#"[{"name": "A", "$patch": "delete"}, {"name": "C", "value": "4"}]"#,
        ],
    ),
    (
        "securityContext",
        &[
            r#"{"capabilities": {"drop": ["ALL"]}}"#,
            r#"{"capabilities": {"add": ["CHOWN"]}, "readOnlyRootFilesystem": true}"#,
            r#"{"capabilities": {"drop": ["NET_RAW"]}}"#,
        ],
    ),
    ("livenessProbe", &[r#"{"failureThreshold": 9}"#, r#"{"periodSeconds": 30}"#, "null"]),
    ("startupProbe", &[r#"{"timeoutSeconds": 1}"#]),
    ("lifecycle", &[r#"{"preStop": {"sleep": {"seconds": 7}}}"#, "null"]),
    ("imagePullPolicy", &[r#""Always""#]),
    ("workingDir", &[r#""/a""#, r#""/b""#, "null"]),
    ("tty", &["true", "false"]),
];

/// Parts of the specification of a Deployment.
const WORKLOAD: &[(&str, &[&str])] = &[
    (
        "strategy",
        &[r#"{"rollingUpdate": {"maxSurge": "50%"}}"#, r#"{"rollingUpdate": {"maxSurge": 2}}"#],
    ),
    ("minReadySeconds", &["3", "null"]),
    ("revisionHistoryLimit", &["1", "2"]),
];

/// Lists whose order says nothing, with the field that tells their items apart.
const UNORDERED: &[(&str, &str)] = &[
    ("containers", "name"),
    ("env", "name"),
    ("hostAliases", "ip"),
    ("imagePullSecrets", "name"),
    ("initContainers", "name"),
    ("topologySpreadConstraints", "topologyKey"),
    ("volumeMounts", "mountPath"),
    ("volumes", "name"),
];

/// A number that only depends on its arguments.
fn pick(case: u32, layer: u32, field: &str) -> usize {
    let hash = Sha256::digest(format!("{case} {layer} {field}"));
    hash.first().copied().unwrap_or_default().into()
}

/// Some of the parts, the same for the same arguments.
fn choose(case: u32, layer: u32, parts: &[(&str, &[&str])]) -> anyhow::Result<Map<String, Value>> {
    let mut chosen = Map::new();
    for (field, values) in parts {
        let number = pick(case, layer, field);
        if number.is_multiple_of(3) {
            let text = values[number / 3 % values.len()];
            chosen.insert((*field).to_owned(), serde_json::from_str(text)?);
        }
    }
    Ok(chosen)
}

/// A block of each layer.
fn block(case: u32, layer: u32) -> anyhow::Result<Value> {
    Ok(json!({
        "pod": choose(case, layer, POD)?,
        "container": choose(case, layer, CONTAINER)?,
        "workload": {"spec": choose(case, layer, WORKLOAD)?},
    }))
}

/// The patch that says the same as a block.
fn patch(block: &Value) -> Value {
    let mut spec = block["workload"]["spec"].clone();
    let mut pod = block["pod"].clone();
    let mut container = block["container"].clone();
    container["name"] = "executor".into();
    pod["containers"] = json!([container]);
    spec["template"] = json!({"spec": pod});
    json!({"spec": spec})
}

/// The Deployment of an Executor with these blocks, or what is wrong with them.
fn deployment(blocks: Option<&[Value; 2]>) -> anyhow::Result<Result<Value, String>> {
    let mut flow = json!({
        "jtype": "Flow",
        "with": {"name": NAMESPACES[0]},
        "executors": [{
            "name": "encoder",
            "uses": "docker://example/encoder:1.0",
            "env_from_secret": {"TOKEN": {"name": "a", "key": "b"}},
        }],
    });
    if let Some([common, own]) = blocks {
        flow["kubernetes"] = common.clone();
        flow["executors"][0]["kubernetes"] = own.clone();
    }
    let backend = Kubernetes::new(Options::default());
    let text = flow.to_string();
    let compiled =
        compile(("flow.yml", text.as_str()), &backend, &flow_validate::Options::default());
    let Some(bundle) = compiled.bundle else { return Ok(Err(compiled.diagnostics.to_string())) };
    let mut values = bundle.documents().map(|(_, document)| document.value());
    let found = values.find(|it| it["kind"] == "Deployment" && it["metadata"]["name"] == "encoder");
    Ok(Ok(found.context("the Flow has no Deployment")?))
}

/// The specification with the items of lists in one order.
fn ordered(mut value: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (field, value) in map.iter_mut() {
                    let key = UNORDERED.iter().find(|(list, _)| list == field);
                    if let (Some((_, key)), Value::Array(items)) = (key, &mut *value) {
                        items.sort_by_key(|item| item[*key].to_string());
                    }
                    walk(value);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut value);
    value
}

/// Merges many blocks both ways, and returns where the results differ.
#[expect(clippy::print_stdout, reason = "the number of cases is a result")]
pub(super) fn run(server: &Server) -> anyhow::Result<Vec<String>> {
    for namespace in NAMESPACES {
        server.namespace(namespace)?;
    }
    let base = deployment(None)?.map_err(anyhow::Error::msg)?;
    let mut problems = Vec::new();
    let mut equal = 0;
    for case in 0..CASES {
        let blocks = [block(case, 0)?, block(case, 1)?];
        server.create(&base)?;
        let mut by_server = Ok(Value::Null);
        for block in &blocks {
            by_server = server.strategic(&base, &patch(block))?;
            if by_server.is_err() {
                break;
            }
        }
        server
            .delete(&format!("/apis/apps/v1/namespaces/{}/deployments/encoder", NAMESPACES[0]))?;
        let by_flowship = match deployment(Some(&blocks))? {
            Ok(mut merged) => {
                merged["metadata"]["namespace"] = NAMESPACES[1].into();
                server.dry_run(&merged)?
            }
            Err(why) => Err(why),
        };
        match (by_server, by_flowship) {
            (Ok(server), Ok(own)) => {
                let (server, own) = (ordered(server["spec"].clone()), ordered(own["spec"].clone()));
                if server == own {
                    equal += 1;
                } else {
                    problems
                        .push(format!("{blocks:?}: the server merges\n{server}\nflowship\n{own}"));
                }
            }
            (Err(_), Err(_)) => {}
            (Ok(_), Err(why)) => problems.push(format!("{blocks:?}: only flowship refuses: {why}")),
            (Err(why), Ok(_)) => {
                problems.push(format!("{blocks:?}: only the server refuses: {why}"));
            }
        }
    }
    println!("{equal} of {CASES} pairs of blocks are merged as the server merges them");
    if equal < CASES / 2 {
        problems.push(format!("only {equal} pairs of blocks are accepted"));
    }
    for namespace in NAMESPACES {
        server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    }
    Ok(problems)
}
