//! The state of one workload.

use flow_model::Origins;
use flow_model::deploy::{ObjectName, State, Status};
use serde_json::Value;

use super::causes::{Suspect, suspects};
use super::desired::Desired;
use super::world::World;
use crate::mesh::{After, Requirements};

/// A workload that should be up.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub(super) name: ObjectName,
    pub(super) origins: Origins,
    /// The object as it was sent.
    pub(super) value: Value,
}

impl Watched {
    /// The workloads among these objects.
    pub(super) fn of(desired: &[Desired]) -> Vec<Self> {
        let workloads = desired.iter().filter(|one| one.is_workload());
        workloads
            .map(|one| Self {
                name: one.name.clone(),
                origins: one.origins.clone(),
                value: one.value.clone(),
            })
            .collect()
    }

    /// True if an object of the cluster is this workload.
    pub(super) fn is(&self, workload: &Value) -> bool {
        workload["kind"] == self.name.kind.as_str()
            && workload["metadata"]["name"] == self.name.name.as_str()
    }

    /// The object of the cluster.
    pub(super) fn find<'a>(&self, world: &'a World) -> Option<&'a Value> {
        world.workloads.iter().find(|workload| self.is(workload))
    }
}

/// The state of a workload, and what may keep it from being up.
#[derive(Debug, Clone)]
pub(super) struct Assessment {
    pub(super) status: Status,
    /// The label `app.kubernetes.io/component`.
    pub(super) component: String,
    /// Sorted by rank.
    pub(super) suspects: Vec<Suspect>,
    /// The Pod to replace now: it was adopted from an earlier object, and its controller cannot update it.
    pub(super) stale: Option<String>,
}

impl Assessment {
    pub(super) fn is_up(&self) -> bool {
        self.status.state == State::Up
    }
}

/// The Pods of a workload: those of its current revision, and those of earlier ones. Pods that are
/// stopping are neither.
#[derive(Debug, Default)]
pub(super) struct Pods<'a> {
    pub(super) current: Vec<&'a Value>,
    pub(super) old: Vec<&'a Value>,
    pub(super) revision: String,
    pub(super) current_set: Option<&'a Value>,
}

/// Whether a Pod has the current revision; `None` for a Pod of another workload.
type IsCurrent = Box<dyn Fn(&Value) -> Option<bool>>;

impl<'a> Pods<'a> {
    pub(super) fn of(world: &'a World, workload: &Value) -> Self {
        let uid = &workload["metadata"]["uid"];
        let owner = |object: &Value| object["metadata"]["ownerReferences"][0]["uid"].clone();
        let mut pods = Self::default();
        let is_current: IsCurrent = if workload["kind"] == "Deployment" {
            const REVISION: &str = "deployment.kubernetes.io/revision";
            let own: Vec<_> = world.replica_sets.iter().filter(|set| &owner(set) == uid).collect();
            let revision = &workload["metadata"]["annotations"][REVISION];
            revision.as_str().unwrap_or_default().clone_into(&mut pods.revision);
            let current =
                own.iter().find(|set| &set["metadata"]["annotations"][REVISION] == revision);
            pods.current_set = current.copied();
            let current = current.map(|set| set["metadata"]["uid"].clone());
            let own: Vec<_> = own.iter().map(|set| set["metadata"]["uid"].clone()).collect();
            Box::new(move |pod| {
                let owner = owner(pod);
                own.contains(&owner).then(|| Some(&owner) == current.as_ref())
            })
        } else {
            let revision = workload["status"]["updateRevision"].clone();
            revision.as_str().unwrap_or_default().clone_into(&mut pods.revision);
            let uid = uid.clone();
            Box::new(move |pod| {
                let hash = &pod["metadata"]["labels"]["controller-revision-hash"];
                (owner(pod) == uid).then(|| *hash == revision)
            })
        };
        for pod in &world.pods {
            let is_over = matches!(pod["status"]["phase"].as_str(), Some("Failed" | "Succeeded"));
            if !pod["metadata"]["deletionTimestamp"].is_null() || is_over {
                continue;
            }
            match is_current(pod) {
                Some(true) => pods.current.push(pod),
                Some(false) => pods.old.push(pod),
                None => {}
            }
        }
        pods
    }
}

/// True if a condition of an object has a status.
pub(super) fn has_condition(object: &Value, kind: &str, status: &str) -> bool {
    condition(object, kind).is_some_and(|condition| condition["status"] == status)
}

/// A condition of an object.
pub(super) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object["status"]["conditions"].as_array();
    conditions.into_iter().flatten().find(|condition| condition["type"] == kind)
}

