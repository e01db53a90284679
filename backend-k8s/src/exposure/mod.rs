//! What lets clients outside the cluster reach the gateway.

mod check;
mod controller;
mod ingress;
mod load_balancer;
mod routes;

use std::collections::BTreeMap;

use flow_model::keys::Role;
use flow_model::plan::{Settings, Workload};
use flow_model::values::{Entrance, Exposure, HostName, Protocol};
use flow_model::{Diagnostics, Document, RequiredSecret, Span, Spanned};

use crate::mesh::{MeshWorkload, Metadata, PortUse};
use crate::objects::Context;
use crate::ports::OfferedPort;

/// A protocol of the gateway that clients outside the cluster reach.
#[derive(Debug, Clone, Copy)]
struct Exposed<'a> {
    protocol: Protocol,
    /// Its port of the gateway's Service.
    port: OfferedPort,
    /// The host that clients call.
    host: &'a Spanned<HostName>,
}

impl Exposed<'_> {
    /// The name of its objects: the workload, and the protocol.
    fn name(&self, workload: &str) -> String {
        format!("{workload}-{}", self.protocol.word().to_lowercase())
    }
}

/// How a workload is exposed; only gateways are.
fn of(workload: &Workload) -> Option<&Spanned<Exposure>> {
    match &workload.main().settings {
        Settings::Gateway(settings) => settings.exposure.as_ref(),
        Settings::Executor(_) => None,
    }
}

/// The protocols that are exposed under a host, in the order of the gateway.
fn exposed<'a>(
    workload: &Workload,
    exposure: &'a Exposure,
    ports: &[OfferedPort],
) -> Vec<Exposed<'a>> {
    let Some(hosts) = exposure.entrance.hosts() else { return Vec::new() };
    let protocols = workload.main().protocols.iter();
    let found = protocols.filter_map(|&protocol| {
        let host = hosts.of(protocol)?;
        let port = ports.iter().find(|offered| serves(offered, protocol))?;
        Some(Exposed { protocol, port: *port, host })
    });
    found.collect()
}

/// True for a port of this protocol.
fn serves(offered: &OfferedPort, protocol: Protocol) -> bool {
    match offered.port.usage {
        PortUse::Grpc => protocol == Protocol::Grpc,
        PortUse::Http => protocol == Protocol::Http,
        PortUse::WebSocket => protocol == Protocol::WebSocket,
        PortUse::Tls(inside) => protocol == inside,
        PortUse::Metrics => false,
    }
}

/// The Secret with the certificate of an Ingress.
pub(crate) fn secret(workload: &Workload) -> Option<RequiredSecret> {
    match &of(workload)?.entrance {
        Entrance::Ingress { tls, .. } => {
            tls.as_ref().map(|tls| RequiredSecret { name: tls.as_str().to_owned(), key: None })
        }
        Entrance::Gateway { .. } | Entrance::LoadBalancer { .. } => None,
    }
}

/// The objects that expose a workload.
pub(crate) fn documents(
    context: &Context<'_>,
    meshed: &MeshWorkload<'_>,
    ports: &[OfferedPort],
    service: &Metadata,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let Some(exposure) = of(meshed.planned) else {
        let expose = meshed.planned.expose.filter(|expose| expose.value);
        let expose = expose.filter(|_| meshed.planned.role != Role::Gateway);
        let document =
            expose.map(|expose| load_balancer::of_executor(context, meshed, ports, expose.span));
        return document.into_iter().collect();
    };
    let exposed = exposed(meshed.planned, exposure, ports);
    let scene = Scene {
        context,
        meshed,
        exposure,
        span: exposure.span,
        service,
        longest: longest(context, meshed.planned),
    };
    check::check(&scene, &exposed, diagnostics);
    match &exposure.entrance {
        Entrance::Ingress { .. } => ingress::documents(&scene, &exposed),
        Entrance::Gateway { .. } => routes::documents(&scene, &exposed),
        Entrance::LoadBalancer { .. } => vec![load_balancer::document(&scene, ports)],
    }
}

/// Values that all objects of an exposure share.
struct Scene<'a> {
    context: &'a Context<'a>,
    meshed: &'a MeshWorkload<'a>,
    exposure: &'a Exposure,
    /// The place of the exposure in the source.
    span: Option<Span>,
    /// The labels and annotations of the gateway's Service.
    service: &'a Metadata,
    /// The longest call of the gateway, in whole seconds.
    longest: Option<u64>,
}

impl Scene<'_> {
    /// The user's annotations.
    fn annotations(&self) -> BTreeMap<String, String> {
        let annotations = self.exposure.annotations.iter();
        annotations.map(|(name, text)| (name.clone(), text.value.clone())).collect()
    }

    /// A time limit that lets the longest call end, in seconds: one second more, so that the gateway's
    /// own answer arrives.
    fn limit(&self) -> Option<u64> {
        self.longest.map(|seconds| seconds + 1)
    }
}

/// The longest call of a gateway, in whole seconds.
fn longest(context: &Context<'_>, workload: &Workload) -> Option<u64> {
    context.flow.plan.longest_call(workload).map(|call| call.value.div_ceil(1000))
}
