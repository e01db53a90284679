//! The ServiceMonitor of a workload.

use flow_model::plan::Workload;
use flow_model::{Document, ObjectId};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::Serialize;

use super::{Context, labels};
use crate::mesh::PortUse;
use crate::ports::OfferedPort;

/// A `ServiceMonitor` of the Prometheus operator (`monitoring.coreos.com/v1`), as far as it is
/// written here.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceMonitor {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: ServiceMonitorSpec,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceMonitorSpec {
    endpoints: Vec<Endpoint>,
    namespace_selector: NamespaceSelector,
    selector: LabelSelector,
}

/// A port of the Services that are selected, by its name.
#[derive(Debug, Serialize)]
struct Endpoint {
    port: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NamespaceSelector {
    match_names: Vec<String>,
}

/// The metrics of every container. The headless Service has the same labels but none of these
/// ports, so nothing is scraped twice.
pub(super) fn document(
    context: &Context<'_>,
    workload: &Workload,
    name: &str,
    ports: &[OfferedPort],
) -> Document {
    let mut origins = labels::origins(context, workload);
    origins.insert("", workload.monitoring.span);
    origins.insert("/spec/namespaceSelector", context.namespace_span);
    origins.insert("/spec/selector", workload.name_span);
    let metrics = ports.iter().filter(|offered| offered.port.usage == PortUse::Metrics);
    let endpoints =
        metrics.map(|offered| Endpoint { port: context.mesh.port(offered.port).name }).collect();
    let monitor = ServiceMonitor {
        api_version: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: labels::metadata(context, workload, name),
        spec: ServiceMonitorSpec {
            endpoints,
            namespace_selector: NamespaceSelector {
                match_names: vec![context.flow.namespace.to_string()],
            },
            selector: LabelSelector {
                match_labels: Some(labels::selector(workload)),
                ..LabelSelector::default()
            },
        },
    };
    let id = ObjectId {
        api_version: monitor.api_version.into(),
        kind: monitor.kind.into(),
        name: name.to_owned(),
    };
    Document::new(monitor, origins).of(id)
}
