//! Waits until everything is up, or the cause of a failure is certain.

use std::collections::BTreeMap;
use std::time::Duration;

use flow_model::deploy::{Event, NOT_STARTED, Observer, Outcome, State, Step};
use flow_model::{Diagnostic, FlowId};
use http::Method;
use serde_json::json;
use tokio::time::Instant;

use super::causes::Suspect;
use super::check::placed;
use super::connection::{Failure, Payload, Session};
use super::deployer::Cluster;
use super::desired::Desired;
use super::inventory;
use super::parts::{PULL_SECRETS, VOLUMES};
use super::resource::Resource;
use super::workload::{Assessment, Watched};
use super::world::World;
use crate::cluster_rules::{
    CLAIM_PENDING, CONFIG_NOT_FOUND, CRASHED, ENDED, IMAGE_NOT_PULLED, NOT_INJECTED, OUT_OF_MEMORY,
    POD_REFUSED, PROBE_FAILED, PROGRAM_NOT_STARTED, UNSCHEDULABLE,
};

/// The shortest time between two looks.
const PERIOD: Duration = Duration::from_millis(400);

/// The lines of a log that a finding shows.
const LINES: usize = 8;

/// Waits for all workloads. Findings say what keeps them from being up.
pub(super) async fn wait(
    cluster: &Cluster,
    session: &Session<'_>,
    flow: &FlowId,
    desired: &[Desired],
    observer: &dyn Observer,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let watched = Watched::of(desired);
    observer.event(Event::Step(Step::Wait { workloads: watched.len() }));
    let requirements = &cluster.options().requirements;
    let mut first_seen: BTreeMap<(String, &str), Instant> = BTreeMap::new();
    let mut old_events = None;
    // Workloads that are replaced go on being looked at by nobody.
    loop {
        let begin = Instant::now();
        let mut world = match World::load(session, flow).await {
            Ok(world) => world,
            Err(Failure::Late) => {
                late(&watched, outcome);
                return Ok(());
            }
            Err(failure) => return Err(failure),
        };
        let old = old_events.get_or_insert_with(|| world.event_counts());
        world.old_events = old.clone();
        let mut all = world.assess(&watched, requirements);
        all.retain(|one| !one.status.is_garbage);
        let now = Instant::now();
        let mut seen = BTreeMap::new();
        let mut verdicts = Vec::new();
        for one in &mut all {
            for suspect in &one.suspects {
                let key = (one.status.object.to_string(), suspect.rule.code);
                let since = *first_seen.get(&key).unwrap_or(&now);
                seen.insert(key, since);
                if now.duration_since(since) >= suspect.patience {
                    verdicts.push((one.status.object.name.clone(), suspect.clone()));
                    one.status.state = State::Failed;
                    break;
                }
            }
        }
        first_seen = seen;
        let statuses: Vec<_> = all.iter().map(|one| one.status.clone()).collect();
        if statuses != outcome.statuses {
            observer.event(Event::Waiting(&statuses));
            outcome.statuses = statuses;
        }
        if all.iter().all(Assessment::is_up) {
            check_proxies(cluster, &all, &watched, outcome);
            return Ok(());
        }
        if !verdicts.is_empty() {
            for (name, suspect) in verdicts {
                let finding = verdict(session, flow, &watched, &all, &name, &suspect).await;
                observer.event(Event::Culprit(&finding));
                outcome.findings.push(finding);
            }
            return Ok(());
        }
        replace_stale(session, flow, &all).await?;
        if session.is_late() {
            late(&watched, outcome);
            return Ok(());
        }
        // Many Pods take long to list; the server has other work.
        session.pause(PERIOD.max(begin.elapsed() * 2)).await;
    }
}

/// The workloads that are not up in time, with what each waits for.
fn late(watched: &[Watched], outcome: &mut Outcome) {
    let waiting: Vec<_> =
        outcome.statuses.iter().filter(|status| status.state != State::Up).cloned().collect();
    if outcome.statuses.is_empty() {
        let message = "the time of `--timeout` passed before the state of the Flow was known";
        outcome.findings.push(Diagnostic::new(&NOT_STARTED, message));
    }
    for status in waiting {
        let name = &status.object.name;
        let why = if status.detail.is_empty() { "it does not exist" } else { &status.detail };
        let message = format!("`{name}` is not up in time: {why}");
        let span = watched.iter().find(|one| one.name == status.object);
        let span = span.and_then(|one| one.origins.find(""));
        outcome.findings.push(
            placed(Diagnostic::new(&NOT_STARTED, message), span, "defined here")
                .help("pass a longer `--timeout` if it only needs more time"),
        );
    }
}

