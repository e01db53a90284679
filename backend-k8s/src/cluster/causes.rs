//! Causes for which a workload is not up, and where they are found.
//!
//! A suspect is what can be seen now. It becomes a verdict only after its patience: nodes, registries
//! and schedulers have hiccups that pass by themselves.

use std::time::Duration;

use flow_model::RuleInfo;
use flow_model::deploy::NOT_STARTED;
use serde_json::Value;

use super::parts::{Parts, TEMPLATE};
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

/// Longer than a volume takes to come loose from a node that is gone: six minutes
/// (`maxWaitForUnmountDuration` of the attach-detach controller).
const AFTER_DETACHING: Duration = Duration::from_mins(7);

/// Parts of messages of a registry that will not change its mind, in small letters.
const FINAL: [&str; 5] = [
    "couldn't parse image",
    "does not exist",
    "invalid reference",
    "manifest unknown",
    "not found",
];

/// Parts of messages of a registry that does not know us, in small letters.
const UNKNOWN_TO_REGISTRY: [&str; 4] =
    ["403 forbidden", "authentication required", "denied", "unauthorized"];

/// All suspects of a workload, the most likely cause first.
pub(super) fn suspects(
    world: &World,
    watched: Option<&Watched>,
    live: &Value,
    pods: &Pods<'_>,
) -> Vec<Suspect> {
    let mut found = Vec::new();
    let parts = Parts(watched.map_or(&Value::Null, |watched| &watched.value));
    of_controller(world, live, pods, &mut found);
    for pod in &pods.current {
        if !has_condition(pod, "Ready", "True") {
            of_pod(world, parts, pod, &mut found);
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
            pointer: if message.contains("serviceaccount \"") {
                format!("{TEMPLATE}/spec/serviceAccountName")
            } else {
                TEMPLATE.to_owned()
            },
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
fn of_pod(world: &World, parts: Parts<'_>, pod: &Value, found: &mut Vec<Suspect>) {
    let name = text(&pod["metadata"]["name"]);
    let of_pod = |(rule, message, pointer, patience): Found| Suspect {
        rule,
        message,
        pointer,
        pod: Some(name.to_owned()),
        container: None,
        patience,
    };
    if let Some(condition) = condition(pod, "PodScheduled")
        && condition["status"] == "False"
        && condition["reason"] == "Unschedulable"
    {
        found.push(of_pod(unscheduled(world, parts, pod, text(&condition["message"]))));
        return;
    }
    let before = found.len();
    for list in ["initContainerStatuses", "containerStatuses"] {
        for status in pod["status"][list].as_array().into_iter().flatten() {
            if let Some(cause) = of_container(world, parts, pod, status) {
                let container = Some(text(&status["name"]).to_owned());
                found.push(Suspect { container, ..of_pod(cause) });
            }
        }
    }
    if found.len() == before {
        found.extend(prepared(world, parts, pod).map(of_pod));
    }
}

/// A cause, what the cluster says, the part of the workload, and the patience.
type Found = (&'static RuleInfo, String, String, Duration);

/// Why no node takes a Pod.
fn unscheduled(world: &World, parts: Parts<'_>, pod: &Value, message: &str) -> Found {
    if let Some(cause) = claims(world, parts, pod) {
        return cause;
    }
    // The scheduler does not look again at once when a claim got its volume.
    if message.contains("unbound immediate PersistentVolumeClaims") {
        let first = claimed(pod).next().unwrap_or_default();
        return (&CLAIM_PENDING, message.to_owned(), parts.of_claim(first), LATE);
    }
    (&UNSCHEDULABLE, message.to_owned(), parts.of_scheduling(message), LATER)
}

/// Why the containers of a Pod are not created on its node. Only its events tell.
fn prepared(world: &World, parts: Parts<'_>, pod: &Value) -> Option<Found> {
    let statuses = pod["status"]["containerStatuses"].as_array();
    let mut waiting = statuses.into_iter().flatten().map(|status| &status["state"]["waiting"]);
    if !waiting
        .any(|waiting| matches!(text(&waiting["reason"]), "ContainerCreating" | "PodInitializing"))
    {
        return None;
    }
    world.events_of(pod).find_map(|event| {
        let message = text(&event["message"]);
        let volume = || parts.of_volume(message);
        match text(&event["reason"]) {
            "FailedMount" => {
                // `failed to sync secret cache` passes, and so does a mount that takes its time.
                let is_missing =
                    ["not found", "non-existent"].iter().any(|it| message.contains(it));
                let patience = if is_missing { SOON } else { LATE };
                let rule = if is_missing { &CONFIG_NOT_FOUND } else { &CLAIM_PENDING };
                Some((rule, message.to_owned(), volume(), patience))
            }
            "FailedAttachVolume" | "FailedMapVolume" => {
                Some((&CLAIM_PENDING, message.to_owned(), volume(), AFTER_DETACHING))
            }
            "FailedCreatePodSandBox" => {
                Some((&NOT_STARTED, message.to_owned(), TEMPLATE.to_owned(), LATE))
            }
            _ => None,
        }
    })
}

fn of_container(world: &World, parts: Parts<'_>, pod: &Value, status: &Value) -> Option<Found> {
    if status["ready"] == true {
        return None;
    }
    let waiting = &status["state"]["waiting"];
    let container = text(&status["name"]);
    let part = |field: &str| parts.of_container(container, field);
    let reason = text(&waiting["reason"]);
    let message = text(&waiting["message"]).to_owned();
    if IMAGE.contains(&reason) {
        return Some(of_image(world, parts, pod, container, reason, message));
    }
    if matches!(reason, "CreateContainerConfigError" | "CreateContainerError") {
        // `failed to sync secret cache` passes.
        let is_missing = message.contains("not found") || message.contains("couldn't find key");
        if message.contains("executable file") || message.contains("no command") {
            return Some((&PROGRAM_NOT_STARTED, message, part("command"), SOON));
        }
        let patience = if is_missing && !message.contains("failed to sync") { SOON } else { LATE };
        let pointer = parts.of_config(container, &message);
        return Some((&CONFIG_NOT_FOUND, message, pointer, patience));
    }
    let state = &status["state"]["terminated"];
    let ended = if state.is_null() { &status["lastState"]["terminated"] } else { state };
    if ended.is_null() {
        let patience = LATE.max(allowance(pod, status) + LATER);
        return probe(world, pod)
            .map(|(message, _)| (&PROBE_FAILED, message, part("startupProbe"), patience));
    }
    let restarts = status["restartCount"].as_u64().unwrap_or(0);
    let code = ended["exitCode"].as_i64().unwrap_or(0);
    match text(&ended["reason"]) {
        "StartError" | "ContainerCannotRun" => {
            let message = text(&ended["message"]).to_owned();
            return Some((&PROGRAM_NOT_STARTED, message, part("command"), AT_ONCE));
        }
        "OOMKilled" => {
            let message = format!("the process was killed (exit code {code})");
            return Some((&OUT_OF_MEMORY, message, part("resources/limits/memory"), SOON));
        }
        _ => {}
    }
    // The kubelet kills what does not answer.
    if let Some((message, true)) = probe(world, pod) {
        return Some((&PROBE_FAILED, message, part("startupProbe"), AT_ONCE));
    }
    // The second time it is no accident, the third time it is certain.
    let patience = if restarts >= 2 && reason == "CrashLoopBackOff" { AT_ONCE } else { LATER };
    if code == 0 {
        let message = "the process ended with exit code 0".to_owned();
        return Some((&ENDED, message, part("image"), patience));
    }
    Some((&CRASHED, format!("the process ended with exit code {code}"), part("image"), patience))
}

/// How long the kubelet lets a container start before it kills it: until then a probe that fails is
/// nobody's fault. Nothing for a container that has started.
fn allowance(pod: &Value, status: &Value) -> Duration {
    let containers = ["containers", "initContainers"].map(|list| pod["spec"][list].as_array());
    let mut containers = containers.into_iter().flatten().flatten();
    let probe = containers
        .find(|container| container["name"] == status["name"])
        .map(|container| &container["startupProbe"])
        .filter(|probe| probe.is_object() && status["started"] != true);
    let Some(probe) = probe else { return Duration::ZERO };
    let number = |field: &str, default: u64| probe[field].as_u64().unwrap_or(default);
    let tries = number("failureThreshold", 3).saturating_mul(number("periodSeconds", 10));
    Duration::from_secs(number("initialDelaySeconds", 0).saturating_add(tries))
}

fn of_image(
    world: &World,
    parts: Parts<'_>,
    pod: &Value,
    container: &str,
    reason: &str,
    message: String,
) -> Found {
    let said = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let is_unknown = says(&UNKNOWN_TO_REGISTRY);
    let patience = match reason {
        "InvalidImageName" | "ErrImageNeverPull" => AT_ONCE,
        // The first refusal may be that of a busy registry; the second one repeats its reason.
        "ImagePullBackOff" if is_unknown || says(&FINAL) => AT_ONCE,
        _ if is_unknown || says(&FINAL) => SOON,
        _ => LATE,
    };
    let mut events = world.events_of(pod);
    let missing = events.find(|event| event["reason"] == "FailedToRetrieveImagePullSecret");
    let Some(event) = missing.map(|event| text(&event["message"])) else {
        return (&IMAGE_NOT_PULLED, message, parts.of_container(container, "image"), patience);
    };
    if is_unknown {
        let pointer = parts.of_pull_secret(event);
        return (&CONFIG_NOT_FOUND, format!("{event}; {message}"), pointer, patience);
    }
    let pointer = parts.of_container(container, "image");
    (&IMAGE_NOT_PULLED, format!("{message}; {event}"), pointer, patience)
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

/// The names of the claims of a Pod.
fn claimed(pod: &Value) -> impl Iterator<Item = &str> {
    let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
    volumes.filter_map(|volume| volume["persistentVolumeClaim"]["claimName"].as_str())
}

/// Why the claims of a Pod have no volume.
fn claims(world: &World, parts: Parts<'_>, pod: &Value) -> Option<Found> {
    for name in claimed(pod) {
        let mut claims = world.claims.iter();
        let Some(claim) = claims.find(|claim| claim["metadata"]["name"] == name) else { continue };
        if claim["status"]["phase"] != "Pending" {
            continue;
        }
        let found = |message: String, patience| {
            Some((&CLAIM_PENDING, message, parts.of_claim(name), patience))
        };
        for event in world.events_of(claim) {
            let message = format!("claim `{name}`: {}", text(&event["message"]));
            match text(&event["reason"]) {
                "ProvisioningFailed" => return found(message, SOON),
                "ExternalProvisioning" => return found(message, LATE),
                // It waits for the Pod, not the other way round.
                "WaitForFirstConsumer" => return None,
                _ => {}
            }
        }
        return found(format!("claim `{name}` has no volume"), LATER);
    }
    None
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

    use std::time::Duration;

    use super::super::workload::{Watched, assess};
    use super::super::world::World;
    use super::{AFTER_DETACHING, AT_ONCE, LATE, LATER, SOON};
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
            value: json!({"spec": {"template": {"spec": {
                "containers": [{
                    "name": "executor",
                    "env": [
                        {"name": "A", "value": "1"},
                        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "k"}}},
                    ],
                }],
                "imagePullSecrets": [{"name": "registry"}],
                "volumes": [{"name": "keys", "secret": {"secretName": "keys"}}],
            }}}}),
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

    /// What events say: the object, the reason, the message.
    type Events = [(&'static str, &'static str, &'static str)];

    /// The code of a cause, its part, and its patience. A part without a slash in front is one of the
    /// container.
    type Cause = Option<(&'static str, &'static str, Duration)>;

    fn assert_cause(status: &Value, events: &Events, expected: Cause) {
        let world = world(status, events);
        let all = world.assess(&[watched("Deployment")], &Requirements::NONE);
        let found = all[0].suspects.first();
        let found = found.map(|one| (one.rule.code, one.pointer.clone(), one.patience));
        let executor = "/spec/template/spec/containers/0";
        let expected = expected.map(|(code, part, patience)| match part {
            "" => (code, executor.to_owned(), patience),
            part if part.starts_with('/') => (code, part.to_owned(), patience),
            part => (code, format!("{executor}/{part}"), patience),
        });
        assert_eq!(found, expected, "{status} {events:?}");
    }

    /// Where causes were seen on a real node, and what does not accuse anybody.
    #[test]
    fn causes_are_found_where_they_are() {
        let config = |message| waiting("CreateContainerConfigError", message);
        let no_pod = |message: &str| {
            json!({"conditions": [{
                "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message,
            }]})
        };
        let running = container(&json!({"state": {"running": {}}}));
        let killed =
            [("p", "Killing", "Container executor failed startup probe, will be restarted")];
        let unhealthy = [("p", "Unhealthy", "Startup probe failed: timeout")];
        let failed = [("c", "ProvisioningFailed", "storageclass \"x\" not found")];
        let external = [("c", "ExternalProvisioning", "waiting for x")];
        let claim = "/spec/volumeClaimTemplates/0";
        for (status, events, expected) in [
            (
                config("secret \"keys\" not found"),
                &[][..],
                Some(("config-not-found", "env/1", SOON)),
            ),
            (config("failed to sync secret cache"), &[], Some(("config-not-found", "", LATE))),
            (waiting("ContainerCreating", ""), &[], None),
            (ended("StartError", 128, 1), &[], Some(("program-not-started", "command", AT_ONCE))),
            (
                ended("OOMKilled", 137, 1),
                &[],
                Some(("out-of-memory", "resources/limits/memory", SOON)),
            ),
            (ended("Error", 1, 1), &[], Some(("crashed", "image", LATER))),
            (ended("Error", 1, 2), &[], Some(("crashed", "image", AT_ONCE))),
            (ended("Completed", 0, 2), &[], Some(("ended", "image", AT_ONCE))),
            (ended("Error", 137, 1), &killed, Some(("probe-failed", "startupProbe", AT_ONCE))),
            (running.clone(), &unhealthy, Some(("probe-failed", "startupProbe", LATE))),
            (running, &[], None),
            (no_pod("1 Insufficient x"), &failed, Some(("claim-pending", claim, SOON))),
            (no_pod("unbound claims"), &external, Some(("claim-pending", claim, LATE))),
        ] {
            assert_cause(&status, events, expected);
        }
    }

    #[test]
    fn an_image_or_its_secret_is_missing() {
        let secret = "/spec/template/spec/imagePullSecrets/0";
        let no_secret = [(
            "p",
            "FailedToRetrieveImagePullSecret",
            "Unable to retrieve some image pull secrets (registry); attempting to pull the image may not succeed.",
        )];
        for (reason, message, events, expected) in [
            ("ErrImagePull", "connection reset", &[][..], ("image-not-pulled", "image", LATE)),
            ("ErrImagePull", "not found", &[], ("image-not-pulled", "image", SOON)),
            ("ErrImagePull", "401 Unauthorized", &[], ("image-not-pulled", "image", SOON)),
            ("ImagePullBackOff", "x: not found", &[], ("image-not-pulled", "image", AT_ONCE)),
            (
                "ImagePullBackOff",
                "access denied",
                &no_secret,
                ("config-not-found", secret, AT_ONCE),
            ),
            ("ErrImagePull", "UNAUTHORIZED", &no_secret, ("config-not-found", secret, SOON)),
            ("ErrImagePull", "not found", &no_secret, ("image-not-pulled", "image", SOON)),
        ] {
            assert_cause(&waiting(reason, message), events, Some(expected));
        }
    }

    #[test]
    fn a_container_waits_for_its_node() {
        let volume = "/spec/template/spec/volumes/0";
        for (reason, message, expected) in [
            (
                "FailedMount",
                "MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found",
                Some(("config-not-found", volume, SOON)),
            ),
            (
                "FailedMount",
                "MountVolume.SetUp failed for volume \"keys\" : references non-existent secret key: k",
                Some(("config-not-found", volume, SOON)),
            ),
            (
                "FailedMount",
                "MountVolume.SetUp failed for volume \"keys\" : timed out",
                Some(("claim-pending", volume, LATE)),
            ),
            (
                "FailedAttachVolume",
                "Multi-Attach error for volume \"pv-1\"",
                Some(("claim-pending", "/spec/template", AFTER_DETACHING)),
            ),
            (
                "FailedCreatePodSandBox",
                "no address is left",
                Some(("not-started", "/spec/template", LATE)),
            ),
            ("Scheduled", "assigned", None),
        ] {
            assert_cause(&waiting("ContainerCreating", ""), &[("p", reason, message)], expected);
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

    /// A model that loads for five minutes is not late as long as the kubelet waits for it.
    #[test]
    fn a_slow_start_has_its_time() {
        let seconds = Duration::from_secs;
        let slow = json!({"failureThreshold": 60, "periodSeconds": 5, "initialDelaySeconds": 10});
        for (probe, started, patience) in [
            (slow.clone(), json!(false), seconds(310) + LATER),
            (slow.clone(), json!(null), seconds(310) + LATER),
            (slow, json!(true), LATE),
            (json!({"periodSeconds": 1}), json!(false), LATE),
            (json!({"failureThreshold": 12}), json!(false), seconds(120) + LATER),
            (json!(null), json!(false), LATE),
        ] {
            let status = container(&json!({"state": {"running": {}}, "started": started}));
            let mut world = world(&status, &[("p", "Unhealthy", "Startup probe failed: timeout")]);
            world.pods[0]["spec"]["containers"] =
                json!([{"name": "proxy"}, {"name": "executor", "startupProbe": probe}]);
            let all = world.assess(&[watched("Deployment")], &Requirements::NONE);
            assert_eq!(all[0].suspects[0].patience, patience, "{probe} {started}");
        }
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
        let mut unseen = world(&crash, &[]);
        unseen.workloads[0]["metadata"]["generation"] = 3.into();
        unseen.workloads[0]["status"]["conditions"] = json!([
            {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"},
            {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"},
        ]);
        for world in [old, stopping, earlier, unseen] {
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
