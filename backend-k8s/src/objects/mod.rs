//! The objects of one workload.

mod config_map;
mod decorations;
mod deployment;
mod disruption_budget;
mod files;
pub(crate) mod labels;
pub(crate) mod namespace;
pub(crate) mod pod;
mod probes;
mod scaler;
pub(crate) mod service;
mod service_monitor;
mod shared_storage;
mod stateful_set;
mod volumes;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Debug;

use flow_model::plan::{Layer, Plan, Workload, volume_label};
use flow_model::{Demand, Diagnostics, Document, Origins, RequiredSecret, Span};
use k8s_openapi::Resource;
use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::block::{self, BlockMetadata, Parts, Surroundings};
use crate::careful::CarefulDefault;
use crate::document::document as to_document;
use crate::mesh::{After, MeshFlow, MeshWorkload, Metadata, ServiceMesh, ServicePlan, Shutdown};
use crate::pod_security::{self, PodSecurity};
use crate::ports::OfferedPort;
use crate::profile::ClusterProfile;
use crate::storage::Storage;
use crate::wiring::headless;
use crate::{demand, exposure, provisions};

/// Values that all objects of a Flow share, and what is counted of one workload.
pub(crate) struct Context<'a> {
    pub(crate) flow: MeshFlow<'a>,
    /// The place where the Flow sets the namespace; `None` if it does not.
    pub(crate) namespace_span: Option<Span>,
    pub(crate) mesh: &'a dyn ServiceMesh,
    pub(crate) log_level: Option<&'a str>,
    pub(crate) storage: &'a Storage,
    pub(crate) gpu_all: Option<u32>,
    /// What words of the Flow are on the cluster.
    pub(crate) profile: &'a ClusterProfile,
    /// What blocks are merged beside.
    pub(crate) surroundings: &'a Surroundings,
    /// The defaults that are left out.
    pub(crate) without: &'a BTreeSet<CarefulDefault>,
    /// The level of Pod Security that Pods meet; `None` writes no security context.
    pub(crate) pod_security: Option<PodSecurity>,
    /// The bytes of arguments and variables of the workload.
    pub(crate) texts: Cell<usize>,
    /// What the workload asks for.
    pub(crate) demand: Cell<Demand>,
}

impl Context<'_> {
    /// Adds to what the workload asks for.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Demand)) {
        let mut demand = self.demand.get();
        add(&mut demand);
        self.demand.set(demand);
    }

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

/// The objects of a workload, and the Secrets that its blocks name.
pub(crate) struct Rendered {
    pub(crate) documents: Vec<Document>,
    /// The objects of its blocks.
    pub(crate) objects: Vec<Document>,
    pub(crate) secrets: Vec<RequiredSecret>,
}

/// ConfigMap, Service, headless Service where one is needed, Deployment or StatefulSet, a
/// PodDisruptionBudget for several replicas, and a ServiceMonitor where metrics are offered; then
/// what exposes a gateway, the resources of the mesh, and the objects of its blocks.
pub(crate) fn workload_documents(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    diagnostics: &mut Diagnostics,
) -> Rendered {
    let MeshWorkload { planned: workload, name, .. } = *meshed;
    let parts = Parts::of(workload, diagnostics);
    let data = config_map::data(context, workload);
    let texts = data.iter().map(|(name, text)| name.len() + text.len()).sum::<usize>();
    context.texts.set(texts + parts.texts().map(|(_, text, _)| text.len()).sum::<usize>());
    let mut pod = pod::metadata(context, workload, &data, &parts);
    if !workload.blocks.is_empty() {
        block::check_metadata(workload, &pod, diagnostics);
        block::check_workload(workload, diagnostics);
        pod = BlockMetadata::of(workload).plain().and(pod);
    }
    let (controller, spec) = match Controller::of(workload) {
        Controller::Deployment => {
            let object = deployment::object(context, workload, name, pod, &parts);
            finish(context, meshed, object, diagnostics)
        }
        Controller::StatefulSet => {
            let object = stateful_set::object(context, workload, name, pod, &parts);
            finish(context, meshed, object, diagnostics)
        }
    };
    let decorated = decorations::service(context, meshed, diagnostics);
    let service =
        |name: &str, kind| service::object(context, workload, name, ports, kind, &decorated);
    let (mut main, mut origins) = service(name, service::Kind::ClusterIp);
    if !workload.blocks.is_empty() {
        let owned = decorations::owned_by_mesh(context, meshed, &main);
        let blocks = &workload.blocks;
        block::service(&mut main, blocks, &owned, spec.as_ref(), &mut origins, diagnostics);
    }
    let mut documents =
        vec![config_map::document(context, workload, name, &data), to_document(main, origins)];
    if needs_headless(context.mesh, workload) {
        let (headless, origins) = service(&headless(name), service::Kind::Headless);
        documents.push(to_document(headless, origins));
    }
    documents.extend(files::documents(context, workload, name, &parts));
    if workload.shard.unwrap_or(0) == 0 {
        documents.extend(shared_storage::document(context, workload));
    }
    documents.push(controller);
    provisions::check_requests(workload, spec.as_ref(), diagnostics);
    documents.extend(scaler::document(context, workload, name));
    let has_default = context.has(CarefulDefault::PodDisruptionBudget);
    if workload.disruption.is_some() || workload.most_replicas().value.get() > 1 && has_default {
        documents.push(disruption_budget::document(context, workload, name));
    }
    if workload.monitoring.value {
        documents.push(service_monitor::document(context, workload, name, ports));
    }
    documents.extend(exposure::documents(context, meshed, ports, &decorated, diagnostics));
    documents.extend(context.mesh.resources(meshed));
    let secrets = spec.filter(|_| !workload.blocks.is_empty());
    let objects = block_objects(context, workload, diagnostics);
    Rendered { documents, objects, secrets: secrets.iter().flat_map(block::secrets).collect() }
}

