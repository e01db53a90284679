//! The state of a Flow's workloads, Pods, claims and events.

use std::collections::BTreeMap;

use flow_model::FlowId;
use flow_model::deploy::Status;
use serde_json::Value;

use super::connection::{Failure, Session, escape};
use super::inventory;
use super::resource::Resource;
use super::workload::{Assessment, Watched, assess};
use crate::mesh::Requirements;

/// One look at a Flow.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Deployments and `StatefulSets`, each with its kind.
    pub(super) workloads: Vec<Value>,
    pub(super) replica_sets: Vec<Value>,
    pub(super) pods: Vec<Value>,
    pub(super) claims: Vec<Value>,
    pub(super) events: Vec<Value>,
    /// The counts of events that are older than the current apply, by uid.
    pub(super) old_events: BTreeMap<String, u64>,
}

/// The query for the objects of a Flow, as they are now.
fn newest(flow: &FlowId) -> String {
    format!("?labelSelector={}", escape(&format!("app.kubernetes.io/part-of={}", flow.name)))
}

/// The query for the objects of a Flow. `resourceVersion=0` allows the server to answer from memory,
/// which may be older than the last change.
fn selector(flow: &FlowId) -> String {
    format!("{}&resourceVersion=0", newest(flow))
}

/// True if Pods of a Flow exist.
pub(super) async fn has_pods(session: &Session<'_>, flow: &FlowId) -> Result<bool, Failure> {
    let pods = Resource::builtin("", "Pod", "pods");
    let path = pods.collection(Some(inventory::namespace(flow)));
    Ok(!session.list(&path, &selector(flow)).await?.is_empty())
}

impl World {
    /// Looks at everything.
    pub(super) async fn load(session: &Session<'_>, flow: &FlowId) -> Result<Self, Failure> {
        let namespace = Some(inventory::namespace(flow));
        let selector = selector(flow);
        let list = async |group: &str, kind: &str, plural: &str, query: &str| {
            let kind = Resource::builtin(group, kind, plural);
            let mut items = session.list(&kind.collection(namespace), query).await?;
            for item in &mut items {
                item["kind"] = kind.kind.clone().into();
            }
            Ok::<_, Failure>(items)
        };
        let all = "?resourceVersion=0";
        // A workload from before the last change would be up, or accused, with its old Pods. Older Pods
        // beside a new workload are not of its revision.
        let newest = newest(flow);
        let (deployments, sets, replica_sets, pods, claims, events) = tokio::join!(
            list("apps", "Deployment", "deployments", &newest),
            list("apps", "StatefulSet", "statefulsets", &newest),
            list("apps", "ReplicaSet", "replicasets", &selector),
            list("", "Pod", "pods", &selector),
            list("", "PersistentVolumeClaim", "persistentvolumeclaims", all),
            list("", "Event", "events", all),
        );
        // Claims and events explain more, but not everybody may read them.
        let optional = |list: Result<Vec<Value>, Failure>| match list {
            Err(failure) if failure.is_forbidden() => Ok(Vec::new()),
            list => list,
        };
        let mut workloads = deployments?;
        workloads.extend(sets?);
        Ok(Self {
            workloads,
            replica_sets: replica_sets?,
            pods: pods?,
            claims: optional(claims)?,
            events: optional(events)?,
            old_events: BTreeMap::new(),
        })
    }

    /// The counts of all events, to tell later ones apart.
    pub(super) fn event_counts(&self) -> BTreeMap<String, u64> {
        let uid = |event: &Value| event["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        self.events.iter().map(|event| (uid(event), count(event))).collect()
    }

    /// Events about an object that happened since the apply began, the last ones first.
    pub(super) fn events_of<'a>(&'a self, object: &'a Value) -> impl Iterator<Item = &'a Value> {
        let uid = &object["metadata"]["uid"];
        self.events.iter().rev().filter(move |event| {
            let known = event["metadata"]["uid"].as_str().and_then(|uid| self.old_events.get(uid));
            &event["involvedObject"]["uid"] == uid
                && known.is_none_or(|known| count(event) > *known)
        })
    }

    /// The assessments of all workloads: those that are watched, and others of the Flow.
    pub(super) fn assess(
        &self,
        watched: &[Watched],
        requirements: &Requirements,
    ) -> Vec<Assessment> {
        let mut all: Vec<_> = watched
            .iter()
            .map(|one| assess(self, Some(one), one.find(self), requirements))
            .collect();
        for workload in &self.workloads {
            if !watched.iter().any(|one| one.is(workload)) {
                let mut other = assess(self, None, Some(workload), requirements);
                other.status.is_garbage = !watched.is_empty();
                all.push(other);
            }
        }
        all.sort_by(|a, b| a.status.object.cmp(&b.status.object));
        super::causes::acquit(&mut all);
        all
    }

    /// The states of all workloads.
    pub(super) fn statuses(&self, watched: &[Watched], requirements: &Requirements) -> Vec<Status> {
        self.assess(watched, requirements).into_iter().map(|one| one.status).collect()
    }
}

/// How often an event happened.
fn count(event: &Value) -> u64 {
    let series = event["series"]["count"].as_u64();
    event["count"].as_u64().or(series).unwrap_or(1)
}

/// True if a claim belongs to a template of a StatefulSet: `TEMPLATE-SET-NUMBER`.
pub(super) fn is_claim_of(claim: &str, template: &str, set: &str) -> bool {
    let number = claim
        .strip_prefix(template)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_prefix(set))
        .and_then(|rest| rest.strip_prefix('-'));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{World, count, is_claim_of};

    #[test]
    fn claims_belong_to_a_template_and_a_set() {
        for (claim, expected) in [
            ("data-a-0", true),
            ("data-a-12", true),
            ("data-a", false),
            ("data-a-", false),
            ("data-a-x", false),
            ("data-a-0-1", false),
            ("data-ab-0", false),
            ("xdata-a-0", false),
            ("dataa-0", false),
            ("data-b-0", false),
        ] {
            assert_eq!(is_claim_of(claim, "data", "a"), expected, "{claim}");
        }
    }

    #[test]
    fn events_are_counted_as_the_server_counts_them() {
        for (event, expected) in [
            (json!({"count": 3}), 3),
            (json!({"series": {"count": 4}}), 4),
            (json!({"count": 2, "series": {"count": 4}}), 2),
            (json!({}), 1),
        ] {
            assert_eq!(count(&event), expected, "{event}");
        }
    }

    /// The last event comes first; events of others and those that are not repeated are left out.
    #[test]
    fn only_new_events_about_an_object_explain_it() {
        let event = |uid: &str, of: &str, count: u64| json!({"metadata": {"uid": uid}, "involvedObject": {"uid": of}, "count": count});
        let mut world = World {
            events: vec![event("old", "p", 1), event("again", "p", 2), event("other", "q", 1)],
            ..World::default()
        };
        world.old_events = world.event_counts();
        world.events[1]["count"] = 3.into();
        world.events.push(event("new", "p", 1));
        let pod = json!({"metadata": {"uid": "p"}});
        let found: Vec<_> = world.events_of(&pod).map(|event| &event["metadata"]["uid"]).collect();
        assert_eq!(found, [&json!("new"), &json!("again")]);
    }
}
