//! The backends that this program knows, as the command line wants them.

use anyhow::Context as _;
use backend_compose::Compose;
use backend_k8s::Kubernetes;
use flow_model::{Backend, RuleInfo};

use crate::args;
use crate::{images, meshes, storage};

/// Kubernetes, with the mesh of the command line.
pub(crate) fn kubernetes(target: &args::Target) -> anyhow::Result<Kubernetes> {
    let mut options = backend_k8s::Options::default();
    options.namespace.clone_from(&target.k8s_namespace);
    options.mesh = meshes::find(&target.mesh).context("no such mesh")?;
    options.log_level = images::variable("JINA_LOG_LEVEL")?;
    options.storage = storage::storage()?;
    options.gpu_all = target.gpu_all;
    Ok(Kubernetes::new(options))
}

/// Docker Compose.
pub(crate) fn compose(target: &args::ComposeTarget) -> anyhow::Result<Compose> {
    let mut options = backend_compose::Options::default();
    options.network.clone_from(&target.network_name);
    options.log_level = images::variable("JINA_LOG_LEVEL")?;
    Ok(Compose::new(options))
}

/// What any backend may report. To add a backend, add a line.
pub(crate) fn rules() -> Vec<&'static RuleInfo> {
    [
        Kubernetes::new(backend_k8s::Options::default()).rules(),
        Compose::new(backend_compose::Options::default()).rules(),
    ]
    .concat()
}
