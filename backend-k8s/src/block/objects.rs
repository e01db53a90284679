//! `objects` of blocks: whole objects that belong to a workload or to the Flow.

use std::collections::BTreeMap;

use flow_model::keys::nearest;
use flow_model::names::{is_dns_label, is_dns_subdomain};
use flow_model::values::{BlockWord, KubernetesBlock, Tree, WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Document, ObjectId, Span, pointer_token};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    ConfigMap, Endpoints, LimitRange, PersistentVolumeClaim, Pod, ResourceQuota, Secret, Service,
    ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::check::check_whole;
use super::patch::Patch;
use super::{complete, custom, owned};
use crate::mesh::Metadata;
use crate::rules::FOREIGN_OBJECT;

/// Checks a tree against a type.
type Check = fn(&Tree, &mut Diagnostics) -> Patch;

fn of<T: DeserializeOwned + Serialize>(tree: &Tree, diagnostics: &mut Diagnostics) -> Patch {
    let mut found = Diagnostics::new();
    let (patch, _) = check_whole::<T>("objects", tree, &mut found);
    if !found.has_errors() {
        let (value, origins) = patch.clone().into_object();
        let place = |pointer: &str| Some(origins.find(pointer).or(tree.span));
        complete::check::<T>(&value, &place, &mut found);
    }
    diagnostics.extend(found);
    patch
}

