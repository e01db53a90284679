//! The objects of one workload.

mod config_map;
mod decorations;
mod deployment;
mod disruption_budget;
pub(crate) mod labels;
pub(crate) mod namespace;
pub(crate) mod pod;
mod probes;
mod service;
mod service_monitor;
mod stateful_set;
mod volumes;

use std::cell::Cell;
use std::collections::BTreeSet;

use flow_model::plan::Workload;
use flow_model::{Diagnostics, Document, Span};

use crate::careful::CarefulDefault;
use crate::exposure;
use crate::mesh::{MeshFlow, MeshWorkload, ServiceMesh, ServicePlan};
use crate::pod_security::PodSecurity;
use crate::ports::OfferedPort;
use crate::storage::Storage;
use crate::wiring::headless;

/// Values that all objects of a Flow share.
pub(crate) struct Context<'a> {
    pub(crate) flow: MeshFlow<'a>,
    /// The place where the Flow sets the namespace; `None` if it does not.
    pub(crate) namespace_span: Option<Span>,
    pub(crate) mesh: &'a dyn ServiceMesh,
    pub(crate) log_level: Option<&'a str>,
    pub(crate) storage: &'a Storage,
    pub(crate) gpu_all: Option<u32>,
    /// The defaults that are left out.
    pub(crate) without: &'a BTreeSet<CarefulDefault>,
    /// The level of Pod Security that Pods meet; `None` writes no security context.
    pub(crate) pod_security: Option<PodSecurity>,
    /// The bytes of arguments and variables of the current workload.
    pub(crate) texts: Cell<usize>,
}

impl Context<'_> {
    /// Whether a default is written.
    pub(crate) fn has(&self, default: CarefulDefault) -> bool {
        !self.without.contains(&default)
    }
}

/// The controller of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Controller {
    /// Pods without storage.
    Deployment,
    /// Pods with stable names and their own volumes.
    StatefulSet,
}

impl Controller {
    /// The controller that a workload needs.
    pub(crate) fn of(workload: &Workload) -> Self {
        if workload.volumes.value.is_empty() && !workload.stateful.value {
            Self::Deployment
        } else {
            Self::StatefulSet
        }
    }

    /// The variable that tells Jina's processes its name.
    fn variable(self) -> &'static str {
        match self {
            Self::Deployment => "K8S_DEPLOYMENT_NAME",
            Self::StatefulSet => "K8S_STATEFULSET_NAME",
        }
    }
}

/// ConfigMap, Service, headless Service where one is needed, Deployment or StatefulSet, a
/// PodDisruptionBudget for several replicas, and a ServiceMonitor where metrics are offered; then
/// what exposes a gateway, and the resources of the mesh.
pub(crate) fn workload_documents(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let MeshWorkload { planned: workload, name, .. } = *meshed;
    let data = config_map::data(context, workload);
    context.texts.set(data.iter().map(|(name, text)| name.len() + text.len()).sum());
    let decorated = decorations::of(context, meshed, &data, diagnostics);
    let service = |name: &str, kind| {
        service::document(context, workload, name, ports, kind, &decorated.service)
    };
    let mut documents = vec![
        config_map::document(context, workload, name, &data),
        service(name, service::Kind::ClusterIp),
    ];
    if needs_headless(context.mesh, workload) {
        documents.push(service(&headless(name), service::Kind::Headless));
    }
    let pod = decorated.pod;
    documents.push(match Controller::of(workload) {
        Controller::Deployment => deployment::document(context, workload, name, pod),
        Controller::StatefulSet => stateful_set::document(context, workload, name, pod),
    });
    if workload.replicas.value.get() > 1 && context.has(CarefulDefault::PodDisruptionBudget) {
        documents.push(disruption_budget::document(context, workload, name));
    }
    if workload.monitoring.value {
        documents.push(service_monitor::document(context, workload, name, ports));
    }
    documents.extend(exposure::documents(context, meshed, ports, &decorated.service, diagnostics));
    documents.extend(context.mesh.resources(meshed));
    documents
}

/// True if a workload has a second, headless Service: callers dial it, or it gives the Pods of a
/// StatefulSet their DNS names.
pub(crate) fn needs_headless(mesh: &dyn ServiceMesh, workload: &Workload) -> bool {
    mesh.service_plan(workload) == ServicePlan::ClusterIpAndHeadless
        || Controller::of(workload) == Controller::StatefulSet
}
