//! From typed objects to documents.

use std::fmt::Debug;

use flow_model::{CustomKind, Document, ObjectId, Origins};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use serde::Serialize;

/// An object as a document.
pub(crate) fn document<T>(object: T, origins: Origins) -> Document
where
    T: Resource + Metadata<Ty = ObjectMeta> + Serialize + Debug + Send + Sync + 'static,
{
    let id = ObjectId {
        api_version: T::API_VERSION.into(),
        kind: T::KIND.into(),
        name: object.metadata().name.clone().expect("every object that is written has a name"),
    };
    Document::new(object, origins).of(id)
}

/// The kind of a document if the cluster needs a `CustomResourceDefinition` for it.
pub(crate) fn custom_kind(document: &Document) -> Option<CustomKind> {
    let id = document.id.as_ref()?;
    let (group, _) = id.api_version.split_once('/')?;
    // Kubernetes' own groups have no dot, or are below `k8s.io`, where the Gateway API is as well.
    let custom = group.contains('.')
        && (!group.ends_with(".k8s.io") || group == "gateway.networking.k8s.io");
    custom.then(|| CustomKind {
        kind: id.kind.clone().into_owned(),
        api_version: id.api_version.clone().into_owned(),
    })
}