/// The finding about a certain cause.
async fn verdict(
    session: &Session<'_>,
    flow: &FlowId,
    watched: &[Watched],
    all: &[Assessment],
    name: &str,
    suspect: &Suspect,
) -> Diagnostic {
    let words = session.redacted(&suspect.message);
    let code = suspect.rule.code;
    let is = |rule: &flow_model::RuleInfo| rule.code == code;
    let (message, label, help) = if is(&IMAGE_NOT_PULLED) {
        (
            format!("the image of `{name}` cannot be pulled: {words}"),
            "this image",
            "correct the image, or set `image_pull_secrets`",
        )
    } else if is(&CONFIG_NOT_FOUND) {
        (
            format!("`{name}` needs a Secret or ConfigMap that does not exist: {words}"),
            "needed here",
            match suspect.pointer.as_str() {
                pointer if pointer.starts_with(PULL_SECRETS) => {
                    "create it by `kubectl create secret docker-registry`, or correct `image_pull_secrets`"
                }
                pointer if pointer.starts_with(VOLUMES) => {
                    "create it, or correct `files` of the block"
                }
                _ => "create it with this key, or correct `env_from_secret`",
            },
        )
    } else if is(&PROGRAM_NOT_STARTED) {
        (
            format!("the program of `{name}` cannot be run: {words}"),
            "set here",
            "correct `entrypoint`, or use an image that contains the program",
        )
    } else if is(&OUT_OF_MEMORY) {
        (
            format!("`{name}` needs more memory than its limit: {words}"),
            "of this Executor",
            "raise its memory limit",
        )
    } else if is(&ENDED) {
        (
            format!("`{name}` ends right after its start: {words}"),
            "of this Executor",
            "correct what its log says; Jina ends with 0 if it cannot load an Executor",
        )
    } else if is(&CRASHED) {
        (format!("`{name}` crashes: {words}"), "of this Executor", "correct what its log says")
    } else if is(&PROBE_FAILED) {
        (
            format!("`{name}` does not answer in time: {words}"),
            "of this Executor",
            "raise `timeout_ready` if it only needs more time to load",
        )
    } else if is(&UNSCHEDULABLE) {
        (
            format!("no node has room for `{name}`: {words}"),
            "asked for here",
            "ask for less, or add nodes",
        )
    } else if is(&CLAIM_PENDING) {
        (
            format!("`{name}` waits for its volume: {words}"),
            "claimed here",
            "set JINA_K8S_STORAGE_CLASS_NAME to a class that `kubectl get storageclass` lists",
        )
    } else if is(&POD_REFUSED) {
        (
            format!("the cluster refuses the Pods of `{name}`: {words}"),
            "of this Executor",
            "change what the message names, in the Flow or in the namespace",
        )
    } else {
        (
            format!("`{name}` does not start: {words}"),
            "defined here",
            "run `flowship status FLOW` to see its state",
        )
    };
    let one = watched.iter().find(|one| one.name.name == name);
    let span = one.and_then(|one| one.origins.find(&suspect.pointer));
    let mut finding = placed(Diagnostic::new(suspect.rule, message), span, label).help(help);
    if let Some((pod, container)) = suspect.pod.as_ref().zip(suspect.container.as_ref()) {
        finding = finding.note(format!("container `{container}` of Pod `{pod}`"));
        let has_log = [&ENDED, &CRASHED, &PROBE_FAILED, &OUT_OF_MEMORY];
        if has_log.iter().any(|rule| rule.code == code) {
            for line in last_lines(session, flow, pod, container).await {
                finding = finding.note(line);
            }
        }
    }
    let waiting = all.iter().filter(|one| !one.is_up() && one.status.object.name != name);
    let names: Vec<_> = waiting.map(|one| format!("`{}`", one.status.object.name)).collect();
    if names.is_empty() { finding } else { finding.note(not_up(&names)) }
}

fn not_up(names: &[String]) -> String {
    const MOST: usize = 5;
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(MOST);
    let verb = if names.len() == 1 { "is" } else { "are" };
    if more == 0 {
        format!("{shown} {verb} not up either")
    } else {
        format!("{shown} and {more} more are not up either")
    }
}

/// The last lines of the log of a container that ended, or of the one that runs now.
async fn last_lines(
    session: &Session<'_>,
    flow: &FlowId,
    pod: &str,
    container: &str,
) -> Vec<String> {
    let namespace = inventory::namespace(flow);
    for previous in [true, false] {
        let path = format!(
            "/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}&previous={previous}&tailLines=50"
        );
        // A log explains, but a finding stands without it.
        let Ok(text) = session.text(&path).await else { continue };
        let lines: Vec<_> =
            text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            let first = lines.len().saturating_sub(LINES);
            return lines[first..].iter().map(|line| format!("log: {line}")).collect();
        }
    }
    Vec::new()
}

/// Pods without the proxy of the mesh.
fn check_proxies(
    cluster: &Cluster,
    all: &[Assessment],
    watched: &[Watched],
    outcome: &mut Outcome,
) {
    let mesh = &cluster.options().mesh;
    for one in all.iter().filter(|one| one.status.proxy == Some(false)) {
        let name = &one.status.object.name;
        let message = format!("Pods of `{name}` run without the proxy of {mesh}");
        let span = watched.iter().find(|watched| watched.name == one.status.object);
        outcome.findings.push(
            placed(
                Diagnostic::new(&NOT_INJECTED, message),
                span.and_then(|one| one.origins.find("")),
                "of this Executor",
            )
            .help(format!("restart them: kubectl rollout restart {}", one.status.object)),
        );
    }
}

/// Deletes the Pods that are to be replaced now, at most one of each StatefulSet.
async fn replace_stale(
    session: &Session<'_>,
    flow: &FlowId,
    all: &[Assessment],
) -> Result<(), Failure> {
    let pods = Resource::builtin("", "Pod", "pods");
    for pod in all.iter().filter_map(|one| one.stale.as_deref()) {
        let path = pods.path(Some(inventory::namespace(flow)), pod);
        let options = json!({"apiVersion": "v1", "kind": "DeleteOptions"});
        match session.request(&Method::DELETE, &path, Payload::Json(&options)).await {
            Err(failure) if !failure.is_not_found() => return Err(failure),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::not_up;

    #[test]
    fn a_few_workloads_are_named() {
        let names = |count: usize| (1..=count).map(|name| format!("`{name}`")).collect::<Vec<_>>();
        for (count, expected) in [
            (1, "`1` is not up either"),
            (2, "`1`, `2` are not up either"),
            (5, "`1`, `2`, `3`, `4`, `5` are not up either"),
            (7, "`1`, `2`, `3`, `4`, `5` and 2 more are not up either"),
        ] {
            assert_eq!(not_up(&names(count)), expected);
        }
    }
}
