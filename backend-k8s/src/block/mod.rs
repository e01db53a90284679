//! Blocks `kubernetes:` of a Flow: the user's own parts of the objects of a workload.
//!
//! A block is checked against the types of the Kubernetes API and merged into the generated objects:
//! the Flow's block first, then that of the entry. What the mesh writes comes last. Every part of an
//! object that a block writes has its line as origin.

mod apply;
mod check;
mod complete;
mod custom;
pub(crate) mod metadata;
mod objects;
mod owned;
mod parts;
mod patch;
mod pods;
mod pointer;
mod requirements;
mod schema;

pub(crate) use apply::{Controller, Kinds, Surroundings, controller, service};
pub(crate) use metadata::BlockMetadata;
pub(crate) use objects::documents as objects;
pub(crate) use owned::{Owned, finding as owned_field};
pub(crate) use parts::{Parts, claim, config_map};
pub(crate) use patch::{Touch, Touched};
pub(crate) use pods::{grace, secrets};

use flow_model::plan::{Plan, Workload};
use flow_model::values::BlockWord;
use flow_model::{Diagnostic, Diagnostics};

use crate::mesh::Metadata;
use crate::rules::{COMPOSE_ONLY, NO_SUCH_PART};

/// Checks the labels and annotations of a workload's blocks. `owned` are those that flowship sets.
pub(crate) fn check_metadata(workload: &Workload, owned: &Metadata, diagnostics: &mut Diagnostics) {
    metadata::check(&workload.blocks, owned, diagnostics);
}

/// Reports what the blocks of a Flow say about nothing: claims of volumes that no workload has, and
/// heads where there are no shards.
pub(crate) fn check_plan(plan: &Plan, diagnostics: &mut Diagnostics) {
    let Some(block) = &plan.block else { return };
    let claims = block.get(BlockWord::Claims).and_then(|entry| entry.value.as_mapping());
    for (path, entry) in claims.into_iter().flatten() {
        let has = |workload: &Workload| {
            workload.volumes.iter().any(|volume| volume.target() == path.as_str())
        };
        if plan.workloads().any(|(_, workload)| has(workload)) {
            continue;
        }
        let is_hidden = entry.key.is_some_and(|key| key.substituted);
        let shown = if is_hidden { "this path".to_owned() } else { format!("`{path}`") };
        let message = format!("no Executor has a volume at {shown}");
        let finding = Diagnostic::new(&NO_SUCH_PART, message).at(entry.key, "no such volume");
        diagnostics.push(finding.help("write a path of `volumes`"));
    }
}

/// Reports blocks `compose`, each once.
pub(crate) fn check_compose(plan: &Plan, diagnostics: &mut Diagnostics) {
    let blocks = plan.workloads().flat_map(|(_, workload)| &workload.compose);
    let mut spans: Vec<_> = blocks.map(|block| block.span).collect();
    spans.sort();
    spans.dedup();
    for span in spans {
        let message = "`compose` has no effect on Kubernetes";
        diagnostics
            .push(Diagnostic::new(&COMPOSE_ONLY, message).at(span, "only on Docker Compose"));
    }
}

/// Reports `head` of an entry without shards, and `claims` of the gateway, which has no volumes.
pub(crate) fn check_workload(workload: &Workload, diagnostics: &mut Diagnostics) {
    use flow_model::keys::Role;
    let own = workload.blocks.iter().filter(|layer| !layer.is_shared);
    for layer in own.filter(|_| workload.shard.is_none() && workload.role != Role::Head) {
        if let Some(head) = layer.block.head() {
            let message = format!("`{}` has no head", workload.deployment);
            let finding = Diagnostic::new(&NO_SUCH_PART, message)
                .at(head.span, "only an Executor with `shards: 2` or more has one")
                .help("remove `head`, or write its parts beside it");
            diagnostics.push(finding);
        }
    }
}