/// Merges blocks, and then the mesh, into the controller of a workload. Returns its document and its
/// Pods.
fn finish<T>(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    (mut object, mut origins): (T, Origins),
    diagnostics: &mut Diagnostics,
) -> (Document, Option<PodSpec>)
where
    T: block::Controller
        + Resource
        + k8s_openapi::Metadata<Ty = ObjectMeta>
        + Debug
        + Send
        + Sync
        + 'static,
{
    let workload = meshed.planned;
    let claims = workload.volumes.iter().map(|volume| volume_label(volume.target())).collect();
    let blocks = &workload.blocks;
    let surroundings = context.surroundings;
    let touched =
        block::controller(&mut object, blocks, surroundings, &claims, &mut origins, diagnostics);
    let claimed = demand::claimed(object.claims());
    let Some(template) = object.template() else { return (to_document(object, origins), None) };
    if let Some(spec) = &template.spec {
        context.count(|demand| demand::add_pods(demand, workload, spec, claimed));
    }
    if let Some(spec) = template.spec.as_mut().filter(|_| !blocks.is_empty()) {
        keep_token(spec, &origins);
        if let Some(level) = context.pod_security {
            let name = &workload.deployment;
            pod_security::check_pods(spec, level, name, &origins, diagnostics);
        }
    }
    let mut shutdown = meshed.shutdown;
    if let Some(spec) = template.spec.as_ref().filter(|_| !blocks.is_empty()) {
        shutdown = merged_shutdown(shutdown, spec);
    }
    let metadata = template.metadata.get_or_insert_default();
    let own = Metadata {
        labels: metadata.labels.take().unwrap_or_default(),
        annotations: metadata.annotations.take().unwrap_or_default(),
    };
    let meshed = MeshWorkload { shutdown, ..*meshed };
    let all = decorations::pod(context, &meshed, own, &touched, diagnostics);
    metadata.labels = Some(all.labels);
    metadata.annotations = (!all.annotations.is_empty()).then_some(all.annotations);
    let spec = template.spec.as_ref().filter(|_| !blocks.is_empty()).cloned();
    (to_document(object, origins), spec)
}

/// Leaves the token to a `ServiceAccount` that a block names: it may be there for the API. The account
/// itself can say that it is not.
fn keep_token(pod: &mut PodSpec, origins: &Origins) {
    const FIELD: &str = "/spec/template/spec/automountServiceAccountToken";
    let is_written = origins.iter().any(|(pointer, _)| pointer == FIELD);
    if pod.service_account_name.is_some() && !is_written {
        pod.automount_service_account_token = None;
    }
}

/// The shutdown of Pods whose grace period or sleep blocks may have changed.
fn merged_shutdown(generated: Shutdown, pod: &PodSpec) -> Shutdown {
    let seconds = |value: i64| u32::try_from(value).unwrap_or_default();
    let (grace, sleep) = block::grace(pod);
    Shutdown {
        drain: sleep.map_or(0, seconds),
        grace: grace.map_or(generated.grace, seconds),
        ..generated
    }
}

/// The objects of a workload's own blocks. Shards of one Executor share them.
fn block_objects(
    context: &Context<'_>,
    workload: &Workload,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    if workload.shard.unwrap_or(0) != 0 {
        return Vec::new();
    }
    let layers = workload.blocks.iter().filter(|layer| !layer.is_shared);
    let (labels, more) = (labels::of_flow(&context.flow), BlockMetadata::of(workload).plain());
    let namespace = context.flow.namespace.as_str();
    layers
        .flat_map(|layer| block::objects(&layer.block, namespace, &labels, &more, diagnostics))
        .collect()
}

/// The objects of the Flow's own block.
pub(crate) fn flow_objects(context: &Context<'_>, diagnostics: &mut Diagnostics) -> Vec<Document> {
    let Some(block) = &context.flow.plan.block else { return Vec::new() };
    let layer = Layer { block: block.clone(), is_shared: true };
    let more = BlockMetadata::of_layers(&[layer]).plain();
    let namespace = context.flow.namespace.as_str();
    block::objects(block, namespace, &labels::of_flow(&context.flow), &more, diagnostics)
}

/// The controllers that the workloads of a Plan have, and what the mesh adds to their Pods.
pub(crate) fn surroundings(plan: &Plan, mesh: &dyn ServiceMesh) -> Surroundings {
    let mut kinds = block::Kinds::default();
    for (_, workload) in plan.workloads() {
        match Controller::of(workload) {
            Controller::Deployment => kinds.deployments = true,
            Controller::StatefulSet => kinds.stateful_sets = true,
        }
    }
    let injected = mesh.requirements().after.iter().filter_map(|after| match after {
        After::Container(name) => Some(*name),
        After::Annotation(..) => None,
    });
    Surroundings { kinds, mesh: mesh.identity().title, injected: injected.collect() }
}

/// True if a workload has a second, headless Service: callers dial it, or it gives the Pods of a
/// StatefulSet their DNS names.
pub(crate) fn needs_headless(mesh: &dyn ServiceMesh, workload: &Workload) -> bool {
    mesh.service_plan(workload) == ServicePlan::ClusterIpAndHeadless
        || Controller::of(workload) == Controller::StatefulSet
}
