//! Adds a gateway to a standalone Deployment.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Callee, Container, Graph, Part, Placement, Plan, Program, Settings, Workload};
use crate::keys::{GatewaySettings, Role};
use crate::span::Spanned;
use crate::topology::{END, GATEWAY, START};
use crate::values::{JinaGateway, Ports, Positive, Protocol};

impl Plan {
    /// The Plan of a standalone Deployment with a gateway, for a backend that cannot balance calls
    /// over replicas otherwise. `None` for a Flow, which defines its own gateway, and for an
    /// external Executor.
    ///
    /// As in `jina export docker-compose`, the gateway takes over the protocols and ports of the
    /// Deployment, and shares its logger configuration. The Executor serves gRPC, because a gateway
    /// calls over gRPC.
    pub fn with_gateway(&self) -> Option<Self> {
        let [executor] = self.executors.as_slice() else { return None };
        let entry = executor.placement.workloads().next().filter(|_| self.gateway.is_none())?;
        let gateway = gateway(self, entry);
        let mut plan = self.clone();
        plan.gateway = Some(gateway);
        let name = &executor.name.value;
        plan.graph = Graph {
            description: IndexMap::from([
                (START.to_owned(), vec![name.clone()]),
                (name.clone(), vec![END.to_owned()]),
            ]),
            ..Graph::default()
        };
        for executor in &mut plan.executors {
            let Placement::Internal { head, shards } = &mut executor.placement else { continue };
            for workload in head.as_deref_mut().into_iter().chain(shards) {
                workload.ports = Ports::default();
                for container in &mut workload.containers {
                    container.protocols = vec![Protocol::Grpc];
                }
            }
        }
        Some(plan)
    }
}

/// A gateway that calls the workload `entry` of a Deployment.
fn gateway(plan: &Plan, entry: &Workload) -> Workload {
    let main = entry.main();
    let mut settings = GatewaySettings::default();
    if let Settings::Executor(keys) = &main.settings {
        settings.log_config.clone_from(&keys.log_config);
        settings.protocol.clone_from(&keys.protocol);
    }
    let span = entry.span;
    let container = Container {
        role: Role::Gateway,
        name: GATEWAY.to_owned(),
        image: Spanned { value: plan.jina.clone(), span },
        program: Program::JinaGateway(JinaGateway::for_protocols(&main.protocols)),
        protocols: main.protocols.clone(),
        shard: None,
        dials: vec![Callee { executor: 0, part: Part::Entry }],
        entrypoint: None,
        tls: false,
        settings: Settings::Gateway(Arc::new(settings)),
    };
    Workload {
        replicas: Spanned { value: Positive::ONE, span },
        image_pull_secrets: entry.image_pull_secrets.clone(),
        timeout_ready: entry.timeout_ready,
        ports: entry.ports.clone(),
        labels: entry.labels.clone(),
        compose: entry.compose.clone(),
        span,
        ..Workload::bare(GATEWAY.to_owned(), Role::Gateway, vec![container])
    }
}
