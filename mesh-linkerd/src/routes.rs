//! Routes: the calls that Linkerd retries.

use backend_k8s::mesh::gateway_api::{BackendRef, GrpcMatch, GrpcRoute, GrpcRule, ParentRef};
use backend_k8s::mesh::{MeshWorkload, Metadata, PortUse, Retries};
use flow_model::Document;
use flow_model::keys::Role;

/// The routes of an Executor's workload: one for the endpoints that may be repeated, and one for
/// all other calls, which would fail without a matching route.
///
/// Annotations on the Service would have no effect: Linkerd retries gRPC where a `GRPCRoute` says
/// so (linkerd/linkerd2#14033). Those of a route replace those of the Service.
pub(crate) fn routes(workload: &MeshWorkload<'_>) -> Vec<Document> {
    let Retries::Mesh(retries) = &workload.flow.policy.retries else { return Vec::new() };
    // Calls of clients to the gateway have no endpoint header.
    if retries.endpoints().is_empty() || workload.planned.role == Role::Gateway {
        return Vec::new();
    }
    let ports = workload.ports.iter().filter(|port| port.usage == PortUse::Grpc);
    ports
        .flat_map(|port| {
            let name = if port.chosen {
                format!("{}-{}", workload.name, port.number)
            } else {
                workload.name.to_owned()
            };
            let route = |matches| GrpcRoute {
                hostnames: Vec::new(),
                parent_refs: vec![ParentRef::service(workload.name, port.number)],
                rules: vec![GrpcRule {
                    matches,
                    backend_refs: vec![BackendRef::service(workload.name, port.number)],
                }],
            };
            let limited = Metadata::new()
                .annotation("retry.linkerd.io/grpc", "unavailable")
                .annotation("retry.linkerd.io/limit", retries.times.get().to_string());
            let matches = retries.endpoints().iter().flat_map(GrpcMatch::endpoint).collect();
            [
                workload.resource(&name, Metadata::new(), route(Vec::new())),
                workload.resource(&format!("{name}-retried"), limited, route(matches)),
            ]
        })
        .collect()
}
