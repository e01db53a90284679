//! The part of a workload that a cause is about, as a JSON pointer: findings stand at the line that
//! names what is missing.

use flow_model::pointer_token;
use serde_json::Value;

/// The template of Pods.
pub(super) const TEMPLATE: &str = "/spec/template";

/// The list of Secrets of registries.
pub(super) const PULL_SECRETS: &str = "/spec/template/spec/imagePullSecrets";

/// The list of volumes.
pub(super) const VOLUMES: &str = "/spec/template/spec/volumes";

/// A workload as the Flow writes it; null where it is not known.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a>(pub(super) &'a Value);

impl<'a> Parts<'a> {
    fn pod(self) -> &'a Value {
        &self.0["spec"]["template"]["spec"]
    }

    /// A container, by its name.
    fn container(self, name: &str) -> Option<(String, &'a Value)> {
        for list in ["containers", "initContainers"] {
            let found = find(&self.pod()[list], |container| container["name"] == name);
            if let Some((index, container)) = found {
                return Some((format!("{TEMPLATE}/spec/{list}/{index}"), container));
            }
        }
        None
    }

    /// A field of a container.
    pub(super) fn of_container(self, name: &str, field: &str) -> String {
        match self.container(name) {
            Some((pointer, _)) => format!("{pointer}/{field}"),
            None => TEMPLATE.to_owned(),
        }
    }

    /// The variable, or the list of variables, for which a container needs what a message names.
    pub(super) fn of_config(self, container: &str, message: &str) -> String {
        let Some((pointer, container)) = self.container(container) else {
            return TEMPLATE.to_owned();
        };
        let reference = |variable: &Value, field: &str| {
            let kinds = ["secretKeyRef", "configMapKeyRef"];
            kinds.into_iter().find_map(|kind| variable["valueFrom"][kind].get(field).cloned())
        };
        let needs = |variable: &Value| {
            reference(variable, "name").is_some_and(|name| is_named(message, &name))
        };
        let has_key = |variable: &Value| {
            let key = reference(variable, "key");
            let key = key.as_ref().and_then(Value::as_str);
            key.is_some_and(|key| message.contains(&format!("key {key} ")))
        };
        // Several variables may be of one Secret that is there, without one of the keys.
        let variable = find(&container["env"], |variable| needs(variable) && has_key(variable))
            .or_else(|| find(&container["env"], needs));
        if let Some((index, _)) = variable {
            return format!("{pointer}/env/{index}");
        }
        let source = find(&container["envFrom"], |source| {
            ["secretRef", "configMapRef"]
                .iter()
                .any(|kind| is_named(message, &source[*kind]["name"]))
        });
        match source {
            Some((index, _)) => format!("{pointer}/envFrom/{index}"),
            None => pointer,
        }
    }

    /// The Secret of a registry that a message names, or the list of them.
    pub(super) fn of_pull_secret(self, message: &str) -> String {
        let secrets = &self.pod()["imagePullSecrets"];
        match find(secrets, |secret| is_named(message, &secret["name"])) {
            Some((index, _)) => format!("{PULL_SECRETS}/{index}"),
            None => PULL_SECRETS.to_owned(),
        }
    }

    /// The volume that a message names: `MountVolume.SetUp failed for volume "keys" : …`.
    pub(super) fn of_volume(self, message: &str) -> String {
        let volumes = &self.pod()["volumes"];
        let is_named = |volume: &Value| {
            let name = volume["name"].as_str();
            name.is_some_and(|name| message.contains(&format!("volume \"{name}\"")))
        };
        match find(volumes, is_named) {
            Some((index, _)) => format!("{VOLUMES}/{index}"),
            None => TEMPLATE.to_owned(),
        }
    }

    /// What a claim is made of: a template of the workload, or a volume of its Pods.
    pub(super) fn of_claim(self, claim: &str) -> String {
        let workload = self.0["metadata"]["name"].as_str().unwrap_or_default();
        let is_of = |template: &Value| {
            let name = template["metadata"]["name"].as_str().unwrap_or_default();
            let number = claim.strip_prefix(&format!("{name}-{workload}-"));
            number.is_some_and(|number| number.parse::<u32>().is_ok())
        };
        if let Some((index, _)) = find(&self.0["spec"]["volumeClaimTemplates"], is_of) {
            return format!("/spec/volumeClaimTemplates/{index}");
        }
        let is_claim = |volume: &Value| volume["persistentVolumeClaim"]["claimName"] == claim;
        match find(&self.pod()["volumes"], is_claim) {
            Some((index, _)) => format!("{VOLUMES}/{index}"),
            None => "/spec/volumeClaimTemplates/0".to_owned(),
        }
    }

    /// What no node has, as the scheduler says: `0/3 nodes are available: 3 Insufficient nvidia.com/gpu.`
    pub(super) fn of_scheduling(self, message: &str) -> String {
        for (list, index, container) in self.containers() {
            for kind in ["limits", "requests"] {
                let amounts = container["resources"][kind].as_object();
                let names = amounts.into_iter().flat_map(serde_json::Map::keys);
                let mut missing = names.filter(|name| {
                    let rest = message.split(&format!("Insufficient {name}")).nth(1);
                    rest.is_some_and(|rest| {
                        !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
                    })
                });
                if let Some(name) = missing.next() {
                    let token = pointer_token(name);
                    return format!("{TEMPLATE}/spec/{list}/{index}/resources/{kind}/{token}");
                }
            }
        }
        for (words, field) in [
            ("node affinity/selector", "nodeSelector"),
            ("node affinity/selector", "affinity"),
            ("untolerated taint", "tolerations"),
            ("topology spread", "topologySpreadConstraints"),
            ("anti-affinity", "affinity"),
        ] {
            if message.contains(words) && !self.pod()[field].is_null() {
                return format!("{TEMPLATE}/spec/{field}");
            }
        }
        format!("{TEMPLATE}/spec/containers/0/resources")
    }

    fn containers(self) -> impl Iterator<Item = (&'static str, usize, &'a Value)> {
        ["containers", "initContainers"].into_iter().flat_map(move |list| {
            let items = self.pod()[list].as_array().into_iter().flatten();
            items.enumerate().map(move |(index, container)| (list, index, container))
        })
    }
}

