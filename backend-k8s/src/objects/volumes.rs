//! The volumes of a workload.

use flow_model::Origins;
use flow_model::keys::Role;
use flow_model::plan::{Container, Workload, volume_label};
use flow_model::values::Volume;
use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimStatus, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::block::Parts;
use crate::storage::Storage;

/// The name of a volume's claim. It depends only on the path, so a Pod finds its data even if the
/// order of volumes changes. One claim a Pod: `data-encoder-1`.
fn name(volume: &Volume) -> String {
    volume_label(volume.target())
}

/// The claims of each Pod of a workload.
pub(super) fn claims(
    workload: &Workload,
    storage: &Storage,
    parts: &Parts,
    origins: &mut Origins,
) -> Vec<PersistentVolumeClaim> {
    // Sorted, so that reordering the list does not change the claims: the API server rejects any
    // change of them.
    let mut volumes: Vec<_> = workload.volumes.value.iter().collect();
    volumes.sort_by_key(|volume| name(volume));
    let claims = volumes.into_iter().enumerate().map(|(index, volume)| {
        origins.insert_in("/spec/volumeClaimTemplates", index, volume.span);
        let (settings, span) = parts.storage(volume.target(), storage);
        let spec = format_args!("volumeClaimTemplates/{index}/spec").to_string();
        origins.insert_in("/spec", spec, span);
        PersistentVolumeClaim {
            metadata: ObjectMeta { name: Some(name(volume)), ..ObjectMeta::default() },
            spec: Some(PersistentVolumeClaimSpec {
                // This and the status are what the API server would fill in. It compares claims of
                // a StatefulSet as a whole: otherwise each `kubectl apply` would change them.
                volume_mode: Some("Filesystem".to_owned()),
                ..settings.into_spec()
            }),
            status: Some(PersistentVolumeClaimStatus {
                phase: Some("Pending".to_owned()),
                ..PersistentVolumeClaimStatus::default()
            }),
        }
    });
    claims.collect()
}

/// The volume mounts of the main container.
pub(super) fn mounts(
    workload: &Workload,
    container: &Container,
    pointer: &str,
    origins: &mut Origins,
) -> Vec<VolumeMount> {
    let volumes = &workload.volumes.value;
    if volumes.is_empty() || container.role != Role::Worker {
        return Vec::new();
    }
    let mounts = volumes.iter().enumerate().map(|(index, volume)| {
        origins.insert_in(pointer, format_args!("volumeMounts/{index}"), volume.span);
        VolumeMount {
            name: name(volume),
            mount_path: volume.target().to_owned(),
            read_only: volume.is_read_only().then_some(true),
            ..VolumeMount::default()
        }
    });
    mounts.collect()
}
