//! What the words of a Flow are on one cluster: spot machines, shared GPUs, kinds of storage.

use flow_model::names::{DNS_SUBDOMAIN, is_dns_subdomain};
use flow_model::source::{Budget, Limits, Mapping, Node, parse};
use flow_model::values::{
    Capacity, FromNode as _, KubernetesBlock, Reader, StorageKind, WRONG_TYPE, WRONG_VALUE,
};
use flow_model::{Diagnostic, Diagnostics, FileId, Sources};

/// The Service of a Prometheus that the Prometheus operator runs in the namespace `monitoring`.
pub(crate) const PROMETHEUS: &str = "http://prometheus-operated.monitoring:9090";

/// What the words of a Flow are on one cluster, as parts of the objects of its workloads.
///
/// Text is YAML:
///
/// ```yaml
/// like: eks # or `aks`, `gke`: what follows changes it
/// capacity:
///   spot: {pod: {nodeSelector: {example.com/pool: spot}}}
/// gpu:
///   shared: {container: {resources: {limits: {nvidia.com/gpu.shared: "1"}}}}
/// storage:
///   efs: {storageClassName: nfs}
/// prometheus: http://prometheus.monitoring:9090
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClusterProfile {
    spot: Option<KubernetesBlock>,
    on_demand: Option<KubernetesBlock>,
    shared_gpu: Option<KubernetesBlock>,
    whole_gpu: Option<KubernetesBlock>,
    disk: Option<String>,
    file_system: Option<String>,
    prometheus: Option<String>,
}

/// The profiles that are built in: name and text.
const BUILT_IN: [(&str, &str); 3] = [
    ("aks", include_str!("profile/aks.yml")),
    ("eks", include_str!("profile/eks.yml")),
    ("gke", include_str!("profile/gke.yml")),
];

impl ClusterProfile {
    /// The names of the profiles that are built in.
    pub const NAMES: [&'static str; 3] = ["aks", "eks", "gke"];

    /// A profile that is built in.
    pub fn named(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        let file = Sources::new().add(name, *text);
        // Tests hold that nothing is found.
        let (profile, _) = Self::read(file, text, &Limits::default());
        Some(profile)
    }

    /// Reads a profile from a file.
    pub fn read(file: FileId, text: &str, limits: &Limits) -> (Self, Diagnostics) {
        let (documents, mut diagnostics) = parse(file, text, &mut Budget::new(limits));
        let mut profile = Self::default();
        if diagnostics.has_errors() {
            // The wrong file may have been named, and findings of the reader may quote it.
            let at = diagnostics.iter().find_map(Diagnostic::span);
            let mut found = Diagnostics::new();
            found.push(
                Diagnostic::new(&WRONG_TYPE, "this file is not valid YAML")
                    .at(at, "cannot be read")
                    .help("write `capacity: {spot: {pod: {nodeSelector: {…}}}}`"),
            );
            return (profile, found);
        }
        for document in &documents {
            let Some(mapping) = document.as_mapping() else {
                let message = "this file is not a profile of a cluster";
                diagnostics.push(
                    Diagnostic::new(&WRONG_TYPE, message)
                        .at(document.span, "expected a mapping")
                        .help("write `capacity: {spot: {pod: {nodeSelector: {…}}}}`"),
                );
                continue;
            };
            profile.read_document(mapping, &mut diagnostics);
        }
        (profile, diagnostics)
    }

    fn read_document(&mut self, mapping: &Mapping, diagnostics: &mut Diagnostics) {
        // What the file says itself is read after it.
        if let Some(entry) = mapping.get("like") {
            self.read_like(&entry.value, diagnostics);
        }
        each(
            mapping,
            &["like", "capacity", "gpu", "storage", "prometheus"],
            diagnostics,
            |key, node, found| {
                if key == "like" {
                    return;
                }
                if key == "prometheus" {
                    self.prometheus = address(node, found);
                    return;
                }
                let known: &[&str] = match key {
                    "capacity" => &["spot", "on-demand"],
                    "gpu" => &["shared", "whole"],
                    _ => &["ebs", "efs"],
                };
                let Some(inner) = node.as_mapping() else {
                    Reader::new(key, found).wrong_type(node, "a mapping");
                    return;
                };
                each(inner, known, found, |word, node, found| match word {
                    "spot" => self.spot = block(word, node, found),
                    "on-demand" => self.on_demand = block(word, node, found),
                    "shared" => self.shared_gpu = block(word, node, found),
                    "whole" => self.whole_gpu = block(word, node, found),
                    "ebs" => self.disk = class(node, found),
                    _ => self.file_system = class(node, found),
                });
            },
        );
    }

    /// Takes over a profile that is built in.
    fn read_like(&mut self, node: &Node, diagnostics: &mut Diagnostics) {
        let known = Self::NAMES.map(|name| format!("`{name}`")).join(", ");
        let mut reader = Reader::new("like", diagnostics);
        let Some(name) = reader.text(node, &known) else { return };
        match Self::named(&name) {
            Some(profile) => *self = profile,
            None => reader.wrong_value(
                node.span,
                "is not a profile that is built in",
                &format!("expected one of {known}"),
            ),
        }
    }

    /// The parts of Pods for a kind of machine.
    pub(crate) fn capacity(&self, capacity: Capacity) -> Option<&KubernetesBlock> {
        match capacity {
            Capacity::Spot => self.spot.as_ref(),
            Capacity::OnDemand => self.on_demand.as_ref(),
        }
    }

    /// The parts of Pods with a share of a GPU.
    pub(crate) fn shared_gpu(&self) -> Option<&KubernetesBlock> {
        self.shared_gpu.as_ref()
    }

    /// The parts of Pods with GPUs of their own.
    pub(crate) fn whole_gpu(&self) -> Option<&KubernetesBlock> {
        self.whole_gpu.as_ref()
    }

    /// The storage class of a kind of storage.
    pub(crate) fn class(&self, kind: StorageKind) -> Option<&str> {
        match kind {
            StorageKind::Ephemeral => None,
            StorageKind::Block => self.disk.as_deref(),
            StorageKind::File => self.file_system.as_deref(),
        }
    }

    /// The address of Prometheus.
    pub(crate) fn prometheus(&self) -> Option<&str> {
        self.prometheus.as_deref()
    }
}

/// Passes each known key that has a value to `read`, and reports the others.
fn each(
    mapping: &Mapping,
    known: &[&str],
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&str, &Node, &mut Diagnostics),
) {
    for entry in mapping.iter() {
        let key = entry.key.value.as_str();
        if !known.contains(&key) {
            let listed: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
            // The wrong file may have been named, so the key is not shown.
            let message = "the profile of a cluster has an unknown key";
            let label = format!("expected {}", listed.join(", "));
            diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(entry.key.span, label));
        } else if !entry.value.is_null() {
            read(key, &entry.value, diagnostics);
        }
    }
}