/// What is known of the kind of an object.
enum Kind {
    /// A kind of Kubernetes itself.
    BuiltIn(Check),
    /// A kind that clusters define.
    Defined(&'static custom::Type),
    /// A kind whose fields are not known.
    Unknown,
}

/// Checks the metadata of an object that no type of k8s-openapi describes.
fn custom_metadata(tree: &Tree, diagnostics: &mut Diagnostics) {
    if let Some(metadata) = tree.value.get("metadata") {
        check_whole::<ObjectMeta>("metadata", metadata, diagnostics);
    }
}

/// The kinds with known types, by API version.
const KINDS: &[(&str, &str, Check)] = &[
    ("v1", "ConfigMap", of::<ConfigMap>),
    ("v1", "Endpoints", of::<Endpoints>),
    ("v1", "LimitRange", of::<LimitRange>),
    ("v1", "PersistentVolumeClaim", of::<PersistentVolumeClaim>),
    ("v1", "Pod", of::<Pod>),
    ("v1", "ResourceQuota", of::<ResourceQuota>),
    ("v1", "Secret", of::<Secret>),
    ("v1", "Service", of::<Service>),
    ("v1", "ServiceAccount", of::<ServiceAccount>),
    ("apps/v1", "DaemonSet", of::<DaemonSet>),
    ("apps/v1", "Deployment", of::<Deployment>),
    ("apps/v1", "StatefulSet", of::<StatefulSet>),
    ("autoscaling/v2", "HorizontalPodAutoscaler", of::<HorizontalPodAutoscaler>),
    ("batch/v1", "CronJob", of::<CronJob>),
    ("batch/v1", "Job", of::<Job>),
    ("networking.k8s.io/v1", "Ingress", of::<Ingress>),
    ("networking.k8s.io/v1", "NetworkPolicy", of::<NetworkPolicy>),
    ("policy/v1", "PodDisruptionBudget", of::<PodDisruptionBudget>),
    ("rbac.authorization.k8s.io/v1", "Role", of::<Role>),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", of::<RoleBinding>),
];

/// Kinds that belong to the cluster, not to a namespace.
const OF_CLUSTER: &[&str] = &[
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "GatewayClass",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
];

/// The documents of the objects of a block, with the labels of their owner.
pub(crate) fn documents(
    block: &KubernetesBlock,
    namespace: &str,
    labels: &BTreeMap<String, String>,
    more: &Metadata,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let Some(entry) = block.get(BlockWord::Objects) else { return Vec::new() };
    let objects = entry.value.as_list().unwrap_or_default().iter();
    objects.filter_map(|tree| document(tree, namespace, labels, more, diagnostics)).collect()
}

fn document(
    tree: &Tree,
    namespace: &str,
    labels: &BTreeMap<String, String>,
    more: &Metadata,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    if tree.value.as_mapping().is_none() {
        let message = format!("`objects` takes objects, not {}", tree.value.kind());
        let finding = Diagnostic::new(&WRONG_TYPE, message).at(tree.span, "expected a mapping");
        diagnostics.push(finding.help("write `{apiVersion: …, kind: …, metadata: {name: …}}`"));
        return None;
    }
    let api_version = text(tree, "apiVersion", diagnostics)?;
    let kind = text(tree, "kind", diagnostics)?;
    let check = known(tree, &api_version, &kind, diagnostics)?;
    let patch = match check {
        Kind::BuiltIn(check) => check(tree, diagnostics),
        Kind::Defined(kind) => {
            custom_metadata(tree, diagnostics);
            custom::check(kind, tree, diagnostics)
        }
        Kind::Unknown => {
            custom_metadata(tree, diagnostics);
            Patch::untyped(tree)
        }
    };
    let name = name(tree, &kind, diagnostics)?;
    let (mut value, origins) = patch.into_object();
    check_namespace(tree, namespace, diagnostics);
    let metadata = value.get_mut("metadata").and_then(Value::as_object_mut)?;
    metadata.insert("namespace".to_owned(), namespace.into());
    for (field, texts, is_owned) in [
        ("labels", &more.labels, false),
        ("annotations", &more.annotations, false),
        ("labels", labels, true),
    ] {
        if texts.is_empty() {
            continue;
        }
        let slot = metadata.entry(field).or_insert_with(|| Value::Object(Map::new()));
        let Some(map) = slot.as_object_mut() else { continue };
        for (name, text) in texts {
            let own = map.get(name).filter(|own| is_owned && own.as_str() != Some(text));
            if own.is_some() {
                let pointer = format!("/metadata/{field}/{}", pointer_token(name));
                let help = "remove it: flowship finds the objects of a Flow by this label";
                diagnostics.push(owned::finding("flowship", name, origins.find(&pointer), help));
            } else if is_owned || !map.contains_key(name) {
                map.insert(name.clone(), text.as_str().into());
            }
        }
    }
    let id = ObjectId { api_version: api_version.into(), kind: kind.into(), name };
    Some(Document::new(value, origins).of(id))
}

/// The text of a field that every object has.
fn text(tree: &Tree, field: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let found = tree.value.get(field).and_then(|value| value.value.as_text());
    if found.is_none_or(str::is_empty) {
        let message = format!("an object has no `{field}`");
        let finding = Diagnostic::new(&WRONG_VALUE, message)
            .at(tree.span, format!("expected `{field}`"))
            .help("write `{apiVersion: …, kind: …, metadata: {name: …}}`");
        diagnostics.push(finding);
        return None;
    }
    found.map(str::to_owned)
}

fn place(tree: &Tree, field: &str) -> Option<Span> {
    tree.value.get(field).and_then(|value| value.span).or(tree.span)
}

fn of_cluster(tree: &Tree, kind: &str) -> Diagnostic {
    let message = format!("a {kind} belongs to the cluster, not to a Flow");
    Diagnostic::new(&FOREIGN_OBJECT, message)
        .at(place(tree, "kind"), "expected a kind that has a namespace")
        .help("apply it separately")
}

fn other_version(tree: &Tree, kind: &str, version: &str) -> Diagnostic {
    Diagnostic::new(&WRONG_VALUE, format!("a {kind} has another `apiVersion`"))
        .at(place(tree, "apiVersion"), format!("expected `{version}`"))
        .help(format!("write `apiVersion: {version}`"))
}

/// The check of a kind. A kind of another group has a type that is not known here, and is written as
/// it is.
fn known(
    tree: &Tree,
    api_version: &str,
    kind: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Kind> {
    let is_hidden = |field: &str| place(tree, field).is_some_and(|span| span.substituted);
    if OF_CLUSTER.contains(&kind) {
        diagnostics.push(of_cluster(tree, kind));
        return None;
    }
    if kind == "List" {
        let finding = Diagnostic::new(&FOREIGN_OBJECT, "a List is not an object of its own")
            .at(place(tree, "kind"), "expected the kind of one object")
            .help("write its items under `objects` directly");
        diagnostics.push(finding);
        return None;
    }
    let mut of_kind = KINDS.iter().filter(|(_, known, _)| *known == kind);
    if let Some((_, _, check)) =
        KINDS.iter().find(|(version, known, _)| (*version, *known) == (api_version, kind))
    {
        return Some(Kind::BuiltIn(*check));
    }
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    // Kubernetes' own groups have no dot, or these names.
    let is_own = !group.contains('.')
        || KINDS
            .iter()
            .any(|(version, ..)| version.split_once('/').is_some_and(|(g, _)| g == group));
    if let Some((version, ..)) = of_kind.next().filter(|(version, ..)| {
        is_own || version.split_once('/').is_some_and(|(known, _)| known == group)
    }) {
        diagnostics.push(other_version(tree, kind, version));
        return None;
    }
    let near = nearest(kind, KINDS.iter().map(|(_, known, _)| *known)).filter(|_| is_own);
    if let Some(near) = near.filter(|_| !is_hidden("kind")) {
        let message = format!("`{api_version}` has no kind `{kind}`");
        let finding = Diagnostic::new(&WRONG_VALUE, message)
            .at(place(tree, "kind"), format!("expected `{near}`"));
        diagnostics.push(finding.help(format!("write `kind: {near}`")));
        return None;
    }
    if is_own && (group.is_empty() && api_version != "v1" || group.contains('/')) {
        let finding = Diagnostic::new(&WRONG_VALUE, "an object has an unknown `apiVersion`")
            .at(place(tree, "apiVersion"), "expected `v1` or `GROUP/VERSION`");
        diagnostics.push(finding);
        return None;
    }
    let parts = api_version.split('/').count();
    let is_version = api_version.rsplit('/').next().is_some_and(is_dns_label);
    if parts > 2 || !is_version {
        let finding = Diagnostic::new(&WRONG_VALUE, "`apiVersion` is not valid")
            .at(place(tree, "apiVersion"), "expected `v1` or `GROUP/VERSION`");
        diagnostics.push(finding);
        return None;
    }
    if is_own && OTHERS.contains(&(api_version, kind)) {
        return Some(Kind::Unknown);
    }
    if is_own {
        let shown = if is_hidden("kind") { "this kind".to_owned() } else { format!("`{kind}`") };
        let finding = Diagnostic::new(&WRONG_VALUE, format!("Kubernetes has no kind {shown}"))
            .at(place(tree, "kind"), "expected a kind of this `apiVersion`");
        diagnostics.push(finding);
        return None;
    }
    defined(tree, api_version, kind, diagnostics)
}

/// The kind of a group that clusters define.
fn defined(
    tree: &Tree,
    api_version: &str,
    kind: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Kind> {
    let is_hidden = |field: &str| place(tree, field).is_some_and(|span| span.substituted);
    let finding = match custom::known(api_version, kind) {
        custom::Known::Type(kind) => return Some(Kind::Defined(kind)),
        custom::Known::Nothing => return Some(Kind::Unknown),
        custom::Known::Misspelled(_) if is_hidden("kind") => return Some(Kind::Unknown),
        custom::Known::OfCluster => of_cluster(tree, kind),
        custom::Known::OtherVersion(version) => {
            let group = api_version.split_once('/').map_or("", |(group, _)| group);
            other_version(tree, kind, &format!("{group}/{version}"))
        }
        custom::Known::Misspelled(near) => {
            Diagnostic::new(&WRONG_VALUE, format!("`{api_version}` has no kind `{kind}`"))
                .at(place(tree, "kind"), format!("expected `{near}`"))
                .help(format!("write `kind: {near}`"))
        }
    };
    diagnostics.push(finding);
    None
}

/// Kinds of Kubernetes itself that are written as they are.
const OTHERS: &[(&str, &str)] = &[
    ("v1", "Event"),
    ("v1", "PodTemplate"),
    ("v1", "ReplicationController"),
    ("apps/v1", "ControllerRevision"),
    ("apps/v1", "ReplicaSet"),
];

fn name(tree: &Tree, kind: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let metadata = tree.value.get("metadata");
    let name = metadata.and_then(|metadata| metadata.value.get("name"));
    let text = name.and_then(|name| name.value.as_text()).unwrap_or_default();
    let is_name = match kind {
        "Service" => is_dns_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase()),
        _ => is_dns_subdomain(text),
    };
    if is_name {
        return Some(text.to_owned());
    }
    let span = name.and_then(|name| name.span).or_else(|| place(tree, "metadata"));
    let message = if name.is_some() {
        format!("a {kind} has a name that no object can have")
    } else {
        format!("a {kind} has no name")
    };
    let finding = Diagnostic::new(&FOREIGN_OBJECT, message)
        .at(span, "expected lower-case letters, digits, `-` and `.`")
        .help("set `metadata: {name: …}`");
    diagnostics.push(finding);
    None
}

fn check_namespace(tree: &Tree, namespace: &str, diagnostics: &mut Diagnostics) {
    let own = tree.value.get("metadata").and_then(|metadata| metadata.value.get("namespace"));
    let Some(own) = own.filter(|own| !own.value.is_null()) else { return };
    if own.value.as_text() != Some(namespace) {
        let message = format!("an object is not in the namespace `{namespace}` of the Flow");
        let finding = Diagnostic::new(&FOREIGN_OBJECT, message)
            .at(own.span, "another namespace")
            .help("remove `namespace`: objects get that of the Flow");
        diagnostics.push(finding);
    }
}
