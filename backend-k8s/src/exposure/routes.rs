//! Routes of the Gateway API: one for each protocol.

use flow_model::Document;
use flow_model::values::{Entrance, Protocol};

use super::ingress::origins;
use super::{Exposed, Scene};
use crate::mesh::Metadata;
use crate::mesh::gateway_api::{
    BackendRef, GrpcRoute, GrpcRule, HttpMatch, HttpRoute, HttpRule, HttpTimeouts, ParentRef,
};

pub(super) fn documents(scene: &Scene<'_>, exposed: &[Exposed<'_>]) -> Vec<Document> {
    let Entrance::Gateway { gateway, .. } = &scene.exposure.entrance else { return Vec::new() };
    let documents = exposed.iter().map(|one| {
        let name = one.name(scene.meshed.name);
        let parent_refs = vec![ParentRef::gateway(gateway.namespace(), gateway.name())];
        let hostnames = vec![one.host.value.as_str().to_owned()];
        let backend_refs = vec![BackendRef::service(scene.meshed.name, one.port.port.number)];
        let more = Metadata { annotations: scene.annotations(), ..Metadata::default() };
        let mut document = match one.protocol {
            Protocol::Grpc => {
                let rules = vec![GrpcRule { matches: Vec::new(), backend_refs }];
                let route = GrpcRoute { parent_refs, hostnames, rules };
                scene.meshed.resource(&name, more, route)
            }
            Protocol::Http | Protocol::WebSocket => {
                // A limit would end WebSockets too.
                let limit = scene.limit().filter(|_| one.protocol == Protocol::Http);
                let timeouts = limit.map(HttpTimeouts::of_requests);
                let matches = vec![HttpMatch::everything()];
                let rules = vec![HttpRule { matches, backend_refs, timeouts }];
                let route = HttpRoute { parent_refs, hostnames, rules };
                scene.meshed.resource(&name, more, route)
            }
        };
        document.origins = origins(scene);
        document.origins.insert("/spec/hostnames", one.host.span);
        document.origins.insert("/spec/parentRefs", gateway.span);
        document
    });
    documents.collect()
}
