//! Parts of merged Pods that refer to each other.

use std::collections::BTreeSet;

use flow_model::keys::nearest;
use flow_model::values::WRONG_VALUE;
use flow_model::{Diagnostic, Diagnostics, RequiredSecret, Span};
use k8s_openapi::api::core::v1::{Container, PodSpec};
use serde_json::Value;

use super::apply::Surroundings;
use super::owned;
use super::patch::{Touch, Touched};
use crate::rules::NO_SUCH_PART;

const POD: &str = "/spec/template/spec";

/// Reports containers, volumes and ports that match nothing, and a grace period that is too short.
/// `claims` are the volumes that a StatefulSet claims.
pub(super) fn check(
    generated: &Value,
    merged: &Value,
    claims: &BTreeSet<String>,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let Some(pod) = merged.pointer(POD) else { return };
    let names = |list: &[Value]| -> Vec<String> {
        list.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)).collect()
    };
    let known = generated.pointer(POD).map(|pod| names(items(pod, "containers")));
    let known = known.unwrap_or_default();
    let mut volumes = names(items(pod, "volumes"));
    volumes.extend(claims.iter().cloned());
    for list in ["containers", "initContainers"] {
        for (index, container) in items(pod, list).iter().enumerate() {
            let pointer = format!("{POD}/{list}/{index}");
            check_image(container, &pointer, &known, touched, diagnostics);
            check_mounts(container, &pointer, &volumes, touched, diagnostics);
            check_probes(generated, container, &pointer, touched, diagnostics);
            check_grace(pod, container, &pointer, touched, diagnostics);
        }
    }
}

/// The items of a list of a Pod.
fn items<'a>(pod: &'a Value, list: &str) -> &'a [Value] {
    pod[list].as_array().map_or(&[], Vec::as_slice)
}

/// Reports containers with the name of one that the mesh adds. The mesh would not add it again, so that
/// the Pods would be outside the mesh.
pub(super) fn check_injected(
    merged: &Value,
    surroundings: &Surroundings,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let Some(pod) = merged.pointer(POD) else { return };
    for list in ["containers", "initContainers"] {
        for (index, container) in items(pod, list).iter().enumerate() {
            let name = container["name"].as_str().unwrap_or_default();
            if surroundings.injected.contains(&name)
                && let Some(touch) = touched.find(&format!("{POD}/{list}/{index}/name"))
            {
                let help = "rename the container; annotations of the Pods configure the proxy";
                diagnostics.push(owned::finding(surroundings.mesh, name, touch.span, help));
            }
        }
    }
}

/// Writes the API version of fields that variables refer to, as the API server would. It owns a
/// reference as a whole, so that another way of applying would be a conflict without it.
pub(super) fn complete_references(object: &mut Value) {
    for list in ["containers", "initContainers"] {
        let containers = object.pointer_mut(&format!("{POD}/{list}")).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let variables = container.get_mut("env").and_then(Value::as_array_mut);
            for variable in variables.into_iter().flatten() {
                let reference = variable.pointer_mut("/valueFrom/fieldRef");
                if let Some(reference) = reference.and_then(Value::as_object_mut) {
                    reference.entry("apiVersion").or_insert_with(|| "v1".into());
                }
            }
        }
    }
}

/// A name as findings show it.
fn shown(name: &str, span: Option<Span>) -> String {
    match span {
        Some(span) if span.substituted => "this value".to_owned(),
        _ => format!("`{name}`"),
    }
}

fn check_image(
    container: &Value,
    pointer: &str,
    known: &[String],
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    if container["image"].is_string() {
        return;
    }
    let Some(Touch { span, .. }) = touched.find(&format!("{pointer}/name")) else { return };
    let name = container["name"].as_str().unwrap_or_default();
    let message = format!("no container is named {}", shown(name, span));
    let finding =
        Diagnostic::new(&NO_SUCH_PART, message).at(span, "expected a container of the Pods");
    let near = nearest(name, known.iter().map(String::as_str));
    let near = near.filter(|_| span.is_none_or(|span| !span.substituted));
    diagnostics.push(match near {
        Some(near) => finding.help(format!("write `{near}`")),
        None => finding.help("set `image` to add a container of your own"),
    });
}

