//! The objects of one workload.

mod config_map;
mod deployment;
mod labels;
mod pod;
mod probes;
mod service;

use flow_model::plan::{Plan, Workload, dns_label};
use flow_model::{Diagnostics, Document};

use crate::mesh::{ServiceMesh, ServicePlan};
use crate::namespace::Namespace;
use crate::ports::service_ports;
use crate::wiring::headless;

/// What every object of a Flow shares.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) namespace: &'a Namespace,
    pub(crate) mesh: &'a dyn ServiceMesh,
    pub(crate) log_level: Option<&'a str>,
}

/// ConfigMap, Service, headless Service where the mesh plans one, Deployment.
pub(crate) fn workload_documents(
    context: &Context<'_>,
    workload: &Workload,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let name = dns_label(&workload.name);
    let data = config_map::data(context, workload);
    let ports = service_ports(workload, diagnostics);
    let mut documents = vec![
        config_map::document(context, workload, &name, &data),
        service::document(context, workload, &name, &ports, service::Kind::ClusterIp),
    ];
    if context.mesh.service_plan(workload) == ServicePlan::ClusterIpAndHeadless {
        let name = headless(&name);
        documents.push(service::document(
            context,
            workload,
            &name,
            &ports,
            service::Kind::Headless,
        ));
    }
    documents.push(deployment::document(context, workload, &name, &data));
    documents
}
