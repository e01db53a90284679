//! No mesh: callers balance their calls themselves.

use flow_model::arguments::RuntimeOptions;
use flow_model::keys::Role;
use flow_model::plan::{Container, Workload};
use flow_model::values::Protocol;
use serde_json::{Map, json};

use super::{
    Balancing, Capabilities, Identity, PortShape, PortUse, ServiceMesh, ServicePlan, ServicePort,
};

/// No mesh: callers balance their calls themselves.
///
/// gRPC's default policy, `pick_first`, sends all calls to one Pod. Three things together balance
/// them: a headless Service, whose DNS name has the address of every Pod; the policy `round_robin`;
/// and servers that close their connections after a while, since gRPC asks DNS again only when a
/// connection ends (grpc/grpc#12295), and would never see a replica that was added.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMesh;

/// The age at which a server closes a connection, in milliseconds. Calls in flight on it may take
/// as long as they need (`grpc.max_connection_age_grace_ms` has no limit unless it is set). With
/// DNS answers that CoreDNS keeps for up to 30 s, a new replica gets its share within a minute.
const CONNECTION_AGE_MS: u32 = 20_000;

/// The time that gRPC waits before it resolves a name again, in milliseconds; its default is 30 s.
const DNS_INTERVAL_MS: u32 = 10_000;

impl ServiceMesh for NoMesh {
    fn identity(&self) -> Identity {
        Identity { name: "none", title: "no mesh" }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Balancing::PerRequest)
    }

    /// The standard values of KEP-3726, which ingress controllers and the Gateway API read.
    fn port(&self, port: ServicePort) -> PortShape {
        let app_protocol = match port.usage {
            PortUse::Grpc => "kubernetes.io/h2c",
            PortUse::Http | PortUse::Metrics => "http",
            PortUse::WebSocket => "kubernetes.io/ws",
            PortUse::Tls(Protocol::WebSocket) => "kubernetes.io/wss",
            PortUse::Tls(_) => "https",
        };
        PortShape { name: port.conventional_name(), app_protocol: Some(app_protocol.to_owned()) }
    }

    /// The gateway is called from outside, through a load balancer or an ingress.
    fn service_plan(&self, workload: &Workload) -> ServicePlan {
        match workload.role {
            Role::Gateway => ServicePlan::ClusterIp,
            _ => ServicePlan::ClusterIpAndHeadless,
        }
    }

    fn runtime_options(&self, container: &Container) -> RuntimeOptions {
        let mut options = RuntimeOptions::default();
        if matches!(container.role, Role::Gateway | Role::Head) {
            options.channel_options = Map::from_iter([
                ("grpc.lb_policy_name".to_owned(), json!("round_robin")),
                ("grpc.dns_min_time_between_resolutions_ms".to_owned(), json!(DNS_INTERVAL_MS)),
            ]);
        }
        if matches!(container.role, Role::Worker | Role::Head) {
            let age = ("grpc.max_connection_age_ms".to_owned(), json!(CONNECTION_AGE_MS));
            options.server_options = Map::from_iter([age]);
        }
        options
    }
}