fn block(word: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<KubernetesBlock> {
    KubernetesBlock::from_node(node, &mut Reader::new(word, diagnostics))
}

/// The class of `{storageClassName: NAME}`.
fn class(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    const EXPECTS: &str = "a mapping such as `{storageClassName: fast}`";
    let Some(mapping) = node.as_mapping() else {
        Reader::new("storage", diagnostics).wrong_type(node, EXPECTS);
        return None;
    };
    let mut class = None;
    each(mapping, &["storageClassName"], diagnostics, |key, node, found| {
        let mut reader = Reader::new(key, found);
        let Some(text) = reader.text(node, "the name of a storage class") else { return };
        if is_dns_subdomain(&text) {
            class = Some(text);
        } else {
            let label = format!("expected {DNS_SUBDOMAIN}");
            reader.wrong_value(node.span, "is not the name of a storage class", &label);
        }
    });
    class
}

/// The address of an HTTP server.
fn address(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    const EXPECTS: &str = "an address such as `http://prometheus.monitoring:9090`";
    let mut reader = Reader::new("prometheus", diagnostics);
    let text = reader.text(node, EXPECTS)?;
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_address = rest.is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic() && c != '@')
    });
    if !is_address {
        reader.wrong_value(node.span, "is not an address", &format!("expected {EXPECTS}"));
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use flow_model::source::Limits;
    use flow_model::{Sources, values::Capacity};

    use super::{BUILT_IN, ClusterProfile};

    #[test]
    fn built_in_profiles_know_every_capacity() {
        for name in ClusterProfile::NAMES {
            let profile = ClusterProfile::named(name).expect("it is built in");
            let text =
                BUILT_IN.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
            let file = Sources::new().add(name, text);
            let (_, found) = ClusterProfile::read(file, text, &Limits::default());
            assert!(found.is_empty(), "{name}: {found}");
            assert!(profile.capacity(Capacity::Spot).is_some(), "{name}");
            assert!(profile.capacity(Capacity::OnDemand).is_some(), "{name}");
            assert!(profile.shared_gpu().is_some(), "{name}");
        }
        assert_eq!(ClusterProfile::named("minikube"), None);
    }

    #[test]
    fn only_profiles_are_profiles() {
        for (text, findings) in [
            ("", 0),
            ("prometheus: http://p:9090", 0),
            ("like: gke\nprometheus: http://p:9090", 0),
            ("like: minikube", 1),
            ("prometheus: p:9090", 1),
            ("prometheus: http://user@p", 1),
            ("storage: {efs: {storageClassName: nfs}, ebs: null}", 0),
            ("storage: {efs: nfs}", 1),
            ("storage: {efs: {storageClassName: N}}", 1),
            ("storage: {nfs: {}}", 1),
            ("capacity: {spot: {pods: {}}}", 1),
            ("capacity: spot", 1),
            ("capacities: {}", 1),
            ("[a]", 1),
        ] {
            let file = Sources::new().add("cluster.yml", text);
            let (_, found) = ClusterProfile::read(file, text, &Limits::default());
            assert_eq!(found.len(), findings, "{text}: {found}");
        }
    }
}
