//! The backends of this program, configured by the command line.

use anyhow::{Context as _, bail};
use backend_compose::{Compose, FlowFolder};
use backend_k8s::Kubernetes;
use backend_k8s::mesh::{MeshRetries, Policy, Retries};
use flow_model::values::Positive;
use flow_model::{Backend, RuleInfo};

use crate::args::{self, RetryOwner};
use crate::{cluster_profile, meshes, storage};

/// Kubernetes, with the mesh of the command line.
pub(crate) fn kubernetes(target: &args::Target) -> anyhow::Result<Kubernetes> {
    let mut options = backend_k8s::Options::default();
    options.namespace.clone_from(&target.k8s_namespace);
    let mesh = target.mesh.as_deref().unwrap_or("linkerd");
    options.mesh = meshes::find(mesh).context("no such mesh")?;
    options.policy = policy(&target.policy)?;
    options.log_level = target.environment.variable("JINA_LOG_LEVEL")?;
    options.storage = storage::storage(&target.environment)?;
    options.gpu_all = target.gpu_all;
    if let Some(profile) = &target.cluster {
        options.cluster = cluster_profile::read(profile)?;
    }
    options.pod_security = target.pod_security;
    options.namespace_object = target.namespace_object.unwrap_or_default();
    options.without = target.without.iter().copied().collect();
    Ok(Kubernetes::new(options))
}

/// The policies of the mesh.
fn policy(args: &args::Policy) -> anyhow::Result<Policy> {
    let mut policy = Policy::default();
    policy.retries = match args.retries.unwrap_or(RetryOwner::Jina) {
        RetryOwner::Mesh => {
            let times =
                Positive::new(args.retry_times.unwrap_or(1)).context("a call is retried or not")?;
            let endpoints = args.retry.iter().cloned().collect();
            let retries = MeshRetries::new(times, endpoints);
            let most = MeshRetries::MOST_ENDPOINTS;
            Retries::Mesh(retries.with_context(|| format!("`--retry` names more than {most}"))?)
        }
        _ if !args.retry.is_empty() => {
            bail!("`--retry` names calls that the mesh retries: pass `--retries mesh` as well")
        }
        _ if args.retry_times.is_some() => {
            bail!("`--retry-times` sets the retries of the mesh: pass `--retries mesh` as well")
        }
        RetryOwner::Jina => Retries::Jina,
        RetryOwner::Off => Retries::Off,
    };
    policy.circuit_breaking = args.circuit_breaking.unwrap_or_default();
    policy.require_mtls = args.require_mtls.unwrap_or_default();
    Ok(policy)
}

/// Docker Compose.
pub(crate) fn compose(target: &args::ComposeTarget) -> anyhow::Result<Compose> {
    compose_file(target, FlowFolder::default())
}

/// Docker Compose, with a file that is not in the folder of the Flow.
pub(crate) fn compose_file(
    target: &args::ComposeTarget,
    folder: FlowFolder,
) -> anyhow::Result<Compose> {
    let mut options = backend_compose::Options::default();
    if let Some(network) = &target.network_name {
        options.network.clone_from(network);
    }
    options.log_level = target.environment.variable("JINA_LOG_LEVEL")?;
    options.folder = folder;
    Ok(Compose::new(options))
}

/// The rules of all backends. To add a backend, add a line.
pub(crate) fn rules() -> Vec<&'static RuleInfo> {
    [
        Kubernetes::new(backend_k8s::Options::default()).rules(),
        Compose::new(backend_compose::Options::default()).rules(),
        meshes::all().iter().flat_map(|mesh| mesh.rules()).collect(),
    ]
    .concat()
}
