//! The maximum number of attempts for one call.

use flow_model::Span;
use flow_model::keys::Role;
use flow_model::plan::{Container, Placement, Plan, Settings, Workload};
use flow_model::values::OptionalLimit;

use crate::mesh::{Policy, Retries, RetrySupport, ServiceMesh};

/// The maximum number of attempts for one call of an Executor, if every attempt fails.
///
/// Attempts multiply: each attempt of a gateway is one call to a head, which has attempts of its
/// own. Retries of the Flow's clients are not included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempts {
    /// The Executor.
    pub executor: String,
    /// The place in the source.
    pub span: Option<Span>,
    /// The layers that retry, starting with the gateway.
    pub layers: Vec<Layer>,
    /// Where the source says how often Jina's processes try, or why there is a head: in the order of
    /// the call.
    pub(crate) reasons: Vec<(Span, String)>,
}

/// A layer that may retry a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layer {
    /// `gateway`, `head`, or the mesh.
    pub who: &'static str,
    /// The number of attempts, at least 1.
    pub attempts: u32,
}

impl Attempts {
    /// The product over all layers.
    pub fn product(&self) -> u32 {
        self.layers.iter().fold(1, |product, layer| product.saturating_mul(layer.attempts))
    }

    /// The number of layers with more than one attempt.
    pub(crate) fn retrying_layers(&self) -> usize {
        self.layers.iter().filter(|layer| layer.attempts > 1).count()
    }

    /// `gateway 4 × head 4`.
    pub fn describe(&self) -> String {
        let layers = self.layers.iter();
        let layers: Vec<_> =
            layers.map(|layer| format!("{} {}", layer.who, layer.attempts)).collect();
        layers.join(" × ")
    }
}

/// The attempts of every Executor of a Plan.
pub(crate) fn attempts(plan: &Plan, policy: &Policy, mesh: &dyn ServiceMesh) -> Vec<Attempts> {
    // A standalone Deployment is called from outside the Flow.
    let Some(gateway) = plan.gateway.as_ref().map(Workload::main) else { return Vec::new() };
    let executors = plan.executors.iter();
    executors
        .map(|executor| {
            let mut layers = Vec::new();
            let mut reasons = Vec::new();
            let mut add = |layer: Layer, written: Option<Span>| {
                let words = format!("the {} makes up to {} attempts", layer.who, layer.attempts);
                reasons.extend(written.map(|span| (span, words)));
                layers.push(layer);
            };
            let by_mesh = by_mesh(policy, mesh);
            match &executor.placement {
                Placement::External(addresses) => {
                    add(jina("gateway", gateway, addresses.len(), policy), written(gateway));
                }
                Placement::Internal { head, .. } => {
                    add(jina("gateway", gateway, 1, policy), written(gateway));
                    if let Some(layer) = by_mesh.clone() {
                        add(layer, None);
                    }
                    if let Some(head) = head.as_ref().map(|head| head.main()) {
                        add(jina("head", head, 1, policy), written(head).or_else(|| shards(head)));
                        if let Some(layer) = by_mesh {
                            add(layer, None);
                        }
                    }
                }
            }
            let name = &executor.name;
            Attempts { executor: name.value.clone(), span: name.span, layers, reasons }
        })
        .collect()
}

/// Jina tries once, then retries as often as `retries` says, or `max(3, addresses)` times if it is
/// unset (jina 3.34.0, `serve/networking`). On Kubernetes it knows one address of each Executor.
fn jina(who: &'static str, container: &Container, addresses: usize, policy: &Policy) -> Layer {
    let chosen = u32::try_from(addresses).unwrap_or(u32::MAX).max(3);
    let retries = match (&policy.retries, retries_of(container)) {
        (Retries::Mesh(_) | Retries::Off, _) => 0,
        (Retries::Jina, Some((limit, _))) => limit.limit().unwrap_or(chosen),
        (Retries::Jina, None) => chosen,
    };
    Layer { who, attempts: retries.saturating_add(1) }
}

/// The attempts of the mesh. None if Jina retries, because retries of the mesh are then off.
fn by_mesh(policy: &Policy, mesh: &dyn ServiceMesh) -> Option<Layer> {
    let Retries::Mesh(retries) = &policy.retries else { return None };
    let some = match mesh.capabilities().retries {
        RetrySupport::None => false,
        RetrySupport::Endpoints => !retries.endpoints().is_empty(),
        RetrySupport::EndpointsAndConnections => true,
    };
    let attempts = retries.times.get().saturating_add(1);
    some.then_some(Layer { who: mesh.identity().title, attempts })
}

/// Where `retries` of a process is written.
fn written(container: &Container) -> Option<Span> {
    retries_of(container).and_then(|(_, span)| span)
}

/// The `shards` that a head is for.
fn shards(head: &Container) -> Option<Span> {
    let Settings::Executor(keys) = &head.settings else { return None };
    keys.shards.as_ref().and_then(|shards| shards.span)
}

/// The Flow's `retries` for a process that calls Executors, with its place in the source.
pub(crate) fn retries_of(container: &Container) -> Option<(OptionalLimit, Option<Span>)> {
    let retries = match (&container.settings, container.role) {
        (Settings::Gateway(keys), Role::Gateway) => *keys.retries,
        (Settings::Executor(keys), Role::Head) => *keys.retries,
        _ => None,
    };
    retries.map(|retries| (retries.value, retries.span))
}
