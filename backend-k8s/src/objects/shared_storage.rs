//! The claim of storage that all replicas of an Executor share.

use std::collections::BTreeMap;

use flow_model::Document;
use flow_model::plan::Workload;
use flow_model::values::StorageKind;
use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{Context, labels};
use crate::document::document as to_document;
use crate::{demand, provisions};

/// The claim; shards of one Executor share it.
pub(super) fn document(context: &Context<'_>, workload: &Workload) -> Option<Document> {
    let mount = workload.storage.as_ref()?;
    let asked = &mount.storage;
    if asked.kind != StorageKind::File {
        return None;
    }
    let size = asked.size.as_ref();
    let mut origins = labels::origins(context, workload);
    origins.insert("", mount.span);
    origins.insert("/spec/resources", size.and_then(|size| size.span));
    let size = size.map_or(context.storage.capacity(), |size| &size.value);
    let request = ("storage".to_owned(), Quantity(size.to_string()));
    let claim = PersistentVolumeClaim {
        metadata: labels::metadata(context, workload, &provisions::claim(workload)),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteMany".to_owned()]),
            storage_class_name: context.profile.class(asked.kind).map(str::to_owned),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([request])),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        status: None,
    };
    context.count(|demand| demand::add_claim(demand, &claim));
    Some(to_document(claim, origins))
}