fn check_mounts(
    container: &Value,
    pointer: &str,
    volumes: &[String],
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let mounts = container["volumeMounts"].as_array().into_iter().flatten().enumerate();
    for (index, mount) in mounts {
        let Some(name) = mount["name"].as_str() else { continue };
        let pointer = format!("{pointer}/volumeMounts/{index}/name");
        if volumes.iter().any(|volume| volume == name) {
            continue;
        }
        let Some(Touch { span, .. }) = touched.find(&pointer) else { continue };
        let is_hidden = span.is_some_and(|span| span.substituted);
        let message = match name {
            "" => "a mount has no `name`".to_owned(),
            _ => format!("no volume is named {}", shown(name, span)),
        };
        let finding =
            Diagnostic::new(&NO_SUCH_PART, message).at(span, "expected a volume of the Pods");
        let near = nearest(name, volumes.iter().map(String::as_str)).filter(|_| !is_hidden);
        diagnostics.push(match near {
            Some(near) => finding.help(format!("write `{near}`")),
            None => finding.help("add the volume to `pod: {volumes: […]}`"),
        });
    }
}

fn check_probes(
    generated: &Value,
    container: &Value,
    pointer: &str,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let ports: Vec<&Value> = container["ports"].as_array().into_iter().flatten().collect();
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        for handler in ["grpc", "httpGet", "tcpSocket"] {
            let port = &container[probe][handler]["port"];
            let is_there = ports.iter().any(|known| {
                known["containerPort"] == *port
                    || known["name"].is_string() && known["name"] == *port
            });
            // A container of the user's own need not list its ports, but names have to be in the list.
            if is_there || port.is_null() || ports.is_empty() && port.is_number() {
                continue;
            }
            let pointer = format!("{pointer}/{probe}/{handler}/port");
            // The port of a generated probe cannot be changed, which is reported elsewhere.
            if generated.pointer(&pointer).is_some() {
                continue;
            }
            let Some(Touch { span, .. }) = touched.find(&pointer) else { continue };
            let message = format!("`{probe}` asks a port that the container does not have");
            let numbers = ports.iter().map(|known| known["containerPort"].to_string());
            let numbers: Vec<_> = numbers.collect();
            let finding = Diagnostic::new(&NO_SUCH_PART, message)
                .at(span, format!("expected {}", numbers.join(" or ")));
            diagnostics.push(finding.help("write a port of the container"));
        }
    }
}

/// The API server refuses a sleep that is longer than the grace period.
fn check_grace(
    pod: &Value,
    container: &Value,
    pointer: &str,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let grace = pod["terminationGracePeriodSeconds"].as_i64().unwrap_or(30);
    let sleep = container.pointer("/lifecycle/preStop/sleep/seconds").and_then(Value::as_i64);
    let Some(sleep) = sleep.filter(|sleep| *sleep >= grace) else { return };
    let of_grace = touched.find(&format!("{POD}/terminationGracePeriodSeconds"));
    let of_sleep = touched.find(&format!("{pointer}/lifecycle/preStop/sleep/seconds"));
    let Some(Touch { span, .. }) = of_grace.or(of_sleep) else { return };
    let is_hidden = |touch: Option<Touch>| touch.is_some_and(|touch| touch.is_substituted());
    let (message, help) = if is_hidden(of_grace) || is_hidden(of_sleep) {
        (
            "the grace period is not longer than the sleep of `preStop`".to_owned(),
            "set `terminationGracePeriodSeconds` to more".to_owned(),
        )
    } else {
        (
            format!("a grace period of {grace} s is not longer than the {sleep} s of `preStop`"),
            format!(
                "set `terminationGracePeriodSeconds` to {} or more, or a shorter `lifecycle: {{preStop: {{sleep: …}}}}`",
                sleep.saturating_add(2)
            ),
        )
    };
    let finding = Diagnostic::new(&WRONG_VALUE, message)
        .at(span, "the Pod would be killed while it still takes calls")
        .help(help);
    diagnostics.push(finding);
}

