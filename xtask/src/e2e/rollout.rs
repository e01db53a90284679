//! What the controllers make of objects.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::server::Server;
use super::volumes;

/// The kinds of workloads, as paths of the API spell them.
const WORKLOADS: [&str; 2] = ["deployments", "statefulsets"];

/// The workloads that have not rolled out, as `NAMESPACE/NAME (READY of WANTED)`; all others have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rollout {
    /// How many have.
    pub(crate) complete: usize,
    /// Those that have not.
    pub(crate) waiting: Vec<String>,
}

/// Looks at the workloads of some namespaces.
fn look(server: &Server, namespaces: &BTreeSet<String>) -> anyhow::Result<Rollout> {
    let mut rollout = Rollout::default();
    for kind in WORKLOADS {
        for workload in server.list(&format!("/apis/apps/v1/{kind}"))? {
            let metadata = &workload["metadata"];
            let namespace = metadata["namespace"].as_str().unwrap_or_default();
            if !namespaces.contains(namespace) {
                continue;
            }
            let wanted = workload["spec"]["replicas"].as_i64().unwrap_or(1);
            if is_complete(&workload, wanted) {
                rollout.complete += 1;
            } else {
                let name = metadata["name"].as_str().unwrap_or_default();
                let ready = workload["status"]["readyReplicas"].as_i64().unwrap_or(0);
                rollout.waiting.push(format!("{namespace}/{name} ({ready} of {wanted} ready)"));
            }
        }
    }
    Ok(rollout)
}

/// As `kubectl rollout status` sees it.
fn is_complete(workload: &Value, wanted: i64) -> bool {
    let status = &workload["status"];
    let count = |field: &str| status[field].as_i64().unwrap_or(0);
    status["observedGeneration"] == workload["metadata"]["generation"]
        && count("updatedReplicas") == wanted
        && count("readyReplicas") == wanted
        && count("availableReplicas") == wanted
        && count("replicas") == wanted
}

/// Waits for all workloads of some namespaces, and looks at the cluster's once in a `pause`. Claims
/// get volumes in `folder`.
pub(crate) fn wait(
    server: &Server,
    namespaces: &BTreeSet<String>,
    folder: &Path,
    patience: Duration,
    pause: Duration,
) -> anyhow::Result<Rollout> {
    let deadline = Instant::now() + patience;
    loop {
        volumes::provide(server, folder)?;
        let rollout = look(server, namespaces)?;
        if rollout.waiting.is_empty() || Instant::now() > deadline {
            return Ok(rollout);
        }
        std::thread::sleep(pause);
    }
}

/// Events of type `Warning` in some namespaces, as `NAMESPACE KIND NAME: REASON: MESSAGE`.
///
/// On a busy machine the scheduler sees a Pod before the claim that was created before it, and tries
/// again. That is left out: a Pod that never starts is waited for in vain, which is reported.
pub(crate) fn warnings(
    server: &Server,
    namespaces: &BTreeSet<String>,
) -> anyhow::Result<Vec<String>> {
    let events = server.list("/api/v1/events?fieldSelector=type%3DWarning")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let events = events.iter().filter(|event| {
        namespaces.contains(event["metadata"]["namespace"].as_str().unwrap_or_default())
    });
    let is_early = |event: &&Value| {
        let message = event["message"].as_str().unwrap_or_default();
        event["reason"] == "FailedScheduling"
            && message.contains("persistentvolumeclaim")
            && message.contains("not found")
    };
    Ok(events
        .filter(|event| !is_early(event))
        .map(|event| {
            let object = &event["involvedObject"];
            let [namespace, kind, name, reason, message] = [
                &object["namespace"],
                &object["kind"],
                &object["name"],
                &event["reason"],
                &event["message"],
            ]
            .map(text);
            format!("{namespace} {kind} {name}: {reason}: {message}")
        })
        .collect())
}
