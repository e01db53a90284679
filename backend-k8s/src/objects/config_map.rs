//! The ConfigMap that holds the environment of a workload.

use std::collections::BTreeMap;

use flow_model::plan::Workload;
use flow_model::{Document, pointer_token};
use k8s_openapi::api::core::v1::ConfigMap;

use super::{Context, labels};
use crate::document::document as to_document;
use crate::pod_security::{PodSecurity, WRITABLE};

/// The name of the ConfigMap of a workload.
pub(super) fn name(workload: &str) -> String {
    format!("{workload}-configmap")
}

/// The variables of every container of a workload. Values of the Flow win.
pub(super) fn data(context: &Context<'_>, workload: &Workload) -> BTreeMap<String, String> {
    // Jina's export says `pythonunbuffered`, which Python does not read.
    let mut data = BTreeMap::from([("PYTHONUNBUFFERED".to_owned(), "1".to_owned())]);
    if let Some(level) = context.log_level {
        data.insert("JINA_LOG_LEVEL".to_owned(), level.to_owned());
    }
    if context.pod_security == Some(PodSecurity::Restricted) {
        data.insert("HOME".to_owned(), WRITABLE.to_owned());
    }
    let variables = workload.env.value.iter();
    data.extend(variables.map(|(name, text)| (name.clone(), text.value.clone())));
    data
}

pub(super) fn document(
    context: &Context<'_>,
    workload: &Workload,
    workload_name: &str,
    data: &BTreeMap<String, String>,
) -> Document {
    let mut origins = labels::origins(context, workload);
    origins.insert("/data", workload.env.span);
    for (name, text) in workload.env.iter() {
        origins.insert_in("/data", pointer_token(name), text.span);
    }
    let config_map = ConfigMap {
        metadata: labels::metadata(context, workload, &name(workload_name)),
        data: Some(data.clone()),
        ..ConfigMap::default()
    };
    to_document(config_map, origins)
}
