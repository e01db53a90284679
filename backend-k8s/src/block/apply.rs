//! Merges the blocks of a workload into its objects.

use std::collections::BTreeSet;

use flow_model::plan::Layer;
use flow_model::values::{BlockWord, Tree, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Origins};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{
    Container, PersistentVolumeClaim, PodSpec, PodTemplateSpec, Service,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::check;
use super::complete;
use super::owned::{self, Owned};
use super::patch::{Patch, Touched};
use super::pods;
use crate::rules::UNKNOWN_FIELD;

/// The template of a workload's Pods in its controller.
const POD: &str = "/spec/template/spec";

/// The container that does the work.
const CONTAINER: &str = "/spec/template/spec/containers/0";

/// The words whose parts are merged into a controller.
const OF_CONTROLLER: [BlockWord; 3] = [BlockWord::Workload, BlockWord::Pod, BlockWord::Container];

/// The kinds of controllers of a Flow.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kinds {
    pub(crate) deployments: bool,
    pub(crate) stateful_sets: bool,
}

/// What else there is in the Flow and in its Pods.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) kinds: Kinds,
    /// The name of the mesh in a sentence.
    pub(crate) mesh: &'static str,
    /// The containers that the mesh adds to Pods.
    pub(crate) injected: Vec<&'static str>,
}

/// The controller of a workload.
pub(crate) trait Controller: Serialize + DeserializeOwned {
    /// Checks `workload` of a block, against its own type and, where the block is for workloads of both
    /// types, the other one.
    fn check(layer: &Layer, tree: &Tree, kinds: Kinds) -> Checked;

    /// The template of its Pods.
    fn template(&mut self) -> Option<&mut PodTemplateSpec>;

    /// The claims of each Pod.
    fn claims(&self) -> &[PersistentVolumeClaim];
}

impl Controller for Deployment {
    fn check(layer: &Layer, tree: &Tree, kinds: Kinds) -> Checked {
        of_either::<Self, StatefulSet>(tree, layer.is_shared && kinds.stateful_sets, true)
    }

    fn template(&mut self) -> Option<&mut PodTemplateSpec> {
        self.spec.as_mut().map(|spec| &mut spec.template)
    }

    fn claims(&self) -> &[PersistentVolumeClaim] {
        &[]
    }
}

impl Controller for StatefulSet {
    fn check(layer: &Layer, tree: &Tree, kinds: Kinds) -> Checked {
        of_either::<Self, Deployment>(tree, layer.is_shared && kinds.deployments, false)
    }

    fn template(&mut self) -> Option<&mut PodTemplateSpec> {
        self.spec.as_mut().map(|spec| &mut spec.template)
    }

    fn claims(&self) -> &[PersistentVolumeClaim] {
        self.spec
            .as_ref()
            .and_then(|spec| spec.volume_claim_templates.as_deref())
            .unwrap_or_default()
    }
}

/// A part of a block for controllers that was checked.
pub(crate) struct Checked {
    patch: Patch,
    /// What is reported of it here.
    found: Diagnostics,
    /// What the workloads of the other type report.
    left: Diagnostics,
}

/// Checks `workload` of a block against the type of a workload. With `has_other` the block is that of
/// the Flow, and some workloads have the other type: a field that only one type has is for those
/// workloads, and a mistake that both find is reported by the one that `reports`.
fn of_either<T: DeserializeOwned, Other: DeserializeOwned>(
    tree: &Tree,
    has_other: bool,
    reports: bool,
) -> Checked {
    let (mut found, mut left) = (Diagnostics::new(), Diagnostics::new());
    let (patch, _) = check::<T>(BlockWord::Workload.name(), tree, &mut found);
    if has_other && !found.is_empty() {
        let mut others = Diagnostics::new();
        check::<Other>(BlockWord::Workload.name(), tree, &mut others);
        found.retain(|finding| {
            let is_in_both = others.iter().any(|other| {
                other.rule.code == finding.rule.code && other.span() == finding.span()
            });
            if is_in_both && !reports {
                left.push(finding.clone());
            }
            if is_in_both { reports } else { finding.rule.code != UNKNOWN_FIELD.code }
        });
    }
    Checked { patch, found, left }
}

