//! The blocks of `kubernetes` and `compose` that apply to a workload.

use super::Layer;
use crate::flow::Flow;
use crate::keys::{ExecutorSettings, GatewaySettings};
use crate::span::Spanned;
use crate::values::{ComposeBlock, KubernetesBlock, Positive};

/// The Flow's block, then the gateway's own.
pub(super) fn of_gateway(flow: &Flow, settings: &GatewaySettings) -> Vec<Layer> {
    let common = flow.settings.kubernetes.iter().map(shared);
    common.chain(settings.kubernetes.iter().map(own)).collect()
}

/// The Flow's block, then the Executor's own.
pub(super) fn of_worker(flow: &Flow, settings: &ExecutorSettings) -> Vec<Layer> {
    let common = flow.settings.kubernetes.iter().map(shared);
    common.chain(settings.kubernetes.iter().map(own)).collect()
}

/// The Flow's block and its `head`, the labels and annotations of the Executor, then its `head`. The
/// rest of an Executor's block is about its shards: a head needs neither their memory nor their GPUs.
pub(super) fn of_head(flow: &Flow, settings: &ExecutorSettings) -> Vec<Layer> {
    let mut layers = Vec::new();
    for block in &flow.settings.kubernetes {
        layers.push(shared(block));
        layers.extend(block.head().map(shared));
    }
    for block in &settings.kubernetes {
        let metadata = block.metadata().map(|value| Spanned { value, span: block.span });
        layers.extend(metadata.as_ref().map(own));
        layers.extend(block.head().map(own));
    }
    layers
}

/// The number of heads that a block sets.
pub(super) fn heads(flow: &Flow, settings: &ExecutorSettings) -> Option<Spanned<Positive>> {
    let replicas = |block: Option<&Spanned<KubernetesBlock>>| block?.head()?.replicas();
    replicas(settings.kubernetes.as_ref()).or_else(|| replicas(flow.settings.kubernetes.as_ref()))
}

/// The Flow's block of `compose`, then that of the entry.
pub(super) fn compose(
    flow: &Flow,
    own: Option<&Spanned<ComposeBlock>>,
) -> Vec<Spanned<ComposeBlock>> {
    flow.settings.compose.as_ref().into_iter().chain(own).cloned().collect()
}

fn shared(block: &Spanned<KubernetesBlock>) -> Layer {
    Layer { block: block.clone(), is_shared: true }
}

fn own(block: &Spanned<KubernetesBlock>) -> Layer {
    Layer { block: block.clone(), is_shared: false }
}
