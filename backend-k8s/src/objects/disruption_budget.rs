//! The PodDisruptionBudget of a workload with several replicas.

use flow_model::Document;
use flow_model::plan::Workload;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Context, labels};
use crate::document::document as to_document;

/// A budget that lets one Pod go at a time. A Pod that is not ready may always be evicted: it takes
/// no calls, and could otherwise block the drain of its node for ever.
pub(super) fn document(context: &Context<'_>, workload: &Workload, name: &str) -> Document {
    let mut origins = labels::origins(context, workload);
    origins.insert("", workload.replicas.span);
    origins.insert("/spec/selector", workload.name_span);
    let budget = PodDisruptionBudget {
        metadata: labels::metadata(context, workload, name),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            }),
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
            ..PodDisruptionBudgetSpec::default()
        }),
        status: None,
    };
    to_document(budget, origins)
}
