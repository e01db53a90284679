//! Ports, Services and addresses.

use serde_json::{Value, json};

use super::object::{Object, container, first, list};
use super::{Check, entries, items, repeated, texts};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "an Ingress and an HTTPRoute lead to a port of a Service of the export",
        find: |objects| {
            let leads = |name: &Value, port: &Value| {
                objects.iter().any(|object| {
                    let mut ports = items(&object.0["spec"]["ports"]);
                    object.kind() == "Service"
                        && Some(object.name()) == name.as_str()
                        && ports.any(|offered| offered["port"] == *port)
                })
            };
            let mut found = Vec::new();
            for object in objects {
                for rule in items(&object.0["spec"]["rules"]) {
                    let paths = items(&rule["http"]["paths"]);
                    let services = paths.map(|path| &path["backend"]["service"]);
                    let bad = services.filter(|it| !leads(&it["name"], &it["port"]["number"]));
                    found.extend(bad.map(|service| format!("{object} {service}")));
                    if object.kind() == "HTTPRoute" {
                        let services = items(&rule["backendRefs"]);
                        let bad = services.filter(|it| !leads(&it["name"], &it["port"]));
                        found.extend(bad.map(|service| format!("{object} {service}")));
                    }
                }
            }
            found
        },
        plant: |objects| {
            let ingress = json!({
                "kind": "Ingress",
                "metadata": {"name": "lost", "namespace": objects[0].namespace()},
                "spec": {"rules": [{"http": {"paths": [
                    {"backend": {"service": {"name": "gateway", "port": {"number": 1}}}},
                ]}}]},
            });
            objects.push(Object(ingress));
        },
    },
    Check {
        rule: "port names have 15 characters at most, and are unique in a Pod or a Service",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects {
                let names: Vec<_> = ports(object)
                    .map(|port| port["name"].as_str())
                    .filter(|name| name.is_some() || object.kind() == "Service")
                    .map(Option::unwrap_or_default)
                    .collect();
                let bad = names.iter().filter(|name| !is_port_name(name)).copied();
                let bad: Vec<_> = bad.chain(repeated(names.iter().copied())).collect();
                found.extend(bad.into_iter().map(|name| format!("{object} `{name}`")));
            }
            found
        },
        plant: |objects| container(objects)["ports"][0]["name"] = json!("a-name-too-long-"),
    },
    Check {
        rule: "no port is there twice, in the containers of a Pod or in a Service",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects {
                let number = if object.kind() == "Service" { "port" } else { "containerPort" };
                let numbers =
                    repeated(ports(object).map(|port| (&port[number], &port["protocol"])));
                found.extend(numbers.into_iter().map(|(number, _)| format!("{object} {number}")));
            }
            found
        },
        plant: |objects| {
            let ports = list(&mut container(objects)["ports"]);
            let mut second = ports[0].clone();
            second["name"] = json!("second");
            ports.push(second);
        },
    },
    Check {
        rule: "a Service selects Pods of the export, and leads to ports that they have",
        find: |objects| {
            let mut found = Vec::new();
            for service in objects.iter().filter(|object| object.kind() == "Service") {
                let Some(workload) = selected(service, objects) else {
                    found.push(service.to_string());
                    continue;
                };
                let targets = ports(service).map(|port| &port["targetPort"]);
                let lost = targets.filter(|target| {
                    !ports(workload)
                        .any(|port| port["containerPort"] == **target || port["name"] == **target)
                });
                found.extend(lost.map(|target| format!("{service} {target}")));
            }
            found
        },
        plant: |objects| first(objects, "Service")["spec"]["ports"][0]["targetPort"] = json!(1),
    },
    Check {
        rule: "a headless Service leads to the port that it names: nothing translates there",
        find: |objects| {
            let services = objects.iter().filter(|object| is_headless(object));
            services
                .flat_map(|service| ports(service).map(move |port| (service, port)))
                .filter(|(_, port)| {
                    port["targetPort"].is_i64() && port["targetPort"] != port["port"]
                })
                .map(|(service, port)| format!("{service} {}", port["port"]))
                .collect()
        },
        plant: |objects| {
            let service = first(objects, "Service");
            service["spec"]["clusterIP"] = json!("None");
            service["spec"]["ports"][0]["port"] = json!(9);
        },
    },
    Check {
        rule: "a StatefulSet is governed by a headless Service of the export",
        find: |objects| {
            let sets = objects.iter().filter(|object| object.kind() == "StatefulSet");
            sets.filter(|set| {
                let name = set.0["spec"]["serviceName"].as_str();
                !objects.iter().any(|o| is_headless(o) && Some(o.name()) == name)
            })
            .map(ToString::to_string)
            .collect()
        },
        plant: |objects| first(objects, "Deployment")["kind"] = json!("StatefulSet"),
    },
    Check {
        rule: "an address inside the cluster is a Service of the export, and a port of it",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects {
                for container in object.containers() {
                    for word in texts(&container["args"]) {
                        let lost = addresses(word).filter(|address| !leads(*address, objects));
                        found.extend(lost.map(|(host, port)| format!("{object} {host}:{port}")));
                    }
                }
            }
            found
        },
        plant: |objects| {
            let namespace = objects[0].namespace().to_owned();
            container(objects)["args"][0] =
                json!(format!("[\"grpc://lost.{namespace}.svc:8080\"]"));
        },
    },
];

/// The ports of a Service, or of all containers of a workload.
fn ports(object: &Object) -> Box<dyn Iterator<Item = &Value> + '_> {
    if object.kind() == "Service" {
        Box::new(items(&object.0["spec"]["ports"]))
    } else {
        Box::new(object.containers().flat_map(|container| items(&container["ports"])))
    }
}

/// RFC 6335, as Kubernetes reads it.
fn is_port_name(name: &str) -> bool {
    (1..=15).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && name.contains(|c: char| c.is_ascii_lowercase())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

fn is_headless(object: &Object) -> bool {
    object.kind() == "Service" && object.0["spec"]["clusterIP"] == "None"
}

/// The workload whose Pods a Service selects.
fn selected<'a>(service: &Object, objects: &'a [Object]) -> Option<&'a Object> {
    let selector = &service.0["spec"]["selector"];
    objects.iter().filter(|object| object.is_workload()).find(|workload| {
        let labels = &workload.template()["metadata"]["labels"];
        entries(selector).next().is_some()
            && entries(selector).all(|(key, value)| labels[key.as_str()] == *value)
    })
}

/// The parts of a text that look like `SERVICE.NAMESPACE.svc:PORT`.
fn addresses(word: &str) -> impl Iterator<Item = (&str, &str)> {
    word.match_indices(".svc:").map(|(at, _)| {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let start = word[..at].rfind(|c| !part(c)).map_or(0, |before| before + 1);
        let end = word[at + 5..].find(|c: char| !c.is_ascii_digit());
        (&word[start..at], &word[at + 5..end.map_or(word.len(), |end| at + 5 + end)])
    })
}

fn leads((host, port): (&str, &str), objects: &[Object]) -> bool {
    let Some((name, namespace)) = host.split_once('.') else { return false };
    objects.iter().any(|object| {
        object.kind() == "Service"
            && object.name() == name
            && object.namespace() == namespace
            && ports(object).any(|offered| offered["port"].as_u64() == port.parse().ok())
    })
}
