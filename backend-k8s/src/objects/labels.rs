//! Labels.

use std::collections::BTreeMap;

use flow_model::keys::Role;
use flow_model::plan::{Workload, dns_label};
use flow_model::{Origins, pointer_token};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Context;
use crate::block::BlockMetadata;
use crate::mesh::{MeshFlow, Metadata};
use crate::namespace::Namespace;

/// The selector of a workload's Pods: the same label as in Jina's own export, so that flowship can
/// take over its workloads.
pub(crate) fn selector(workload: &Workload) -> BTreeMap<String, String> {
    BTreeMap::from([("app".to_owned(), dns_label(&workload.name))])
}

/// The recommended labels of Kubernetes on objects of the whole Flow. Namespace and `part-of` together
/// identify the Flow. `app.kubernetes.io/instance` is not set: Argo CD writes the name of its
/// application there, and would always report a difference.
pub(crate) fn of_flow(flow: &MeshFlow<'_>) -> BTreeMap<String, String> {
    BTreeMap::from(flow_labels(flow))
}

fn flow_labels(flow: &MeshFlow<'_>) -> [(String, String); 2] {
    [
        ("app.kubernetes.io/managed-by".to_owned(), "flowship".to_owned()),
        ("app.kubernetes.io/part-of".to_owned(), flow.plan.flow_name()),
    ]
}

/// The labels that Jina's own export sets on Pods; dashboards select by them.
pub(super) fn jina(context: &Context<'_>, workload: &Workload) -> BTreeMap<String, String> {
    let shard = match workload.role {
        Role::Worker => workload.shard.unwrap_or(0).to_string(),
        Role::Gateway | Role::Head | Role::UsesBefore | Role::UsesAfter => String::new(),
    };
    BTreeMap::from([
        ("jina_deployment_name".to_owned(), workload.deployment.clone()),
        ("ns".to_owned(), context.flow.namespace.to_string()),
        ("pod_type".to_owned(), workload.pod_type().to_owned()),
        ("shard_id".to_owned(), shard),
    ])
}

/// The labels of every object that belongs to a workload, without those of its blocks: the selector, and
/// the recommended labels of Kubernetes.
pub(crate) fn generated(flow: &MeshFlow<'_>, workload: &Workload) -> BTreeMap<String, String> {
    let component = match workload.role {
        Role::Gateway => "gateway",
        Role::Head => "head",
        Role::Worker | Role::UsesBefore | Role::UsesAfter => "worker",
    };
    let name = dns_label(&workload.name);
    let [managed_by, part_of] = flow_labels(flow);
    // One map from one list: every object of every workload has these.
    BTreeMap::from([
        ("app".to_owned(), name.clone()),
        ("app.kubernetes.io/component".to_owned(), component.to_owned()),
        managed_by,
        ("app.kubernetes.io/name".to_owned(), name),
        part_of,
    ])
}

/// The origins that all objects of a workload share: the entry; for names, the name of the entry;
/// for the labels of the Flow, the Flow's name.
pub(super) fn origins(context: &Context<'_>, workload: &Workload) -> Origins {
    let mut origins = Origins::new();
    origins.insert("", workload.span);
    origins.insert("/metadata", workload.name_span);
    origins.insert("/metadata/namespace", context.namespace_span);
    let flow = context.flow.plan.name.as_ref().and_then(|name| name.span);
    origins.insert("/metadata/labels/app.kubernetes.io~1part-of", flow);
    of_block("/metadata", workload, &mut origins);
    origins
}

/// The origins of the labels and annotations of blocks, in the metadata at `pointer`.
pub(crate) fn of_block(pointer: &str, workload: &Workload, origins: &mut Origins) {
    for (field, name, span) in BlockMetadata::of(workload).places() {
        origins.insert_in(pointer, format_args!("{field}/{}", pointer_token(name)), span);
    }
}

/// Name, namespace and labels of an object that belongs to a workload.
pub(super) fn metadata(context: &Context<'_>, workload: &Workload, name: &str) -> ObjectMeta {
    object(context.flow.namespace, name, of_workload(&context.flow, workload))
}

/// The labels and annotations of every object that belongs to a workload.
pub(crate) fn of_workload(flow: &MeshFlow<'_>, workload: &Workload) -> Metadata {
    let generated = Metadata { labels: generated(flow, workload), ..Metadata::new() };
    if workload.blocks.is_empty() {
        return generated;
    }
    BlockMetadata::of(workload).plain().and(generated)
}

/// The number of Pods, in the type of the Kubernetes API; `None` if an autoscaler sets it.
pub(super) fn replicas(workload: &Workload) -> Option<i32> {
    let replicas = workload.replicas.value.get();
    let replicas = replicas.try_into().expect("`Positive` is at most the largest `i32`");
    workload.autoscale.is_none().then_some(replicas)
}

/// Name, namespace, labels and annotations of an object.
pub(crate) fn object(namespace: &Namespace, name: &str, metadata: Metadata) -> ObjectMeta {
    let Metadata { labels, annotations } = metadata;
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace.to_string()),
        labels: Some(labels),
        annotations: (!annotations.is_empty()).then_some(annotations),
        ..ObjectMeta::default()
    }
}
