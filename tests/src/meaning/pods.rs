//! Containers, probes and volumes.

use serde_json::{Value, json};

use super::names::is_label;
use super::object::{Object, container, first, list};
use super::{Check, items, repeated};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "the containers of a Pod have names of their own",
        find: |objects| {
            each_workload(objects, |workload| {
                let names = || workload.containers().map(|container| &container["name"]);
                let bad = names().filter(|name| !name.as_str().is_some_and(is_label));
                bad.chain(repeated(names())).map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            let containers =
                &mut first(objects, "Deployment")["spec"]["template"]["spec"]["containers"];
            let containers = list(containers);
            let mut second = containers[0].clone();
            second["ports"] = json!([]);
            containers.push(second);
        },
    },
    Check {
        rule: "a selector selects the Pods of its workload",
        find: |objects| {
            each_workload(objects, |workload| {
                let selector = &workload.0["spec"]["selector"]["matchLabels"];
                let labels = &workload.template()["metadata"]["labels"];
                let outside = super::entries(selector).filter(|(k, v)| labels[k.as_str()] != **v);
                let outside = outside.map(|(key, _)| key.clone());
                let empty = super::entries(selector).next().is_none().then(|| "nothing".to_owned());
                outside.chain(empty).collect()
            })
        },
        plant: |objects| {
            let selector = &mut first(objects, "Deployment")["spec"]["selector"];
            selector["matchLabels"]["app"] = json!("another");
        },
    },
    Check {
        rule: "a probe asks a port of its container",
        find: |objects| {
            each_workload(objects, |workload| {
                let mut found = Vec::new();
                for container in workload.containers() {
                    let open = |port: &Value| {
                        items(&container["ports"])
                            .any(|p| p["containerPort"] == *port || p["name"] == *port)
                    };
                    for name in PROBES {
                        for kind in ["grpc", "httpGet", "tcpSocket"] {
                            let port = &container[name][kind]["port"];
                            if !port.is_null() && !open(port) {
                                found.push(format!("{name} {port}"));
                            }
                        }
                    }
                }
                found
            })
        },
        plant: |objects| container(objects)["livenessProbe"]["grpc"] = json!({"port": 1}),
    },
    Check {
        rule: "a rollout may take longer than its Pods may take to start",
        find: |objects| {
            each_workload(objects, |workload| {
                let budget = workload.containers().map(startup_seconds).max().unwrap_or(0);
                let deadline = &workload.0["spec"]["progressDeadlineSeconds"];
                // A StatefulSet has no deadline.
                let too_short =
                    workload.kind() == "Deployment" && deadline.as_i64().unwrap_or(600) <= budget;
                too_short.then(|| format!("{deadline} <= {budget}")).into_iter().collect()
            })
        },
        plant: |objects| first(objects, "Deployment")["spec"]["progressDeadlineSeconds"] = json!(9),
    },
    Check {
        rule: "what a container mounts is a volume of its Pod, each path once, from the root on",
        find: |objects| {
            each_workload(objects, |workload| {
                let spec = &workload.template()["spec"];
                let claims = items(&workload.0["spec"]["volumeClaimTemplates"]);
                let volumes: Vec<_> = items(&spec["volumes"])
                    .map(|volume| &volume["name"])
                    .chain(claims.map(|claim| &claim["metadata"]["name"]))
                    .collect();
                let mut found: Vec<_> = repeated(volumes.iter()).into_iter().copied().collect();
                for container in workload.containers() {
                    let mounts = || items(&container["volumeMounts"]);
                    found.extend(mounts().map(|m| &m["name"]).filter(|n| !volumes.contains(n)));
                    let paths = || mounts().map(|mount| &mount["mountPath"]);
                    found.extend(paths().filter(|p| !p.as_str().is_some_and(is_absolute)));
                    found.extend(repeated(paths()));
                }
                found.into_iter().map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            container(objects)["volumeMounts"] = json!([{"name": "none", "mountPath": "/data"}]);
        },
    },
    Check {
        rule: "the ConfigMaps and claims that a Pod names are part of the export",
        find: |objects| {
            let there = |kind: &str, name: &Value| {
                objects.iter().any(|o| o.kind() == kind && Some(o.name()) == name.as_str())
            };
            each_workload(objects, |workload| {
                let mut found = Vec::new();
                let sources = workload.containers().flat_map(|c| items(&c["envFrom"]));
                for source in sources {
                    let name = &source["configMapRef"]["name"];
                    if !name.is_null() && !there("ConfigMap", name) {
                        found.push(name.to_string());
                    }
                }
                for volume in items(&workload.template()["spec"]["volumes"]) {
                    let claim = &volume["persistentVolumeClaim"]["claimName"];
                    let map = &volume["configMap"]["name"];
                    if !claim.is_null() && !there("PersistentVolumeClaim", claim) {
                        found.push(claim.to_string());
                    }
                    if !map.is_null() && !there("ConfigMap", map) {
                        found.push(map.to_string());
                    }
                }
                found
            })
        },
        plant: |objects| first(objects, "ConfigMap")["metadata"]["name"] = json!("another"),
    },
    Check {
        rule: "a PodDisruptionBudget selects the Pods of one workload with several replicas",
        find: |objects| {
            let budgets = objects.iter().filter(|object| object.kind() == "PodDisruptionBudget");
            let selected = |budget: &Object| {
                let selector = &budget.0["spec"]["selector"]["matchLabels"];
                let workloads = objects.iter().filter(|object| object.is_workload());
                let chosen = workloads.filter(|workload| {
                    let labels = &workload.template()["metadata"]["labels"];
                    super::entries(selector).all(|(key, value)| labels[key.as_str()] == *value)
                });
                chosen.map(|workload| most_replicas(objects, workload)).collect::<Vec<_>>()
            };
            let good =
                |budget: &Object| matches!(selected(budget)[..], [Some(replicas)] if replicas > 1);
            budgets.filter(|budget| !good(budget)).map(Object::to_string).collect()
        },
        plant: |objects| {
            let selector = &mut first(objects, "PodDisruptionBudget")["spec"]["selector"];
            selector["matchLabels"]["app"] = json!("another");
        },
    },
    Check {
        rule: "devices are asked for in whole numbers, and as limits",
        find: |objects| {
            each_workload(objects, |workload| {
                let mut found = Vec::new();
                for container in workload.containers() {
                    let limits = &container["resources"]["limits"];
                    let requests = &container["resources"]["requests"];
                    for (name, amount) in super::entries(limits).filter(|(n, _)| n.contains('/')) {
                        let text = amount.to_string();
                        if text.trim_matches('"').parse::<u32>().is_err() {
                            found.push(format!("{name}={amount}"));
                        }
                    }
                    for (name, amount) in super::entries(requests).filter(|(n, _)| n.contains('/'))
                    {
                        if limits[name.as_str()] != *amount {
                            found.push(format!("{name}={amount}"));
                        }
                    }
                }
                found
            })
        },
        plant: |objects| {
            container(objects)["resources"] = json!({"limits": {"nvidia.com/gpu": "all"}});
        },
    },
];

const PROBES: [&str; 3] = ["startupProbe", "readinessProbe", "livenessProbe"];

fn each_workload(objects: &[Object], find: impl Fn(&Object) -> Vec<String>) -> Vec<String> {
    let workloads = objects.iter().filter(|object| object.is_workload());
    workloads
        .flat_map(|workload| {
            find(workload).into_iter().map(move |what| format!("{workload} {what}"))
        })
        .collect()
}

/// How long a container may take to start.
fn startup_seconds(container: &Value) -> i64 {
    let probe = &container["startupProbe"];
    let number = |key: &str, default| probe[key].as_i64().unwrap_or(default);
    if probe.is_null() {
        return 0;
    }
    // A probe that gets no answer takes its timeout, and the next one begins afterwards.
    let attempt = number("periodSeconds", 10).max(number("timeoutSeconds", 1));
    number("initialDelaySeconds", 0) + attempt * number("failureThreshold", 3)
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') && !path.contains(':') && !path.split('/').any(|part| part == "..")
}

/// How many replicas a workload has at the most: an autoscaler sets their number.
fn most_replicas(objects: &[Object], workload: &Object) -> Option<i64> {
    let fixed = workload.0["spec"]["replicas"].as_i64();
    fixed.or_else(|| {
        objects.iter().find_map(|scaler| {
            let spec = &scaler.0["spec"];
            let target = &spec["scaleTargetRef"];
            let is_target = target["kind"] == workload.kind() && target["name"] == workload.name();
            let most = spec["maxReplicas"].as_i64().or_else(|| spec["maxReplicaCount"].as_i64());
            most.filter(|_| is_target)
        })
    })
}