fn find(list: &Value, is: impl Fn(&Value) -> bool) -> Option<(usize, &Value)> {
    list.as_array()?.iter().enumerate().find(|(_, item)| is(item))
}

/// Whether a message names an object: `secret "keys" not found`, `Secret shop/keys`, `(keys, other)`.
fn is_named(message: &str, name: &Value) -> bool {
    let Some(name) = name.as_str().filter(|name| !name.is_empty()) else { return false };
    let is_part =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    message.match_indices(name).any(|(at, _)| {
        let rest = &message[at + name.len()..];
        // A sentence may end after it.
        let end = rest
            .strip_prefix('.')
            .filter(|rest| rest.starts_with(' ') || rest.is_empty())
            .unwrap_or(rest);
        !is_part(message[..at].chars().next_back()) && !is_part(end.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Parts;

    fn workload() -> Value {
        json!({
            "metadata": {"name": "a"},
            "spec": {
                "volumeClaimTemplates": [
                    {"metadata": {"name": "data"}}, {"metadata": {"name": "data-a"}},
                ],
                "template": {"spec": {
                    "imagePullSecrets": [{"name": "registry"}, {"name": "registry-2"}],
                    "nodeSelector": {"disk": "ssd"},
                    "tolerations": [{"key": "gpu"}],
                    "volumes": [
                        {"name": "keys", "secret": {"secretName": "keys"}},
                        {"name": "cache", "persistentVolumeClaim": {"claimName": "a-cache"}},
                    ],
                    "initContainers": [{"name": "fetch", "env": [
                        {"name": "T", "valueFrom": {"secretKeyRef": {"name": "token", "key": "t"}}},
                    ]}],
                    "containers": [
                        {"name": "executor", "resources": {
                            "limits": {"nvidia.com/gpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1"},
                        }, "env": [
                            {"name": "A", "value": "keys"},
                            {"name": "K", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "k"}}},
                            {"name": "L", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "l"}}},
                            {"name": "M", "valueFrom": {"configMapKeyRef": {"name": "map", "key": "m"}}},
                        ], "envFrom": [{"configMapRef": {"name": "a"}}, {"secretRef": {"name": "all"}}]},
                    ],
                }},
            },
        })
    }

    /// Messages of the kubelet 1.33, and the parts that they are about.
    #[test]
    fn a_cause_is_about_the_part_that_names_what_is_missing() {
        let workload = workload();
        let parts = Parts(&workload);
        let spec = "/spec/template/spec";
        for (message, part) in [
            ("secret \"keys\" not found", "containers/0/env/1"),
            ("couldn't find key k in Secret shop/keys", "containers/0/env/1"),
            ("couldn't find key l in Secret shop/keys", "containers/0/env/2"),
            ("configmap \"map\" not found", "containers/0/env/3"),
            ("configmap \"a\" not found", "containers/0/envFrom/0"),
            ("secret \"all\" not found", "containers/0/envFrom/1"),
            ("secret \"other-keys\" not found", "containers/0"),
            ("failed to sync secret cache", "containers/0"),
        ] {
            assert_eq!(parts.of_config("executor", message), format!("{spec}/{part}"), "{message}");
        }
        let fetch = parts.of_config("fetch", "secret \"token\" not found");
        assert_eq!(fetch, format!("{spec}/initContainers/0/env/0"));
        let proxy = parts.of_config("istio-proxy", "secret \"keys\" not found");
        assert_eq!(proxy, "/spec/template");
        for (message, part) in [
            ("Unable to retrieve some image pull secrets (registry); attempting", "/0"),
            ("Unable to retrieve some image pull secrets (other, registry-2); attempting", "/1"),
            ("Unable to retrieve some image pull secrets (other); attempting", ""),
        ] {
            let expected = format!("{spec}/imagePullSecrets{part}");
            assert_eq!(parts.of_pull_secret(message), expected, "{message}");
        }
        for (message, part) in [
            (
                "MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found",
                "/spec/volumes/0",
            ),
            ("MountVolume.SetUp failed for volume \"kube-api-access-x\" : failed to sync", ""),
        ] {
            assert_eq!(parts.of_volume(message), format!("/spec/template{part}"), "{message}");
        }
        for (claim, part) in [
            ("data-a-0", "/spec/volumeClaimTemplates/0"),
            ("data-a-a-1", "/spec/volumeClaimTemplates/1"),
            ("a-cache", "/spec/template/spec/volumes/1"),
        ] {
            assert_eq!(parts.of_claim(claim), part, "{claim}");
        }
        let of_node = "0/1 nodes are available: 1";
        for (message, part) in [
            (
                "Insufficient nvidia.com/gpu. preemption: 0/1",
                "containers/0/resources/limits/nvidia.com~1gpu",
            ),
            ("Insufficient memory.", "containers/0/resources/limits/memory"),
            ("Insufficient cpu, 1 Insufficient memory.", "containers/0/resources/limits/memory"),
            ("Insufficient cpu.", "containers/0/resources/requests/cpu"),
            ("Insufficient nvidia.com/gpu-shared.", "containers/0/resources"),
            ("node(s) didn't match Pod's node affinity/selector.", "nodeSelector"),
            ("node(s) had untolerated taint {gpu: }.", "tolerations"),
            ("Too many pods.", "containers/0/resources"),
        ] {
            let expected = format!("{spec}/{part}");
            assert_eq!(parts.of_scheduling(&format!("{of_node} {message}")), expected, "{message}");
        }
    }
}
