//! Findings about the policies of a mesh.

use flow_model::plan::Plan;
use flow_model::{Advice, Diagnostic, Diagnostics, Help, MeshPolicy};

use crate::attempts::{attempts, retries_of};
use crate::mesh::{Policy, Retries, RetrySupport, ServiceMesh};
use crate::rules::{
    MANY_ATTEMPTS, NO_SUCH_POLICY, NOTHING_RETRIED, RETRIES_OVERRIDDEN, WRITE_RETRIED,
};

/// The largest number of attempts of one call that is not reported.
const FEW_ATTEMPTS: u32 = 3;

/// Endpoints that usually write data, by Jina's conventions.
const WRITES: [&str; 4] = ["/index", "/update", "/delete", "/train"];

pub(crate) fn check(
    plan: &Plan,
    policy: &Policy,
    mesh: &dyn ServiceMesh,
    diagnostics: &mut Diagnostics,
) {
    capabilities(policy, mesh, diagnostics);
    overridden(plan, policy, diagnostics);
    many_attempts(plan, policy, mesh, diagnostics);
}

fn capabilities(policy: &Policy, mesh: &dyn ServiceMesh, diagnostics: &mut Diagnostics) {
    let can = mesh.capabilities();
    let title = mesh.identity().title;
    let wants_retries = matches!(policy.retries, Retries::Mesh(_));
    for (asked, possible, policy) in [
        (wants_retries, can.retries != RetrySupport::None, MeshPolicy::Retries),
        (policy.circuit_breaking, can.breaks_circuits, MeshPolicy::CircuitBreaking),
        (policy.require_mtls, can.requires_mtls, MeshPolicy::RequireMtls),
    ] {
        if asked && !possible {
            let message = format!("{title} does not support {policy}");
            diagnostics.push(
                Diagnostic::new(&NO_SUCH_POLICY, message).help(Advice::WithoutPolicy(policy)),
            );
        }
    }
    let Retries::Mesh(retries) = &policy.retries else { return };
    for endpoint in retries.endpoints() {
        if WRITES.contains(&endpoint.as_str()) {
            let message = format!("calls of `{}` may run twice", endpoint.as_str());
            diagnostics.push(
                Diagnostic::new(&WRITE_RETRIED, message)
                    .help(Advice::WithoutEndpoint(endpoint.as_str().to_owned())),
            );
        }
    }
    if retries.endpoints().is_empty() && can.retries == RetrySupport::Endpoints {
        let message = format!("{title} retries no calls");
        diagnostics.push(Diagnostic::new(&NOTHING_RETRIED, message).help(Advice::NameEndpoints));
    }
}

fn overridden(plan: &Plan, policy: &Policy, diagnostics: &mut Diagnostics) {
    let owner = match policy.retries {
        Retries::Jina => return,
        Retries::Mesh(_) => "the mesh owns retries",
        Retries::Off => "nothing is retried",
    };
    for (_, workload) in plan.workloads() {
        let Some((written, span)) = retries_of(workload.main()) else { continue };
        if written.get() != 0 {
            let message = format!("`retries` of `{}` has no effect", workload.name);
            diagnostics.push(Diagnostic::new(&RETRIES_OVERRIDDEN, message).at(span, owner));
        }
    }
}

/// Reports calls with many attempts because several layers retry. A single layer is not reported:
/// its number of attempts is the default or the user's choice.
fn many_attempts(
    plan: &Plan,
    policy: &Policy,
    mesh: &dyn ServiceMesh,
    diagnostics: &mut Diagnostics,
) {
    let mut many = attempts(plan, policy, mesh);
    many.retain(|a| a.product() > FEW_ATTEMPTS && a.retrying_layers() > 1);
    // The first of those that have the most.
    let Some(most) = many.iter().rev().max_by_key(|attempts| attempts.product()) else { return };
    let message = format!(
        "one call of `{}` may be attempted {} times: {}",
        most.executor,
        most.product(),
        most.describe()
    );
    let mut finding =
        Diagnostic::new(&MANY_ATTEMPTS, message).at(most.span, "called through a head");
    for (span, words) in &most.reasons {
        finding = finding.at(*span, words.clone());
    }
    if many.len() > 1 {
        let others = many.len() - 1;
        let plural = if others == 1 { "Executor" } else { "Executors" };
        finding = finding.note(format!("so may those of {others} other {plural}"));
    }
    // The Flow's `retries` only apply if Jina retries.
    let help = match &policy.retries {
        Retries::Mesh(retries) => Advice::FewerRetries(retries.times.get() > 1).into(),
        Retries::Jina | Retries::Off => {
            Help::from("set `retries: 0` in the Executor's entry or under `gateway`")
        }
    };
    diagnostics.push(finding.help(help).help(Advice::NoRetries));
}