/// Reports ports of a Service that lead to no port of its Pods, and ports without a name.
pub(super) fn check_service(
    service: &Value,
    pod: &PodSpec,
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    let containers = pod.containers.iter().chain(pod.init_containers.iter().flatten());
    let ports: Vec<_> = containers.flat_map(|container| container.ports.iter().flatten()).collect();
    let listed = service.pointer("/spec/ports").and_then(Value::as_array);
    let listed: Vec<&Value> = listed.into_iter().flatten().collect();
    for (index, port) in listed.iter().enumerate() {
        let pointer = format!("/spec/ports/{index}");
        let target = if port["targetPort"].is_null() { &port["port"] } else { &port["targetPort"] };
        let is_there = ports.iter().any(|known| {
            target.as_i64() == Some(known.container_port.into())
                || target.is_string() && target.as_str() == known.name.as_deref()
        });
        let field = if port["targetPort"].is_null() { "port" } else { "targetPort" };
        if !is_there && let Some(Touch { span, .. }) = touched.find(&format!("{pointer}/{field}")) {
            let message = "a port of the Service leads to no port of its Pods";
            let numbers = ports.iter().map(|known| known.container_port.to_string());
            let numbers: Vec<_> = numbers.collect();
            let finding = Diagnostic::new(&NO_SUCH_PART, message)
                .at(span, format!("expected {}", numbers.join(" or ")))
                .help("set `targetPort` to a port of the container");
            diagnostics.push(finding);
        }
        if listed.len() > 1
            && port["name"].is_null()
            && let Some(Touch { span, .. }) = touched.find(&pointer)
        {
            let message = "a port of the Service has no name";
            let finding = Diagnostic::new(&WRONG_VALUE, message)
                .at(span, "a Service with several ports needs a name for each")
                .help("set `name`");
            diagnostics.push(finding);
        }
    }
}

/// The Secrets that Pods need to start.
pub(crate) fn secrets(pod: &PodSpec) -> Vec<RequiredSecret> {
    let mut secrets = Vec::new();
    let mut add = |name: &str, key: Option<&String>, optional: Option<bool>| {
        if optional != Some(true) && !name.is_empty() {
            secrets.push(RequiredSecret { name: name.to_owned(), key: key.cloned() });
        }
    };
    let containers = pod.containers.iter().chain(pod.init_containers.iter().flatten());
    for Container { env, env_from, .. } in containers {
        for variable in env.iter().flatten() {
            let source = variable.value_from.as_ref().and_then(|from| from.secret_key_ref.as_ref());
            if let Some(secret) = source {
                add(&secret.name, Some(&secret.key), secret.optional);
            }
        }
        for secret in env_from.iter().flatten().filter_map(|from| from.secret_ref.as_ref()) {
            add(&secret.name, None, secret.optional);
        }
    }
    for volume in pod.volumes.iter().flatten() {
        if let Some(secret) = &volume.secret {
            add(secret.secret_name.as_deref().unwrap_or_default(), None, secret.optional);
        }
        let sources = volume.projected.iter().flat_map(|volume| volume.sources.iter().flatten());
        for secret in sources.filter_map(|source| source.secret.as_ref()) {
            add(&secret.name, None, secret.optional);
        }
    }
    for secret in pod.image_pull_secrets.iter().flatten() {
        add(&secret.name, None, None);
    }
    secrets
}

/// The time from SIGTERM to SIGKILL, and the sleep before SIGTERM, in seconds.
pub(crate) fn grace(pod: &PodSpec) -> (Option<i64>, Option<i64>) {
    let main = pod.containers.first();
    let hook = main.and_then(|main| main.lifecycle.as_ref()?.pre_stop.as_ref()?.sleep.as_ref());
    (pod.termination_grace_period_seconds, hook.map(|sleep| sleep.seconds))
}