/// Assesses a workload. `live` is `None` if it does not exist.
pub(super) fn assess(
    world: &World,
    watched: Option<&Watched>,
    live: Option<&Value>,
    requirements: &Requirements,
) -> Assessment {
    let Some(live) = live else {
        let name = watched.map_or_else(nameless, |watched| watched.name.clone());
        return Assessment {
            status: Status::new(name, State::Missing),
            component: String::new(),
            suspects: Vec::new(),
            stale: None,
        };
    };
    let metadata = &live["metadata"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = ObjectName {
        namespace: metadata["namespace"].as_str().map(str::to_owned),
        group: "apps".to_owned(),
        kind: text(&live["kind"]),
        name: text(&metadata["name"]),
    };
    let pods = Pods::of(world, live);
    let wanted = live["spec"]["replicas"].as_u64().unwrap_or(1);
    let ready = pods.current.iter().filter(|pod| has_condition(pod, "Ready", "True")).count();
    let is_observed = live["status"]["observedGeneration"].as_i64().unwrap_or(0)
        >= metadata["generation"].as_i64().unwrap_or(0);
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let is_up = is_observed && ready as u64 >= wanted && pods.old.is_empty();
    // Until its controller has seen the change, conditions and Pods are those of the past.
    let is_past = is_up || !is_observed;
    let suspects = if is_past { Vec::new() } else { suspects(world, watched, live, &pods) };
    let mut status = Status::new(name, if is_up { State::Up } else { State::Starting });
    status.replicas = Some((count(ready as u64), count(wanted)));
    let template = &live["spec"]["template"]["spec"]["containers"];
    status.image = template[0]["image"].as_str().map(str::to_owned);
    status.revision = Some(pods.revision.clone()).filter(|revision| !revision.is_empty());
    status.restarts = Some(pods.current.iter().map(|pod| restarts(pod)).sum());
    if !requirements.after.is_empty() {
        status.proxy = Some(pods.current.iter().all(|pod| has_proxy(pod, requirements)));
    }
    status.detail = if is_up {
        String::new()
    } else if let Some(first) = suspects.first() {
        first.message.clone()
    } else if !is_observed {
        "its controller has not seen the change yet".to_owned()
    } else if pods.current.is_empty() && pods.old.is_empty() && wanted > 0 {
        "it has no Pod yet".to_owned()
    } else if (ready as u64) < wanted && !pods.current.is_empty() {
        format!("{ready} of {wanted} Pods are ready")
    } else {
        match pods.old.len() {
            1 => "1 old Pod is not replaced yet".to_owned(),
            count => format!("{count} old Pods are not replaced yet"),
        }
    };
    let stale = stale(live, &pods);
    let component = text(&metadata["labels"]["app.kubernetes.io/component"]);
    Assessment { status, component, suspects, stale }
}

fn nameless() -> ObjectName {
    ObjectName { namespace: None, group: String::new(), kind: String::new(), name: String::new() }
}

/// The Pod to replace of those that are older than their StatefulSet: it was created again, and cannot
/// change their volumes.
///
/// The controller goes through Pods by their numbers, and stops at the first one that it cannot update:
/// what comes after that is not created either. So the first one is replaced when all before it are
/// ready.
fn stale(live: &Value, pods: &Pods<'_>) -> Option<String> {
    if live["kind"] != "StatefulSet" {
        return None;
    }
    // Times of the API server sort as text.
    let created = live["metadata"]["creationTimestamp"].as_str().unwrap_or_default();
    let is_older =
        |pod: &Value| pod["metadata"]["creationTimestamp"].as_str().is_some_and(|at| at < created);
    let numbered =
        |pod: &&'_ Value| Some((number(pod)?, pod["metadata"]["name"].as_str()?.to_owned()));
    let older = pods.old.iter().filter(|pod| is_older(pod));
    let (first, name) = older.filter_map(numbered).min()?;
    let start = live["spec"]["ordinals"]["start"].as_u64().unwrap_or(0);
    let before = pods.current.iter().filter(|pod| {
        has_condition(pod, "Ready", "True") && number(pod).is_some_and(|number| number < first)
    });
    (before.count() as u64 >= first.saturating_sub(start)).then_some(name)
}

/// The number of a Pod of a StatefulSet: 2 of `encoder-2`.
fn number(pod: &Value) -> Option<u64> {
    pod["metadata"]["name"].as_str()?.rsplit_once('-')?.1.parse().ok()
}

fn restarts(pod: &Value) -> u32 {
    let statuses = pod["status"]["containerStatuses"].as_array();
    let counts = statuses.into_iter().flatten().filter_map(|one| one["restartCount"].as_u64());
    counts.sum::<u64>().try_into().unwrap_or(u32::MAX)
}

/// True if a Pod carries what the mesh adds.
fn has_proxy(pod: &Value, requirements: &Requirements) -> bool {
    requirements.after.iter().all(|after| match after {
        After::Container(name) => ["containers", "initContainers"].iter().any(|list| {
            let containers = pod["spec"][*list].as_array();
            containers.into_iter().flatten().any(|container| container["name"] == *name)
        }),
        After::Annotation(key, value) => pod["metadata"]["annotations"][*key] == *value,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::world::World;
    use super::{Pods, assess};
    use crate::mesh::{After, Requirements};

    const PROXY: Requirements = Requirements {
        after: &[After::Container("proxy"), After::Annotation("injected", "yes")],
        ..Requirements::NONE
    };

    fn set(wanted: u64, observed: i64) -> Value {
        json!({
            "kind": "StatefulSet",
            "metadata": {"name": "a", "uid": "s", "generation": 2, "creationTimestamp": "2026-01-02T00:00:00Z"},
            "spec": {"replicas": wanted},
            "status": {"observedGeneration": observed, "updateRevision": "a-2"},
        })
    }

    /// A Pod: its revision, whether it is ready, and more fields.
    fn pod(revision: &str, is_ready: bool, more: &Value) -> Value {
        let mut pod = json!({
            "metadata": {
                "name": format!("a-of-{revision}"), "ownerReferences": [{"uid": "s"}],
                "labels": {"controller-revision-hash": revision},
                "creationTimestamp": "2026-01-03T00:00:00Z",
            },
            "status": {"conditions": [{"type": "Ready", "status": if is_ready { "True" } else { "False" }}]},
        });
        for (pointer, value) in more.as_object().into_iter().flatten() {
            let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
            if let Some(parent) = pod.pointer_mut(parent) {
                parent[key] = value.clone();
            }
        }
        pod
    }

    #[test]
    fn the_state_is_that_of_the_pods_of_this_revision() {
        let none = json!({});
        let ready = || pod("a-2", true, &none);
        let starting = || pod("a-2", false, &none);
        let old = || pod("a-1", true, &none);
        let over = |phase: &str| pod("a-2", true, &json!({"/status/phase": phase}));
        let stops =
            pod("a-1", true, &json!({"/metadata/deletionTimestamp": "2026-01-03T00:00:00Z"}));
        let foreign = pod("a-2", true, &json!({"/metadata/ownerReferences": [{"uid": "t"}]}));
        for (set, pods, ready_and_wanted, detail) in [
            (set(1, 2), vec![ready()], (1, 1), ""),
            (set(1, 3), vec![ready()], (1, 1), ""),
            (set(0, 2), vec![], (0, 0), ""),
            (set(1, 2), vec![ready(), ready()], (2, 1), ""),
            (set(1, 2), vec![ready(), stops], (1, 1), ""),
            (set(1, 1), vec![ready()], (1, 1), "its controller has not seen the change yet"),
            (set(2, 2), vec![], (0, 2), "it has no Pod yet"),
            (set(1, 2), vec![foreign], (0, 1), "it has no Pod yet"),
            (set(1, 2), vec![over("Failed"), over("Succeeded")], (0, 1), "it has no Pod yet"),
            (set(2, 2), vec![ready(), starting()], (1, 2), "1 of 2 Pods are ready"),
            (set(2, 2), vec![starting(), old()], (0, 2), "0 of 2 Pods are ready"),
            (set(2, 2), vec![old()], (0, 2), "1 old Pod is not replaced yet"),
            (set(1, 2), vec![ready(), old()], (1, 1), "1 old Pod is not replaced yet"),
            (set(0, 2), vec![old(), old()], (0, 0), "2 old Pods are not replaced yet"),
        ] {
            let world = World { workloads: vec![set], pods, ..World::default() };
            let all = assess(&world, None, world.workloads.first(), &Requirements::NONE);
            assert_eq!(all.status.replicas, Some(ready_and_wanted), "{world:?}");
            assert_eq!(
                (all.status.detail.as_str(), all.is_up()),
                (detail, detail.is_empty()),
                "{world:?}"
            );
            assert_eq!(all.status.revision.as_deref(), Some("a-2"));
            assert_eq!(all.status.proxy, None);
        }
    }

    /// Only Pods that are older than their StatefulSet cannot get its volumes. As it was seen: the
    /// controller creates none that comes after such a Pod.
    #[test]
    fn stale_pods_are_replaced_by_their_numbers() {
        let named = |name: &str, revision: &str, is_ready: bool, time: &str| {
            let more = json!({"/metadata/name": name, "/metadata/creationTimestamp": time});
            pod(revision, is_ready, &more)
        };
        let old = |name: &str| named(name, "a-1", true, "2026-01-01T00:00:00Z");
        let new = |name: &str| named(name, "a-2", true, "2026-01-03T00:00:00Z");
        let starting = |name: &str| named(name, "a-2", false, "2026-01-03T00:00:00Z");
        for (pods, expected) in [
            (vec![old("a-0")], Some("a-0")),
            (vec![old("a-1"), old("a-0")], Some("a-0")),
            (vec![new("a-0"), old("a-1")], Some("a-1")),
            (vec![starting("a-0"), old("a-1")], None),
            (vec![old("a-1")], None),
            (vec![old("a-10"), old("a-9")], None),
            (vec![old("a-0"), old("a-10")], Some("a-0")),
            (vec![named("a-0", "a-1", true, "2026-01-02T00:00:00Z")], None),
            (vec![named("a-0", "a-1", true, "2026-01-03T00:00:00Z")], None),
            (vec![named("a-0", "a-2", true, "2026-01-01T00:00:00Z")], None),
            (vec![old("a-of-a-1x")], None),
            (vec![], None),
        ] {
            let mut world = World { workloads: vec![set(2, 2)], pods, ..World::default() };
            let found = assess(&world, None, world.workloads.first(), &Requirements::NONE);
            assert_eq!(found.stale.as_deref(), expected, "{world:?}");
            world.workloads[0]["kind"] = "Deployment".into();
            let found = assess(&world, None, world.workloads.first(), &Requirements::NONE);
            assert_eq!(found.stale, None);
        }
        let mut world =
            World { workloads: vec![set(2, 2)], pods: vec![old("a-5")], ..World::default() };
        world.workloads[0]["spec"]["ordinals"] = json!({"start": 5});
        let found = assess(&world, None, world.workloads.first(), &Requirements::NONE);
        assert_eq!(found.stale.as_deref(), Some("a-5"));
    }

    #[test]
    fn restarts_are_counted_and_proxies_are_found() {
        let with = |list: &str, name: &str, injected: &str| {
            let mut pod =
                pod("a-2", true, &json!({"/metadata/annotations": {"injected": injected}}));
            pod["spec"] = json!({list: [{"name": "executor"}, {"name": name}]});
            pod["status"]["containerStatuses"] =
                json!([{"restartCount": 2}, {"restartCount": 3}, {}]);
            pod
        };
        for (pods, restarts, has_proxy) in [
            (vec![with("containers", "proxy", "yes")], 5, true),
            (vec![with("initContainers", "proxy", "yes")], 5, true),
            (vec![with("containers", "proxy", "no")], 5, false),
            (vec![with("containers", "other", "yes")], 5, false),
            (
                vec![with("containers", "proxy", "yes"), with("containers", "other", "yes")],
                10,
                false,
            ),
        ] {
            let world = World { workloads: vec![set(1, 2)], pods, ..World::default() };
            let status = assess(&world, None, world.workloads.first(), &PROXY).status;
            assert_eq!(
                (status.restarts, status.proxy),
                (Some(restarts), Some(has_proxy)),
                "{world:?}"
            );
        }
    }

    #[test]
    fn pods_of_a_deployment_belong_to_its_replica_sets() {
        const REVISION: &str = "deployment.kubernetes.io/revision";
        let set = |uid: &str, owner: &str, revision: &str| json!({"metadata": {"uid": uid, "ownerReferences": [{"uid": owner}], "annotations": {REVISION: revision}}});
        let pod = |owner: &str| json!({"metadata": {"ownerReferences": [{"uid": owner}]}});
        let deployment = json!({
            "kind": "Deployment", "metadata": {"uid": "d", "annotations": {REVISION: "2"}},
        });
        let world = World {
            replica_sets: vec![set("old", "d", "1"), set("new", "d", "2"), set("other", "e", "2")],
            pods: vec![pod("old"), pod("new"), pod("new"), pod("other"), pod("d")],
            ..World::default()
        };
        let pods = Pods::of(&world, &deployment);
        assert_eq!((pods.current.len(), pods.old.len(), pods.revision.as_str()), (2, 1, "2"));
        assert_eq!(pods.current_set.map(|set| &set["metadata"]["uid"]), Some(&json!("new")));
    }
}
