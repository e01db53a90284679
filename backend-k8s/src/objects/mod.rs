//! The objects of one workload.

mod config_map;
mod decorations;
mod deployment;
pub(crate) mod labels;
pub(crate) mod pod;
mod probes;
mod service;

use flow_model::{Diagnostics, Document};

use crate::mesh::{Member, ServiceMesh, ServicePlan, Site};
use crate::ports::OfferedPort;
use crate::wiring::headless;

/// What every object of a Flow shares.
pub(crate) struct Context<'a> {
    pub(crate) site: Site<'a>,
    pub(crate) mesh: &'a dyn ServiceMesh,
    pub(crate) log_level: Option<&'a str>,
}

/// ConfigMap, Service, headless Service where the mesh plans one, Deployment, resources of the
/// mesh.
pub(crate) fn workload_documents(
    context: &Context<'_>,
    member: &Member<'_>,
    ports: &[OfferedPort],
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let Member { workload, name, .. } = *member;
    let data = config_map::data(context, workload);
    let decorated = decorations::of(context, member, diagnostics);
    let service = |name: &str, kind| {
        service::document(context, workload, name, ports, kind, &decorated.service)
    };
    let mut documents = vec![
        config_map::document(context, workload, name, &data),
        service(name, service::Kind::ClusterIp),
    ];
    if context.mesh.service_plan(workload) == ServicePlan::ClusterIpAndHeadless {
        documents.push(service(&headless(name), service::Kind::Headless));
    }
    documents.push(deployment::document(context, workload, name, &data, &decorated.pod));
    documents.extend(context.mesh.resources(member));
    documents
}
