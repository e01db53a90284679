//! What the Pods and claims of a workload ask of a cluster.

use std::collections::BTreeMap;

use flow_model::plan::Workload;
use flow_model::{Amounts, Demand};
use k8s_openapi::api::core::v1::{Container, PersistentVolumeClaim, PodSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// Adds the Pods of a workload, each of which claims so many bytes.
pub(crate) fn add_pods(demand: &mut Demand, workload: &Workload, pod: &PodSpec, storage: u64) {
    let mut each = Amounts { pods: 1, storage, ..Amounts::default() };
    for container in &pod.containers {
        each += of_container(container);
    }
    let least = workload.autoscale.as_ref().map(|autoscale| autoscale.least().value);
    let least = least.unwrap_or(workload.replicas.value.get());
    demand.add(each, least, workload.most_replicas().value.get());
}

/// Adds a claim beside a workload.
pub(crate) fn add_claim(demand: &mut Demand, claim: &PersistentVolumeClaim) {
    let storage = claimed(std::slice::from_ref(claim));
    demand.add_once(Amounts { storage, ..Amounts::default() });
}

/// The bytes that claims ask for together.
pub(crate) fn claimed(claims: &[PersistentVolumeClaim]) -> u64 {
    let resources = claims
        .iter()
        .filter_map(|claim| claim.spec.as_ref().and_then(|spec| spec.resources.as_ref()));
    let requests = resources.filter_map(|resources| resources.requests.as_ref()?.get("storage"));
    requests.map(whole).sum()
}

/// What a container requests; of what it does not request, its limit, which Kubernetes takes for the
/// request.
fn of_container(container: &Container) -> Amounts {
    let Some(resources) = &container.resources else { return Amounts::default() };
    let limits = resources.limits.iter().flatten();
    let mut asked: BTreeMap<&str, &Quantity> =
        limits.map(|(name, amount)| (name.as_str(), amount)).collect();
    let requests = resources.requests.iter().flatten();
    asked.extend(requests.map(|(name, amount)| (name.as_str(), amount)));
    let mut amounts = Amounts::default();
    for (name, amount) in asked {
        match name {
            "cpu" => amounts.cpu = in_thousandths(amount),
            "memory" => amounts.memory = whole(amount),
            _ if name.contains("/gpu") => amounts.gpus += whole(amount),
            _ => {}
        }
    }
    amounts
}

fn whole(quantity: &Quantity) -> u64 {
    let amount = quantity.0.parse::<flow_model::Quantity>().ok();
    amount.and_then(|amount| u64::try_from(amount.ceil()).ok()).unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of processors is small and positive"
)]
fn in_thousandths(quantity: &Quantity) -> u64 {
    let amount = quantity.0.parse::<flow_model::Quantity>();
    amount.map_or(0, |amount| (amount.to_f64() * 1_000.0).ceil() as u64)
}