/// Merges the blocks into the controller of a workload. Returns what they touched.
pub(crate) fn controller<T: Controller>(
    object: &mut T,
    layers: &[Layer],
    surroundings: &Surroundings,
    claims: &BTreeSet<String>,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) -> Touched {
    let mut touched = Touched::default();
    let mut words = layers.iter().flat_map(|layer| OF_CONTROLLER.map(|word| layer.block.get(word)));
    if words.all(|entry| entry.is_none()) {
        return touched;
    }
    let Ok(generated) = serde_json::to_value(&*object) else { return touched };
    let mut value = generated.clone();
    let mut left = Diagnostics::new();
    for layer in layers {
        if let Some(entry) = layer.block.get(BlockWord::Workload) {
            let Checked { patch, found, left: others } =
                T::check(layer, &entry.value, surroundings.kinds);
            diagnostics.extend(found);
            left.extend(others);
            patch.merge(&mut value, "", origins, &mut touched);
        }
        if let Some(entry) = layer.block.get(BlockWord::Pod) {
            let (patch, _) = check::<PodSpec>("pod", &entry.value, diagnostics);
            merge_at(&patch, &mut value, POD, origins, &mut touched);
        }
        if let Some(entry) = layer.block.get(BlockWord::Container) {
            let (patch, _) = check::<Container>("container", &entry.value, diagnostics);
            merge_at(&patch, &mut value, CONTAINER, origins, &mut touched);
        }
    }
    let owned = owned::of_controller(&generated, &touched);
    owned::check(&generated, &value, &owned, &touched, diagnostics);
    pods::check(&generated, &value, claims, &touched, diagnostics);
    pods::check_injected(&value, surroundings, &touched, diagnostics);
    check_complete::<T>(&value, &touched, &left, diagnostics);
    pods::complete_references(&mut value);
    finish(object, value, origins, &left, diagnostics);
    touched
}

/// Checks the parts of an object that blocks wrote, unless a mistake in them was reported, or is `left`
/// to others.
fn check_complete<T: DeserializeOwned + Serialize>(
    value: &Value,
    touched: &Touched,
    left: &Diagnostics,
    diagnostics: &mut Diagnostics,
) {
    let place = |pointer: &str| touched.find(pointer).map(|touch| touch.span);
    let mut found = Diagnostics::new();
    complete::check::<T>(value, &place, &mut found);
    // What was reported at the same place, or in it, says more.
    found.retain(|finding| {
        finding.span().is_none_or(|span| {
            let mut others = diagnostics.iter().chain(left).filter_map(Diagnostic::span);
            !others.any(|other| {
                other.file == span.file && span.start <= other.start && other.end <= span.end
            })
        })
    });
    diagnostics.extend(found);
}

/// Merges the blocks into the Service that has the name of the workload. `owned` is what the mesh
/// sets, and `pod` the Pods behind it.
pub(crate) fn service(
    object: &mut Service,
    layers: &[Layer],
    owned: &[Owned],
    pod: Option<&PodSpec>,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    if layers.iter().all(|layer| layer.block.get(BlockWord::Service).is_none()) {
        return;
    }
    let mut touched = Touched::default();
    let Ok(generated) = serde_json::to_value(&*object) else { return };
    let mut value = generated.clone();
    for layer in layers {
        if let Some(entry) = layer.block.get(BlockWord::Service) {
            let (patch, _) = check::<Service>("service", &entry.value, diagnostics);
            patch.merge(&mut value, "", origins, &mut touched);
        }
    }
    let own = owned::of_service(&generated, &touched);
    owned::check(&generated, &value, &[own.as_slice(), owned].concat(), &touched, diagnostics);
    if let Some(pod) = pod {
        pods::check_service(&value, pod, &touched, diagnostics);
    }
    let nothing = Diagnostics::new();
    check_complete::<Service>(&value, &touched, &nothing, diagnostics);
    finish(object, value, origins, &nothing, diagnostics);
}

fn merge_at(
    patch: &Patch,
    value: &mut Value,
    pointer: &str,
    origins: &mut Origins,
    touched: &mut Touched,
) {
    // An earlier block may have removed the part, which is reported.
    if let Some(part) = value.pointer_mut(pointer) {
        patch.merge(part, pointer, origins, touched);
    }
}

/// Makes an object of the merged value.
fn finish<T: DeserializeOwned>(
    object: &mut T,
    value: Value,
    origins: &Origins,
    left: &Diagnostics,
    diagnostics: &mut Diagnostics,
) {
    match serde_json::from_value(value) {
        Ok(merged) => *object = merged,
        // Every part was checked against its type, so a mistake was reported.
        Err(_) if diagnostics.has_errors() || left.has_errors() => {}
        Err(_) => {
            let message = "the blocks of `kubernetes` do not result in a valid object";
            diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(origins.find(""), ""));
        }
    }
}
