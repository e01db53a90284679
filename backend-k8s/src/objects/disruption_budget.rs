//! The PodDisruptionBudget of a workload.

use flow_model::Document;
use flow_model::plan::Workload;
use flow_model::values::{Disruption, Pods};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Context, labels};
use crate::document::document as to_document;

/// A budget that lets one Pod go at a time, or as many as the Flow says. A Pod that is not ready may always be evicted: it takes
/// no calls, and could otherwise block the drain of its node for ever.
pub(super) fn document(context: &Context<'_>, workload: &Workload, name: &str) -> Document {
    let mut origins = labels::origins(context, workload);
    origins.insert("", workload.most_replicas().span);
    let asked = workload.disruption.map(|disruption| disruption.value);
    if let Some(disruption) = workload.disruption {
        origins.insert("", disruption.span);
    }
    let amount = |pods: Pods| match pods {
        Pods::Count(count) => IntOrString::Int(count.try_into().unwrap_or(i32::MAX)),
        Pods::Percent(percent) => IntOrString::String(format!("{percent}%")),
    };
    let (least, most) = match asked {
        Some(Disruption::MinAvailable(pods)) => (Some(amount(pods)), None),
        Some(Disruption::MaxUnavailable(pods)) => (None, Some(amount(pods))),
        None => (None, Some(IntOrString::Int(1))),
    };
    origins.insert("/spec/selector", workload.name_span);
    let budget = PodDisruptionBudget {
        metadata: labels::metadata(context, workload, name),
        spec: Some(PodDisruptionBudgetSpec {
            min_available: least,
            max_unavailable: most,
            selector: Some(LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            }),
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
        }),
        status: None,
    };
    to_document(budget, origins)
}
