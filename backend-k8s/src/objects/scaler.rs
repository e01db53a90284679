//! The autoscaler of a workload: a `HorizontalPodAutoscaler` for CPU and memory, a `ScaledObject` of
//! KEDA for requests.

use flow_model::plan::Workload;
use flow_model::values::{Autoscale, Metric};
use flow_model::{Document, ObjectId, Origins, Spanned};
use k8s_openapi::api::autoscaling::v2::{
    ContainerResourceMetricSource, CrossVersionObjectReference, HPAScalingRules,
    HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec,
    MetricSpec, MetricTarget,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::{Context, Controller, labels, pod};
use crate::document::document as to_document;
use crate::profile::PROMETHEUS;

/// The autoscaler of a workload that has one.
pub(super) fn document(context: &Context<'_>, workload: &Workload, name: &str) -> Option<Document> {
    let autoscale = workload.autoscale.as_ref()?;
    let mut origins = labels::origins(context, workload);
    origins.insert("", autoscale.span);
    origins.insert("/spec/scaleTargetRef/name", workload.name_span);
    Some(if autoscale.metric.is_traffic() {
        by_requests(context, workload, name, autoscale, origins)
    } else {
        by_resource(context, workload, name, autoscale, origins)
    })
}

/// The workload that is scaled.
fn target(workload: &Workload, name: &str) -> CrossVersionObjectReference {
    CrossVersionObjectReference {
        api_version: Some("apps/v1".to_owned()),
        kind: match Controller::of(workload) {
            Controller::Deployment => "Deployment",
            Controller::StatefulSet => "StatefulSet",
        }
        .to_owned(),
        name: name.to_owned(),
    }
}

/// How long fewer replicas must be enough, in seconds.
fn behavior(autoscale: &Autoscale) -> HorizontalPodAutoscalerBehavior {
    HorizontalPodAutoscalerBehavior {
        scale_down: Some(HPAScalingRules {
            stabilization_window_seconds: Some(count(autoscale.scale_down_delay.value)),
            ..HPAScalingRules::default()
        }),
        ..HorizontalPodAutoscalerBehavior::default()
    }
}

fn count(number: u32) -> i32 {
    i32::try_from(number).expect("an `Autoscale` has no number above a million")
}

/// By the CPU or the memory of the container that works, so that a proxy beside it does not count
/// (`ContainerResource`, stable since Kubernetes 1.30).
fn by_resource(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    autoscale: &Spanned<Autoscale>,
    mut origins: Origins,
) -> Document {
    let (least, most) = (autoscale.least(), autoscale.most());
    origins.insert("/spec/minReplicas", least.span);
    origins.insert("/spec/maxReplicas", most.span);
    origins.insert("/spec/metrics/0", autoscale.metric.span);
    origins.insert("/spec/metrics/0/containerResource/target", autoscale.target.span);
    origins.insert("/spec/behavior", autoscale.scale_down_delay.span);
    let metric = MetricSpec {
        type_: "ContainerResource".to_owned(),
        container_resource: Some(ContainerResourceMetricSource {
            container: pod::container_name(workload.role).to_owned(),
            name: autoscale.metric.word().to_owned(),
            target: MetricTarget {
                type_: "Utilization".to_owned(),
                average_utilization: Some(count(autoscale.target.get())),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    };
    let scaler = HorizontalPodAutoscaler {
        metadata: labels::metadata(context, workload, name),
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: target(workload, name),
            min_replicas: Some(count(least.value.max(1))),
            max_replicas: count(most.get()),
            metrics: Some(vec![metric]),
            behavior: Some(behavior(autoscale)),
        }),
        status: None,
    };
    to_document(scaler, origins)
}

/// A `ScaledObject` of KEDA (`keda.sh/v1alpha1`), as far as it is written here.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScaledObject {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: ScaledObjectSpec,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScaledObjectSpec {
    scale_target_ref: CrossVersionObjectReference,
    min_replica_count: i32,
    max_replica_count: i32,
    /// The seconds from the last call to no replica.
    #[serde(skip_serializing_if = "Option::is_none")]
    cooldown_period: Option<i32>,
    advanced: Advanced,
    triggers: [Trigger; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Advanced {
    horizontal_pod_autoscaler_config: AutoscalerConfig,
}

#[derive(Debug, Serialize)]
struct AutoscalerConfig {
    behavior: HorizontalPodAutoscalerBehavior,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    #[serde(rename = "type")]
    kind: &'static str,
    metric_type: &'static str,
    metadata: PrometheusTrigger,
}

/// The settings of a `prometheus` trigger: every value is text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PrometheusTrigger {
    server_address: String,
    query: String,
    threshold: String,
    /// KEDA takes an empty answer for 0 by default, and would stop all but the fewest replicas where
    /// Prometheus has no metrics of them. As an error it changes nothing, and is shown.
    ignore_null_values: &'static str,
}

/// By requests that Jina's processes count and Prometheus collects.
fn by_requests(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    autoscale: &Spanned<Autoscale>,
    mut origins: Origins,
) -> Document {
    let (least, most) = (autoscale.least(), autoscale.most());
    origins.insert("/spec/minReplicaCount", least.span);
    origins.insert("/spec/maxReplicaCount", most.span);
    origins.insert("/spec/triggers/0/metadata/query", autoscale.metric.span);
    origins.insert("/spec/triggers/0/metadata/threshold", autoscale.target.span);
    origins.insert("/spec/advanced", autoscale.scale_down_delay.span);
    let behavior = behavior(autoscale);
    let delay = count(autoscale.scale_down_delay.value);
    let scaler = ScaledObject {
        api_version: "keda.sh/v1alpha1",
        kind: "ScaledObject",
        metadata: labels::metadata(context, workload, name),
        spec: ScaledObjectSpec {
            scale_target_ref: target(workload, name),
            min_replica_count: count(least.value),
            max_replica_count: count(most.get()),
            cooldown_period: (least.value == 0).then_some(delay),
            advanced: Advanced { horizontal_pod_autoscaler_config: AutoscalerConfig { behavior } },
            triggers: [Trigger {
                kind: "prometheus",
                metric_type: "AverageValue",
                metadata: PrometheusTrigger {
                    server_address: context.profile.prometheus().unwrap_or(PROMETHEUS).to_owned(),
                    query: query(context, workload, autoscale),
                    threshold: autoscale.target.get().to_string(),
                    ignore_null_values: "false",
                },
            }],
        },
    };
    let id = ObjectId {
        api_version: scaler.api_version.into(),
        kind: scaler.kind.into(),
        name: name.to_owned(),
    };
    Document::new(scaler, origins).of(id)
}

/// The time over which calls are averaged: four scrapes of the Prometheus operator, which asks every
/// 30 s.
const WINDOW: &str = "2m";

/// The load of all replicas together, as a query of Prometheus.
///
/// Jina 3.34 counts calls that arrive in `jina_received_request_bytes_count`, which a process offers
/// from its first call on, and calls that ended in `jina_receiving_request_seconds`, which it offers
/// from its start. `jina_number_of_pending_requests` is not used: only gateways and heads have it,
/// it counts calls of the whole Flow, and calls that a client gives up stay in it for ever.
fn query(context: &Context<'_>, workload: &Workload, autoscale: &Autoscale) -> String {
    let namespace = context.flow.namespace.as_str();
    let of = |process: &str| format!("{{namespace=\"{namespace}\",runtime_name=\"{process}\"}}");
    let process = of(&workload.main().name);
    let arrived = format!("jina_received_request_bytes_count{process}");
    let ended = format!("jina_receiving_request_seconds_count{process}");
    let load = if autoscale.metric.value == Metric::Rps {
        format!("sum(rate({arrived}[{WINDOW}])) or sum(rate({ended}[{WINDOW}]))")
    } else {
        // By Little's law, which also sees calls that are shorter than a scrape.
        let average = format!("sum(rate(jina_receiving_request_seconds_sum{process}[{WINDOW}]))");
        // An Executor with several `needs` and `no_reduce` gets several requests for one call.
        if context.flow.plan.graph.no_reduce.contains(&workload.deployment) {
            average
        } else {
            let now = format!("((sum({arrived}) or sum({ended}) * 0) - sum({ended}))");
            format!("{average} > {now} or {now}")
        }
    };
    if autoscale.least().value > 0 {
        return load;
    }
    // Where no replica runs, calls are seen at the gateway.
    let gateway = of(flow_model::topology::GATEWAY);
    let calls = format!("sum(rate(jina_received_request_bytes_count{gateway}[{WINDOW}]))");
    format!("{load} or {calls}")
}
