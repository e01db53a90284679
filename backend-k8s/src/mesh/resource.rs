//! Resources that a mesh adds.

use std::collections::BTreeMap;
use std::fmt::Debug;

use flow_model::{Document, ObjectId, Origins};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::{MeshFlow, MeshWorkload, Metadata};
use crate::objects::labels;

/// The `spec` of a custom resource.
pub trait Spec: Serialize + Debug + Send + Sync + 'static {
    /// `GROUP/VERSION`.
    const API_VERSION: &'static str;
    /// As in `kind:`.
    const KIND: &'static str;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: S,
}

impl MeshWorkload<'_> {
    /// A resource that belongs to the workload. All of it comes from the workload's entry.
    pub fn resource<S: Spec>(&self, name: &str, more: Metadata, spec: S) -> Document {
        let own = labels::of_workload(&self.flow, self.planned);
        let mut origins = Origins::new();
        origins.insert("", self.planned.span);
        origins.insert("/metadata", self.planned.name_span);
        labels::of_block("/metadata", self.planned, &mut origins);
        self.flow.build(name, own, more, spec, origins)
    }
}

impl MeshFlow<'_> {
    /// A resource that belongs to the Flow.
    pub fn resource<S: Spec>(&self, name: &str, more: Metadata, spec: S) -> Document {
        let own = Metadata { labels: labels::of_flow(self), annotations: BTreeMap::new() };
        let mut origins = Origins::new();
        origins.insert("", self.plan.span());
        self.build(name, own, more, spec, origins)
    }

    fn build<S: Spec>(
        &self,
        name: &str,
        own: Metadata,
        more: Metadata,
        spec: S,
        origins: Origins,
    ) -> Document {
        let metadata = labels::object(self.namespace, name, own.and(more));
        let resource = Resource { api_version: S::API_VERSION, kind: S::KIND, metadata, spec };
        Document::new(resource, origins).of(ObjectId {
            api_version: S::API_VERSION.into(),
            kind: S::KIND.into(),
            name: name.to_owned(),
        })
    }
}
