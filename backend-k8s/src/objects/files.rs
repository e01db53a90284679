//! What blocks add beside a workload: the ConfigMap of its files, and the claim of its cache.

use std::collections::BTreeMap;

use flow_model::Document;
use flow_model::plan::Workload;
use k8s_openapi::api::core::v1::ConfigMap;

use super::{Context, labels};
use crate::block::{self, Parts};
use crate::demand;
use crate::document::document as to_document;

pub(super) fn documents(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    parts: &Parts,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut origins = labels::origins(context, workload);
    let mut data = BTreeMap::new();
    for (key, text, span) in parts.texts() {
        // Keys are labels, so nothing is escaped.
        origins.insert_in("/data", &key, span);
        data.insert(key, text.to_owned());
    }
    if !data.is_empty() {
        let config_map = ConfigMap {
            metadata: labels::metadata(context, workload, &block::config_map(name)),
            data: Some(data),
            ..ConfigMap::default()
        };
        documents.push(to_document(config_map, origins));
    }
    if let Some(cache) = parts.cache() {
        let mut origins = labels::origins(context, workload);
        origins.insert("", cache.span);
        let mut claim = cache.value;
        claim.metadata = labels::metadata(context, workload, &block::claim(name));
        context.count(|demand| demand::add_claim(demand, &claim));
        documents.push(to_document(claim, origins));
    }
    documents
}
