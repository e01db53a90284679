//! The claim of storage that all replicas of an Executor share.

use flow_model::Document;
use flow_model::plan::Workload;
use flow_model::values::StorageKind;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{Context, labels};
use crate::document::document as to_document;
use crate::storage::VolumeSettings;
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
    let settings = VolumeSettings {
        size: Quantity(size.to_string()),
        class: context.profile.class(asked.kind).map(str::to_owned),
        access_modes: vec!["ReadWriteMany".to_owned()],
    };
    let claim = PersistentVolumeClaim {
        metadata: labels::metadata(context, workload, &provisions::claim(workload)),
        spec: Some(settings.into_spec()),
        status: None,
    };
    context.count(|demand| demand::add_claim(demand, &claim));
    Some(to_document(claim, origins))
}
