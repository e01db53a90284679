//! Replicas that belong to an autoscaler.

use std::collections::BTreeSet;

use serde_json::Value;

use super::connection::{Failure, Session};
use super::ownership;
use super::resource::Resource;

/// The workloads that an autoscaler scales, as kind and name.
#[derive(Debug, Default)]
pub(super) struct Scaled(BTreeSet<(String, String)>);

impl Scaled {
    /// Asks for the autoscalers of a namespace. Whoever may not list them is assumed to have none.
    pub(super) async fn load(session: &Session<'_>, namespace: &str) -> Result<Self, Failure> {
        let mut kind =
            Resource::builtin("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
        "v2".clone_into(&mut kind.version);
        let all = match session.list(&kind.collection(Some(namespace)), "").await {
            Err(failure) if failure.is_forbidden() || failure.is_not_found() => Vec::new(),
            other => other?,
        };
        Ok(Self::of(&all))
    }

    fn of(scalers: &[Value]) -> Self {
        let targets = scalers.iter().map(|scaler| &scaler["spec"]["scaleTargetRef"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self(targets.map(|target| (text(&target["kind"]), text(&target["name"]))).collect())
    }

    /// True if an autoscaler scales a workload.
    pub(super) fn has(&self, kind: &str, name: &str) -> bool {
        self.0.contains(&(kind.to_owned(), name.to_owned()))
    }
}

/// Leaves the replicas of a workload to its autoscaler: the field is not sent if somebody else owns
/// it. As long as we are the only owner, leaving it out would set one replica, so the number of the
/// server is sent.
pub(super) fn leave_replicas(desired: &mut Value, live: &Value) {
    let current = &live["spec"]["replicas"];
    if current.is_null() {
        return;
    }
    let (we, others) = ownership::owners(live, &["spec", "replicas"]);
    let Some(spec) = desired.get_mut("spec").and_then(Value::as_object_mut) else { return };
    if we && others.is_empty() {
        spec.insert("replicas".to_owned(), current.clone());
    } else {
        spec.shift_remove("replicas");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Scaled, leave_replicas};

    #[test]
    fn replicas_are_left_to_a_scaler_and_never_dropped() {
        let owned = |managers: &[(&str, &str)]| {
            let fields = json!({"f:spec": {"f:replicas": {}}});
            let entries: Vec<_> = managers
                .iter()
                .map(|(name, operation)| json!({"manager": name, "operation": operation, "fieldsV1": fields}))
                .collect();
            json!({"spec": {"replicas": 4}, "metadata": {"managedFields": entries}})
        };
        let ours = ("flowship", "Apply");
        let scaler = ("kube-controller-manager", "Update");
        for (live, expected) in [
            (owned(&[ours]), json!(4)),
            (owned(&[ours, scaler]), Value::Null),
            (owned(&[scaler]), Value::Null),
            (owned(&[]), Value::Null),
            (json!({}), json!(2)),
        ] {
            let mut desired = json!({"spec": {"replicas": 2}});
            leave_replicas(&mut desired, &live);
            assert_eq!(desired["spec"]["replicas"], expected, "{live}");
        }
    }

    #[test]
    fn targets_of_scalers_are_found() {
        let scaler = json!({"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "encoder"}}});
        let scaled = Scaled::of(&[scaler]);
        assert!(scaled.has("Deployment", "encoder"));
        assert!(!scaled.has("StatefulSet", "encoder"));
    }
}
