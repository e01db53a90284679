//! Names, labels and annotations.

use serde_json::{Value, json};

use super::object::{Object, container, first, list};
use super::{Check, entries, items, repeated, texts};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "names are DNS labels of 63 characters at most, those of Services begin with a letter",
        find: |objects| named(objects, |object| is_object_name(object.kind(), object.name())),
        plant: |objects| first(objects, "Service")["metadata"]["name"] = json!("0-begins"),
    },
    Check {
        rule: "every object is in the namespace of the first, which is a DNS label",
        find: |objects| {
            let namespaced = objects.iter().find(|object| object.kind() != "Namespace");
            let namespace = namespaced.map(Object::namespace).unwrap_or_default();
            named(objects, |object| {
                let is_itself = object.kind() == "Namespace" && object.name() == namespace;
                is_itself || object.namespace() == namespace && is_label(namespace)
            })
        },
        plant: |objects| first(objects, "Service")["metadata"]["namespace"] = json!("elsewhere"),
    },
    Check {
        rule: "no object is there twice",
        find: |objects| {
            repeated(objects.iter().map(|object| (object.kind(), object.name())))
                .into_iter()
                .map(|(kind, name)| format!("{kind} {name}"))
                .collect()
        },
        plant: |objects| objects.push(objects[0].clone()),
    },
    Check {
        rule: "StatefulSets have names of 52 characters at most",
        // The controller makes a label of the name, a hyphen and a hash of ten characters.
        find: |objects| {
            named(objects, |object| object.kind() != "StatefulSet" || object.name().len() <= 52)
        },
        plant: |objects| {
            let deployment = first(objects, "Deployment");
            deployment["kind"] = json!("StatefulSet");
            deployment["metadata"]["name"] = json!("n".repeat(53));
        },
    },
    Check {
        rule: "labels are names and values as an API server takes them",
        find: |objects| {
            every_metadata(objects, "labels", |key, value| {
                is_qualified(key) && value.as_str().is_some_and(|v| v.is_empty() || is_name(v))
            })
        },
        plant: |objects| first(objects, "Deployment")["metadata"]["labels"]["app"] = json!("a/b"),
    },
    Check {
        rule: "annotations have names as an API server takes them, and text",
        find: |objects| {
            every_metadata(objects, "annotations", |key, value| {
                is_qualified(&key.to_lowercase()) && value.is_string()
            })
        },
        plant: |objects| {
            let template = &mut first(objects, "Deployment")["spec"]["template"];
            template["metadata"]["annotations"]["two words"] = json!("");
        },
    },
    Check {
        rule: "environment variables have names, each once in a container",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects {
                for container in object.containers() {
                    let names = || items(&container["env"]).map(|variable| &variable["name"]);
                    let bad = names().filter(|name| !name.as_str().is_some_and(is_variable));
                    let bad = bad.chain(repeated(names()));
                    found.extend(bad.map(|name| format!("{object} {name}")));
                }
            }
            found
        },
        plant: |objects| {
            let env = list(&mut container(objects)["env"]);
            env.push(env[0].clone());
        },
    },
    Check {
        rule: "a ConfigMap's keys are names of files",
        find: |objects| {
            let maps = objects.iter().filter(|object| object.kind() == "ConfigMap");
            maps.flat_map(|map| entries(&map.0["data"]).map(move |(key, _)| (map, key)))
                .filter(|(_, key)| !is_config_key(key))
                .map(|(map, key)| format!("{map} {key}"))
                .collect()
        },
        plant: |objects| first(objects, "ConfigMap")["data"]["a b"] = json!(""),
    },
    Check {
        rule: "the secrets that a Pod names can exist",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects.iter().filter(|object| object.is_workload()) {
                let pulls = items(&object.template()["spec"]["imagePullSecrets"]);
                let variables = object.containers().flat_map(|c| items(&c["env"]));
                let keys = variables.map(|variable| &variable["valueFrom"]["secretKeyRef"]);
                let keys: Vec<_> = keys.filter(|reference| !reference.is_null()).collect();
                let bad_keys =
                    keys.iter().filter(|r| !r["key"].as_str().is_some_and(is_config_key));
                found.extend(bad_keys.map(|reference| format!("{object} {reference}")));
                for reference in pulls.chain(keys) {
                    if !reference["name"].as_str().is_some_and(is_subdomain) {
                        found.push(format!("{object} {reference}"));
                    }
                }
            }
            found
        },
        plant: |objects| {
            let pod = &mut first(objects, "Deployment")["spec"]["template"]["spec"];
            pod["imagePullSecrets"] = json!([{"name": "No_Such"}]);
        },
    },
    Check {
        rule: "an image is a reference without a space",
        find: |objects| {
            let containers = objects.iter().flat_map(|o| o.containers().map(move |c| (o, c)));
            containers
                .filter(|(_, container)| {
                    let image = container["image"].as_str().unwrap_or_default();
                    image.is_empty() || image.contains("://") || image.contains(char::is_whitespace)
                })
                .map(|(object, container)| format!("{object} {}", container["image"]))
                .collect()
        },
        plant: |objects| container(objects)["image"] = json!("docker://example/image"),
    },
    Check {
        rule: "arguments hold no reference to a variable that the kubelet would replace",
        find: |objects| {
            let mut found = Vec::new();
            for object in objects {
                for container in object.containers() {
                    let words = texts(&container["args"]).chain(texts(&container["command"]));
                    let words = words.filter(|word| word.replace("$$", "").contains("$("));
                    found.extend(words.map(|word| format!("{object} `{word}`")));
                }
            }
            found
        },
        plant: |objects| container(objects)["args"][0] = json!("$(HOME)"),
    },
];

fn named(objects: &[Object], good: impl Fn(&Object) -> bool) -> Vec<String> {
    objects.iter().filter(|object| !good(object)).map(ToString::to_string).collect()
}

/// Looks at a map of the metadata of every object and every Pod template.
fn every_metadata(
    objects: &[Object],
    map: &str,
    good: impl Fn(&str, &Value) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for object in objects {
        let own = &object.0["metadata"][map];
        let pods = &object.template()["metadata"][map];
        let bad = entries(own).chain(entries(pods)).filter(|(key, value)| !good(key, value));
        found.extend(bad.map(|(key, value)| format!("{object} {key}={value}")));
    }
    found
}

fn is_object_name(kind: &str, name: &str) -> bool {
    match kind {
        "Service" => is_label(name) && name.starts_with(|c: char| c.is_ascii_lowercase()),
        // Their names become labels of Pods.
        "Deployment" | "StatefulSet" => is_label(name),
        _ => is_subdomain(name),
    }
}

/// RFC 1123, as Kubernetes reads it.
pub(super) fn is_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len())
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// The value of a label, and the last part of its key.
fn is_name(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && ends(text.chars().next())
        && ends(text.chars().next_back())
}

fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(key),
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn is_config_key(key: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=253).contains(&key.len()) && key.chars().all(good) && key != "." && !key.starts_with("..")
}
