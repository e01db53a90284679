//! Causes for which a workload is not up, and where they are found.
//!
//! A suspect is what can be seen now. It becomes a verdict only after its patience: nodes, registries
//! and schedulers have hiccups that pass by themselves.

use std::time::Duration;

use flow_model::RuleInfo;
use flow_model::deploy::NOT_STARTED;
use serde_json::Value;

use super::workload::{Assessment, Pods, Watched, condition, has_condition};
use super::world::World;
use crate::cluster_rules::{
    CLAIM_PENDING, CONFIG_NOT_FOUND, CRASHED, ENDED, IMAGE_NOT_PULLED, OUT_OF_MEMORY, POD_REFUSED,
    PROBE_FAILED, PROGRAM_NOT_STARTED, UNSCHEDULABLE,
};

/// A possible cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) rule: &'static RuleInfo,
    /// What the cluster says.
    pub(super) message: String,
    /// The part of the workload that it is about, as a JSON pointer.
    pub(super) pointer: String,
    pub(super) pod: Option<String>,
    pub(super) container: Option<String>,
    /// How long it has to last until it is a verdict.
    pub(super) patience: Duration,
}

/// The order of causes; those that come later are often symptoms of earlier ones.
const RANKS: [&RuleInfo; 11] = [
    &CONFIG_NOT_FOUND,
    &IMAGE_NOT_PULLED,
    &PROGRAM_NOT_STARTED,
    &OUT_OF_MEMORY,
    &ENDED,
    &CRASHED,
    &POD_REFUSED,
    &CLAIM_PENDING,
    &UNSCHEDULABLE,
    &PROBE_FAILED,
    &NOT_STARTED,
];

/// Causes that a gateway shows as long as an Executor is not up.
const SYMPTOMS: [&RuleInfo; 4] = [&PROBE_FAILED, &CRASHED, &ENDED, &NOT_STARTED];

const AT_ONCE: Duration = Duration::ZERO;
/// Longer than the kubelet and the controllers need to repeat what failed for a moment.
const SOON: Duration = Duration::from_secs(5);
/// Longer than another Pod needs to make room, or a crash to be repeated.
const LATER: Duration = Duration::from_secs(20);
/// Longer than a busy registry, a provisioner or an autoscaler of nodes usually needs.
const LATE: Duration = Duration::from_secs(90);

/// The reasons of a container that waits for its image.
const IMAGE: [&str; 6] = [
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImageInspectError",
    "ImagePullBackOff",
    "InvalidImageName",
    "RegistryUnavailable",
];

/// Parts of messages of a registry that will not change its mind.
const FINAL: [&str; 7] = [
    "403 Forbidden",
    "couldn't parse image",
    "denied",
    "does not exist",
    "manifest unknown",
    "not found",
    "unauthorized",
];

/// All suspects of a workload, the most likely cause first.
pub(super) fn suspects(
    world: &World,
    watched: Option<&Watched>,
    live: &Value,
    pods: &Pods<'_>,
) -> Vec<Suspect> {
    let mut found = Vec::new();
    of_controller(world, live, pods, &mut found);
    for pod in &pods.current {
        if !has_condition(pod, "Ready", "True") {
            of_pod(world, watched, pod, &mut found);
        }
    }
    found.sort_by_key(|suspect| rank(suspect.rule));
    // Replicas repeat what one of them says.
    let mut seen = Vec::new();
    found.retain(|suspect| {
        let key = (suspect.rule.code, suspect.container.clone());
        !seen.contains(&key) && {
            seen.push(key);
            true
        }
    });
    found
}

fn rank(rule: &RuleInfo) -> usize {
    RANKS.iter().position(|other| other.code == rule.code).unwrap_or(RANKS.len())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What a controller says: it may not create Pods.
fn of_controller(world: &World, live: &Value, pods: &Pods<'_>, found: &mut Vec<Suspect>) {
    let mut add = |rule, message: &str, patience| {
        found.push(Suspect {
            rule,
            message: message.to_owned(),
            pointer: "/spec/template".to_owned(),
            pod: None,
            container: None,
            patience,
        });
    };
    if has_condition(live, "ReplicaFailure", "True")
        && let Some(condition) = condition(live, "ReplicaFailure")
    {
        add(&POD_REFUSED, text(&condition["message"]), SOON);
    } else {
        // A StatefulSet has no such condition, only events.
        let wanted = live["spec"]["replicas"].as_u64().unwrap_or(1);
        let sources = [Some(live), pods.current_set];
        let mut events = sources.into_iter().flatten().flat_map(|object| world.events_of(object));
        if (pods.current.len() as u64) < wanted
            && let Some(event) = events.find(|event| event["reason"] == "FailedCreate")
        {
            add(&POD_REFUSED, text(&event["message"]), SOON);
        }
    }
    if let Some(condition) = condition(live, "Progressing")
        && condition["reason"] == "ProgressDeadlineExceeded"
    {
        add(&NOT_STARTED, text(&condition["message"]), AT_ONCE);
    }
}

/// What a Pod says.
fn of_pod(world: &World, watched: Option<&Watched>, pod: &Value, found: &mut Vec<Suspect>) {
    let name = text(&pod["metadata"]["name"]);
    if let Some(condition) = condition(pod, "PodScheduled")
        && condition["status"] == "False"
        && condition["reason"] == "Unschedulable"
    {
        let message = text(&condition["message"]);
        let of_claims = claims(world, pod);
        let (rule, message, pointer, patience): (_, _, _, _) = match of_claims {
            Some((message, patience)) => {
                (&CLAIM_PENDING, message, "/spec/volumeClaimTemplates/0", patience)
            }
            // The scheduler does not look again at once when a claim got its volume.
            None if message.contains("unbound immediate PersistentVolumeClaims") => {
                (&CLAIM_PENDING, message.to_owned(), "/spec/volumeClaimTemplates/0", LATE)
            }
            None => (
                &UNSCHEDULABLE,
                message.to_owned(),
                "/spec/template/spec/containers/0/resources",
                LATER,
            ),
        };
        found.push(Suspect {
            rule,
            message,
            pointer: pointer.to_owned(),
            pod: Some(name.to_owned()),
            container: None,
            patience,
        });
        return;
    }
    for list in ["initContainerStatuses", "containerStatuses"] {
        for status in pod["status"][list].as_array().into_iter().flatten() {
            let Some((rule, message, part, patience)) = of_container(world, pod, status) else {
                continue;
            };
            let container = text(&status["name"]);
            found.push(Suspect {
                rule,
                pointer: pointer(watched, container, part, &message),
                message,
                pod: Some(name.to_owned()),
                container: Some(container.to_owned()),
                patience,
            });
        }
    }
}

/// A cause, what the cluster says, the part of the container, and the patience.
type Found = (&'static RuleInfo, String, &'static str, Duration);

fn of_container(world: &World, pod: &Value, status: &Value) -> Option<Found> {
    if status["ready"] == true {
        return None;
    }
    let waiting = &status["state"]["waiting"];
    let reason = text(&waiting["reason"]);
    let message = text(&waiting["message"]).to_owned();
    if IMAGE.contains(&reason) {
        return Some(of_image(world, pod, reason, message));
    }
    if matches!(reason, "CreateContainerConfigError" | "CreateContainerError") {
        // `failed to sync secret cache` passes.
        let is_missing = message.contains("not found") || message.contains("couldn't find key");
        if message.contains("executable file") || message.contains("no command") {
            return Some((&PROGRAM_NOT_STARTED, message, "command", SOON));
        }
        let patience = if is_missing && !message.contains("failed to sync") { SOON } else { LATE };
        return Some((&CONFIG_NOT_FOUND, message, "env", patience));
    }
    let state = &status["state"]["terminated"];
    let ended = if state.is_null() { &status["lastState"]["terminated"] } else { state };
    if ended.is_null() {
        return probe(world, pod)
            .map(|(message, _)| (&PROBE_FAILED, message, "startupProbe", LATE));
    }
    let restarts = status["restartCount"].as_u64().unwrap_or(0);
    let code = ended["exitCode"].as_i64().unwrap_or(0);
    match text(&ended["reason"]) {
        "StartError" | "ContainerCannotRun" => {
            return Some((
                &PROGRAM_NOT_STARTED,
                text(&ended["message"]).to_owned(),
                "command",
                AT_ONCE,
            ));
        }
        "OOMKilled" => {
            let message = format!("the process was killed (exit code {code})");
            return Some((&OUT_OF_MEMORY, message, "resources", SOON));
        }
        _ => {}
    }
    // The kubelet kills what does not answer.
    if let Some((message, true)) = probe(world, pod) {
        return Some((&PROBE_FAILED, message, "startupProbe", AT_ONCE));
    }
    // The second time it is no accident, the third time it is certain.
    let patience = if restarts >= 2 && reason == "CrashLoopBackOff" { AT_ONCE } else { LATER };
    if code == 0 {
        return Some((&ENDED, "the process ended with exit code 0".to_owned(), "image", patience));
    }
    Some((&CRASHED, format!("the process ended with exit code {code}"), "image", patience))
}

fn of_image(world: &World, pod: &Value, reason: &str, mut message: String) -> Found {
    let is_final = FINAL.iter().any(|part| message.contains(part));
    let patience = match reason {
        "InvalidImageName" | "ErrImageNeverPull" => AT_ONCE,
        // The first refusal may be that of a busy registry; the second one repeats its reason.
        "ImagePullBackOff" if is_final => AT_ONCE,
        _ if is_final => SOON,
        _ => LATE,
    };
    let events = world.events_of(pod);
    let secret =
        events.into_iter().find(|event| event["reason"] == "FailedToRetrieveImagePullSecret");
    if let Some(event) = secret {
        message = format!("{message}; {}", text(&event["message"]));
    }
    (&IMAGE_NOT_PULLED, message, "image", patience)
}

/// What the events of a Pod say about its probes, and whether the kubelet killed it for that.
fn probe(world: &World, pod: &Value) -> Option<(String, bool)> {
    let mut failed = None;
    for event in world.events_of(pod) {
        let message = text(&event["message"]);
        match text(&event["reason"]) {
            "Killing"
                if message.contains("failed startup probe")
                    || message.contains("failed liveness probe") =>
            {
                return Some((message.to_owned(), true));
            }
            "Unhealthy" if failed.is_none() && message.contains("probe failed") => {
                failed = Some((message.to_owned(), false));
            }
            _ => {}
        }
    }
    failed
}

/// Why the claims of a Pod have no volume.
fn claims(world: &World, pod: &Value) -> Option<(String, Duration)> {
    let volumes = pod["spec"]["volumes"].as_array();
    let names =
        volumes.into_iter().flatten().map(|volume| &volume["persistentVolumeClaim"]["claimName"]);
    for name in names.filter(|name| name.is_string()) {
        let Some(claim) = world.claims.iter().find(|claim| &claim["metadata"]["name"] == name)
        else {
            continue;
        };
        if claim["status"]["phase"] != "Pending" {
            continue;
        }
        let shown = text(name);
        for event in world.events_of(claim) {
            let message = format!("claim `{shown}`: {}", text(&event["message"]));
            match text(&event["reason"]) {
                "ProvisioningFailed" => return Some((message, SOON)),
                "ExternalProvisioning" => return Some((message, LATE)),
                // It waits for the Pod, not the other way round.
                "WaitForFirstConsumer" => return None,
                _ => {}
            }
        }
        return Some((format!("claim `{shown}` has no volume"), LATER));
    }
    None
}

/// The part of a workload that a container's problem is about.
fn pointer(watched: Option<&Watched>, container: &str, part: &str, message: &str) -> String {
    let containers =
        watched.map(|watched| &watched.value["spec"]["template"]["spec"]["containers"]);
    let list = containers.and_then(Value::as_array);
    let index = list.and_then(|list| list.iter().position(|one| one["name"] == container));
    let Some((index, list)) = index.zip(list) else { return "/spec/template".to_owned() };
    let pointer = format!("/spec/template/spec/containers/{index}");
    let object = &list[index];
    if part == "env" {
        // The variable whose Secret is named in the message.
        let env = object["env"].as_array().into_iter().flatten();
        let named = env.enumerate().find(|(_, variable)| {
            let name = variable["valueFrom"]["secretKeyRef"]["name"].as_str();
            name.is_some_and(|name| message.contains(&format!("\"{name}\"")))
                || name.is_some_and(|name| message.contains(&format!("/{name}")))
        });
        return match named {
            Some((at, _)) => format!("{pointer}/env/{at}"),
            None => pointer,
        };
    }
    format!("{pointer}/{part}")
}

/// Drops what a gateway shows because an Executor is not up.
pub(super) fn acquit(all: &mut [Assessment]) {
    let is_executor = |one: &Assessment| one.component != "gateway" && !one.status.is_garbage;
    if all.iter().all(|one| one.is_up() || !is_executor(one)) {
        return;
    }
    for one in all.iter_mut().filter(|one| one.component == "gateway" && !one.is_up()) {
        one.suspects.retain(|suspect| SYMPTOMS.iter().all(|rule| rule.code != suspect.rule.code));
        if one.suspects.is_empty() {
            "it waits for the Executors".clone_into(&mut one.status.detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::workload::{Watched, assess};
    use super::super::world::World;
    use super::{AT_ONCE, LATE, LATER, SOON};
    use crate::mesh::Requirements;
    use flow_model::Origins;
    use flow_model::deploy::ObjectName;

    fn watched(kind: &str) -> Watched {
        Watched {
            name: ObjectName {
                namespace: Some("shop".to_owned()),
                group: "apps".to_owned(),
                kind: kind.to_owned(),
                name: "a".to_owned(),
            },
            origins: Origins::new(),
            value: json!({"spec": {"template": {"spec": {"containers": [{
                "name": "executor",
                "env": [
                    {"name": "A", "value": "1"},
                    {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "k"}}},
                ],
            }]}}}}),
        }
    }

    /// A Deployment with one Pod of its current revision, in this state.
    fn world(status: &Value, events: &[(&str, &str, &str)]) -> World {
        let revision = "deployment.kubernetes.io/revision";
        let event = |(uid, reason, message): &(&str, &str, &str)| {
            json!({
                "metadata": {"uid": format!("e-{reason}")}, "reason": reason, "message": message,
                "involvedObject": {"uid": uid},
            })
        };
        World {
            workloads: vec![json!({
                "kind": "Deployment",
                "metadata": {"name": "a", "uid": "d", "generation": 2, "annotations": {revision: "2"}},
                "spec": {"replicas": 1},
                "status": {"observedGeneration": 2},
            })],
            replica_sets: vec![json!({
                "metadata": {"uid": "r", "ownerReferences": [{"uid": "d"}], "annotations": {revision: "2"}},
            })],
            pods: vec![json!({
                "metadata": {"name": "a-1", "uid": "p", "ownerReferences": [{"uid": "r"}]},
                "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]},
                "status": status,
            })],
            claims: vec![
                json!({"metadata": {"name": "data", "uid": "c"}, "status": {"phase": "Pending"}}),
            ],
            events: events.iter().map(event).collect(),
            ..World::default()
        }
    }

    fn container(state: &Value) -> Value {
        let mut status = json!({"name": "executor", "ready": false});
        if let (Some(status), Some(state)) = (status.as_object_mut(), state.as_object()) {
            status.extend(state.clone());
        }
        json!({"containerStatuses": [status]})
    }

    fn waiting(reason: &str, message: &str) -> Value {
        container(&json!({"state": {"waiting": {"reason": reason, "message": message}}}))
    }

    fn ended(reason: &str, code: i64, restarts: u64) -> Value {
        container(&json!({
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
            "lastState": {"terminated": {"reason": reason, "exitCode": code, "message": "exec: no"}},
            "restartCount": restarts,
        }))
    }

    /// Where causes were seen on a real node, and what does not accuse anybody.
    #[test]
    fn causes_are_found_where_they_are() {
        let unschedulable = |message: &str| {
            json!({"conditions": [{
                "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message,
            }]})
        };
        let running = container(&json!({"state": {"running": {}}}));
        let executor = "/spec/template/spec/containers/0";
        let killed =
            [("p", "Killing", "Container executor failed startup probe, will be restarted")];
        let unhealthy = [("p", "Unhealthy", "Startup probe failed: timeout")];
        let failed = [("c", "ProvisioningFailed", "storageclass \"x\" not found")];
        let external = [("c", "ExternalProvisioning", "waiting for x")];
        for (status, events, expected) in [
            (
                waiting("ErrImagePull", "connection reset"),
                &[][..],
                Some(("image-not-pulled", "image", LATE)),
            ),
            (waiting("ErrImagePull", "not found"), &[], Some(("image-not-pulled", "image", SOON))),
            (
                waiting("ImagePullBackOff", "ErrImagePull: not found"),
                &[],
                Some(("image-not-pulled", "image", AT_ONCE)),
            ),
            (
                waiting("CreateContainerConfigError", "secret \"keys\" not found"),
                &[],
                Some(("config-not-found", "env/1", SOON)),
            ),
            (
                waiting("CreateContainerConfigError", "failed to sync secret cache"),
                &[],
                Some(("config-not-found", "", LATE)),
            ),
            (waiting("ContainerCreating", ""), &[], None),
            (ended("StartError", 128, 1), &[], Some(("program-not-started", "command", AT_ONCE))),
            (ended("OOMKilled", 137, 1), &[], Some(("out-of-memory", "resources", SOON))),
            (ended("Error", 1, 1), &[], Some(("crashed", "image", LATER))),
            (ended("Error", 1, 2), &[], Some(("crashed", "image", AT_ONCE))),
            (ended("Completed", 0, 2), &[], Some(("ended", "image", AT_ONCE))),
            (ended("Error", 137, 1), &killed, Some(("probe-failed", "startupProbe", AT_ONCE))),
            (running.clone(), &unhealthy, Some(("probe-failed", "startupProbe", LATE))),
            (running, &[], None),
            (
                unschedulable("1 Insufficient nvidia.com/gpu"),
                &failed,
                Some(("claim-pending", "", SOON)),
            ),
            (unschedulable("unbound claims"), &external, Some(("claim-pending", "", LATE))),
        ] {
            let world = world(&status, events);
            let live = world.workloads.first();
            let found = assess(&world, Some(&watched("Deployment")), live, &Requirements::NONE);
            let first = found.suspects.first();
            let shown = first
                .map(|suspect| (suspect.rule.code, suspect.pointer.as_str(), suspect.patience));
            match expected {
                None => assert_eq!(shown, None, "{status}"),
                Some((code, part, patience)) => {
                    let Some((found, pointer, waits)) = shown else { panic!("{code}: {status}") };
                    assert_eq!((found, waits), (code, patience), "{status}");
                    let expected = match (code, part) {
                        ("claim-pending", _) => "/spec/volumeClaimTemplates/0".to_owned(),
                        (_, "") => executor.to_owned(),
                        _ => format!("{executor}/{part}"),
                    };
                    assert_eq!(pointer, expected, "{status}");
                }
            }
        }
    }

    /// As it was seen: the scheduler says so for a while after the claim is bound.
    #[test]
    fn a_claim_that_is_bound_needs_time_and_not_another_node() {
        let message = "pod has unbound immediate PersistentVolumeClaims. not found";
        let status = json!({"conditions": [{
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message,
        }]});
        let mut world = world(&status, &[]);
        for claim in &mut world.claims {
            claim["status"]["phase"] = "Bound".into();
        }
        let watched = watched("Deployment");
        let assessed = assess(&world, Some(&watched), world.workloads.first(), &Requirements::NONE);
        let suspect = assessed.suspects.first().expect("a suspect");
        assert_eq!((suspect.rule.code, suspect.patience), ("claim-pending", LATE));
    }

    /// Pods of an earlier revision, Pods that stop, and old events accuse nobody.
    #[test]
    fn the_past_accuses_nobody() {
        let crash = ended("Error", 1, 9);
        let mut old = world(&crash, &[]);
        old.replica_sets[0]["metadata"]["annotations"] = json!({});
        let mut stopping = world(&crash, &[]);
        stopping.pods[0]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
        let events = [("r", "FailedCreate", "exceeded quota")];
        let mut earlier = world(&json!({}), &events);
        earlier.pods.clear();
        let fresh = earlier.assess(&[watched("Deployment")], &Requirements::NONE);
        assert_eq!(fresh[0].suspects[0].rule.code, "pod-refused");
        earlier.old_events = earlier.event_counts();
        for world in [old, stopping, earlier] {
            let all = world.assess(&[watched("Deployment")], &Requirements::NONE);
            assert_eq!(all[0].suspects, [], "{world:?}");
            assert!(!all[0].is_up());
        }
    }

    /// As long as an Executor is not up, the gateway is innocent of crashes and probes.
    #[test]
    fn a_gateway_waits_for_executors() {
        let mut world = world(&ended("Error", 1, 5), &[]);
        world.workloads[0]["metadata"]["labels"] =
            json!({"app.kubernetes.io/component": "gateway"});
        let executor = json!({
            "kind": "Deployment", "metadata": {"name": "b", "uid": "b", "generation": 1},
            "spec": {"replicas": 1}, "status": {"observedGeneration": 1},
        });
        let alone = world.assess(&[], &Requirements::NONE);
        assert_eq!(alone[0].suspects[0].rule.code, "crashed");
        world.workloads.push(executor);
        let beside = world.assess(&[], &Requirements::NONE);
        assert_eq!(beside[0].suspects, []);
        assert_eq!(beside[0].status.detail, "it waits for the Executors");
    }
}
