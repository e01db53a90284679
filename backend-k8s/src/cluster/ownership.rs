//! Managers of fields.

use serde_json::{Map, Value};

use super::desired::MANAGER;

/// Managers whose fields become ours when a Flow is taken over: they applied the same manifests before.
const FOLDED: [(&str, &str); 4] = [
    ("kubectl-client-side-apply", "Update"),
    ("kubectl-create", "Update"),
    ("kubectl", "Apply"),
    ("before-first-apply", "Update"),
];

/// The annotation of client-side apply.
pub(super) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The entries of managers.
fn entries(object: &Value) -> impl Iterator<Item = &Value> {
    object["metadata"]["managedFields"].as_array().into_iter().flatten()
}

fn is_ours(entry: &Value) -> bool {
    entry["manager"] == MANAGER
        && entry["operation"] == "Apply"
        && entry["subresource"].as_str().is_none_or(str::is_empty)
}

fn is_folded(entry: &Value) -> bool {
    entry["subresource"].as_str().is_none_or(str::is_empty)
        && FOLDED.iter().any(|(manager, operation)| {
            entry["manager"] == **manager && entry["operation"] == **operation
        })
}

/// The fields that we own of an object, as the server writes them.
pub(super) fn ours(object: &Value) -> Option<&Value> {
    entries(object).find(|entry| is_ours(entry)).map(|entry| &entry["fieldsV1"])
}

/// True if a manager's fields become ours.
pub(super) fn folds(manager: &str) -> bool {
    FOLDED.iter().any(|(folded, _)| *folded == manager)
}

/// The managers that own a field, such as `["spec", "replicas"]`, and whether we are one of them.
pub(super) fn owners<'a>(object: &'a Value, path: &[&str]) -> (bool, Vec<&'a str>) {
    let owns = |entry: &&Value| {
        let mut fields = &entry["fieldsV1"];
        for part in path {
            fields = &fields[format!("f:{part}").as_str()];
        }
        !fields.is_null()
    };
    let owning: Vec<_> = entries(object).filter(owns).collect();
    let we = owning.iter().any(|entry| is_ours(entry));
    let others = owning.iter().filter(|entry| !is_ours(entry));
    (we, others.filter_map(|entry| entry["manager"].as_str()).collect())
}

/// True if an apply would change nothing: we own exactly the fields that we would send, and they have
/// these values. Where a server writes a value in another way, it is asked.
pub(super) fn is_applied(desired: &Value, live: &Value) -> bool {
    let Some(entry) = entries(live).find(|entry| is_ours(entry)) else { return false };
    let (Some(desired), Some(fields)) = (desired.as_object(), entry["fieldsV1"].as_object()) else {
        return false;
    };
    // What identifies an object is nobody's field.
    let mut sent = desired.clone();
    let is_same_version = sent.shift_remove("apiVersion").as_ref() == Some(&entry["apiVersion"]);
    sent.shift_remove("kind");
    if let Some(metadata) = sent.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("name");
        metadata.shift_remove("namespace");
    }
    is_same_version && !entries(live).any(is_folded) && has_fields(fields, &sent.into(), live)
}

/// True if a value that is sent has exactly the `owned` fields (a `FieldsV1` of the Kubernetes API), and
/// the live one the same values.
fn has_fields(owned: &Map<String, Value>, sent: &Value, live: &Value) -> bool {
    let mut parts = owned.iter().filter(|(name, _)| *name != ".");
    match sent {
        // A whole value, or one without parts.
        _ if owned.is_empty() => sent == live,
        Value::Object(fields) => {
            parts.clone().count() == fields.len()
                && parts.all(|(name, owned)| {
                    let name = name.strip_prefix("f:").unwrap_or_default();
                    matches!(
                        (owned.as_object(), fields.get(name), live.get(name)),
                        (Some(owned), Some(sent), Some(live)) if has_fields(owned, sent, live)
                    )
                })
        }
        Value::Array(items) => {
            let Some(live) = live.as_array() else { return false };
            // Items in another order would be moved.
            let mut from = 0;
            parts.clone().count() == items.len()
                && items.iter().all(|item| {
                    let mut found = parts.clone().filter(|(key, _)| is_of(key, item, true));
                    let (Some((key, owned)), None) = (found.next(), found.next()) else {
                        return false;
                    };
                    let place = live[from..].iter().position(|live| is_of(key, live, false));
                    let Some(place) = place.map(|place| from + place) else { return false };
                    from = place + 1;
                    owned.as_object().is_some_and(|owned| has_fields(owned, item, &live[place]))
                })
        }
        _ => false,
    }
}

/// True if an item of a list is the one of a key: `v:VALUE`, or `k:{FIELD: VALUE}`, of which the server
/// sets fields that are missing.
fn is_of(key: &str, item: &Value, may_miss: bool) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    if let Some(value) = key.strip_prefix("v:") {
        return read(value).as_ref() == Some(item);
    }
    let Some(Value::Object(fields)) = key.strip_prefix("k:").and_then(read) else { return false };
    fields.iter().all(|(name, value)| match item.get(name) {
        Some(own) => own == value,
        None => may_miss,
    })
}

/// The patch that makes the fields of earlier managers ours, as `kubectl` does it before a server-side
/// apply; `None` if there are none. Fields that are not in the next apply are then removed.
pub(super) fn fold(object: &Value) -> Option<Value> {
    if !entries(object).any(is_folded) {
        return None;
    }
    let mut fields = Value::Object(Map::new());
    let mut kept = Vec::new();
    let mut version = object["apiVersion"].clone();
    for entry in entries(object) {
        if is_ours(entry) || is_folded(entry) {
            unite(&mut fields, &entry["fieldsV1"]);
            version = entry["apiVersion"].clone();
        } else {
            kept.push(entry.clone());
        }
    }
    // The annotation goes with the manager that wrote it.
    if let Some(annotations) = fields.pointer_mut("/f:metadata/f:annotations")
        && let Some(map) = annotations.as_object_mut()
    {
        map.shift_remove(&format!("f:{LAST_APPLIED}"));
    }
    kept.push(serde_json::json!({
        "manager": MANAGER,
        "operation": "Apply",
        "apiVersion": version,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }));
    Some(serde_json::json!({
        "metadata": {
            "resourceVersion": object["metadata"]["resourceVersion"],
            "annotations": { LAST_APPLIED: null },
            "managedFields": kept,
        },
    }))
}

/// Adds the fields of one set to another.
fn unite(fields: &mut Value, more: &Value) {
    let (Some(fields), Some(more)) = (fields.as_object_mut(), more.as_object()) else { return };
    for (key, value) in more {
        unite(fields.entry(key).or_insert_with(|| Value::Object(Map::new())), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{fold, is_applied, owners};

    fn object(managers: &[(&str, &str, Value)]) -> Value {
        let entries: Vec<_> = managers
            .iter()
            .map(|(manager, operation, fields)| {
                json!({"manager": manager, "operation": operation, "apiVersion": "apps/v1", "fieldsV1": fields})
            })
            .collect();
        json!({"metadata": {"resourceVersion": "7", "managedFields": entries}})
    }

    #[test]
    fn what_is_applied_already_is_known() {
        let sent = json!({
            "apiVersion": "v1", "kind": "X", "metadata": {"name": "x", "labels": {"a": "1"}},
            "spec": {
                "replicas": 2,
                "args": ["a", "b"],
                "empty": {},
                "ports": [{"containerPort": 1}, {"containerPort": 2, "protocol": "UDP"}],
                "finalizers": ["f"],
            },
        });
        let fields = json!({
            "f:metadata": {"f:labels": {"f:a": {}}},
            "f:spec": {
                "f:replicas": {}, "f:args": {}, "f:empty": {},
                "f:ports": {
                    "k:{\"containerPort\":1,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}},
                    "k:{\"containerPort\":2,\"protocol\":\"UDP\"}":
                        {".": {}, "f:containerPort": {}, "f:protocol": {}},
                },
                "f:finalizers": {"v:\"f\"": {}},
            },
        });
        let live = json!({
            "apiVersion": "v1", "kind": "X",
            "metadata": {
                "name": "x", "uid": "u", "labels": {"a": "1", "theirs": "2"},
                "managedFields": [{
                    "manager": "flowship", "operation": "Apply", "apiVersion": "v1",
                    "fieldsType": "FieldsV1", "fieldsV1": fields,
                }],
            },
            "spec": {
                "replicas": 2, "theirs": true, "args": ["a", "b"], "empty": {},
                "ports": [
                    {"containerPort": 0, "protocol": "TCP"},
                    {"containerPort": 1, "protocol": "TCP"},
                    {"containerPort": 2, "protocol": "UDP", "name": "theirs"},
                ],
                "finalizers": ["theirs", "f"],
            },
        });
        assert!(is_applied(&sent, &live));
        let fields = "/metadata/managedFields/0/fieldsV1";
        // Pointer, whether of the live object, and the value there; null removes it.
        for (pointer, of_live, value) in [
            ("/apiVersion".to_owned(), false, json!("v2")),
            ("/metadata/labels/a".to_owned(), false, json!("2")),
            ("/metadata/labels/a".to_owned(), true, json!("2")),
            ("/metadata/labels/a".to_owned(), true, json!(null)),
            ("/metadata/labels/b".to_owned(), false, json!("2")),
            ("/metadata/labels".to_owned(), false, json!(null)),
            ("/spec/replicas".to_owned(), false, json!(null)),
            ("/spec/replicas".to_owned(), true, json!(3)),
            ("/spec/args".to_owned(), true, json!(["b", "a"])),
            ("/spec/args".to_owned(), true, json!(["a", "b", "c"])),
            ("/spec/empty".to_owned(), true, json!({"theirs": 1})),
            ("/spec/empty".to_owned(), true, json!(null)),
            ("/spec/ports/2/protocol".to_owned(), true, json!("TCP")),
            ("/spec/ports/1".to_owned(), true, json!({"containerPort": 3, "protocol": "TCP"})),
            ("/spec/ports/0".to_owned(), false, json!({"containerPort": 2, "protocol": "UDP"})),
            ("/spec/ports".to_owned(), false, json!([{"containerPort": 1}])),
            (
                "/spec/ports".to_owned(),
                false,
                json!([{"containerPort": 2, "protocol": "UDP"}, {"containerPort": 1}]),
            ),
            ("/spec/ports/0".to_owned(), false, json!({"containerPort": 1, "protocol": "TCP"})),
            ("/spec/finalizers".to_owned(), true, json!(["theirs"])),
            ("/spec/finalizers".to_owned(), false, json!(["f", "g"])),
            ("/metadata/managedFields/0/manager".to_owned(), true, json!("kubectl")),
            ("/metadata/managedFields/0/operation".to_owned(), true, json!("Update")),
            ("/metadata/managedFields/0/apiVersion".to_owned(), true, json!("v2")),
            (format!("{fields}/f:spec/f:args"), true, json!(null)),
            (format!("{fields}/f:spec/f:theirs"), true, json!({})),
            (format!("{fields}/f:status"), true, json!({"f:x": {}})),
        ] {
            let (mut sent, mut live) = (sent.clone(), live.clone());
            let object = if of_live { &mut live } else { &mut sent };
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = object.pointer_mut(parent).unwrap();
            match parent {
                Value::Object(map) if value.is_null() => {
                    map.remove(key);
                }
                Value::Object(map) => {
                    map.insert(key.to_owned(), value.clone());
                }
                parent => parent[key.parse::<usize>().unwrap()] = value.clone(),
            }
            assert!(!is_applied(&sent, &live), "{pointer} of live: {of_live}: {value}");
        }
        let mut folded = live;
        let earlier = json!({"manager": "kubectl-client-side-apply", "operation": "Update"});
        folded["metadata"]["managedFields"].as_array_mut().unwrap().push(earlier);
        assert!(!is_applied(&sent, &folded));
    }

    #[test]
    fn earlier_managers_are_folded_into_ours() {
        let replicas = json!({"f:spec": {"f:replicas": {}}});
        let annotation = json!({"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/last-applied-configuration": {}}}});
        for (managers, expected) in [
            (vec![("flowship", "Apply", replicas.clone())], None),
            (vec![("kubectl-edit", "Update", replicas.clone())], None),
            (
                vec![("kubectl-client-side-apply", "Update", replicas.clone())],
                Some(vec!["flowship"]),
            ),
            (vec![("kubectl", "Apply", replicas.clone())], Some(vec!["flowship"])),
            (
                vec![
                    ("kubectl-client-side-apply", "Update", annotation),
                    ("kube-controller-manager", "Update", replicas.clone()),
                ],
                Some(vec!["kube-controller-manager", "flowship"]),
            ),
        ] {
            let folded = fold(&object(&managers));
            let names = folded.as_ref().map(|patch| {
                let entries = patch["metadata"]["managedFields"].as_array();
                let entries = entries.into_iter().flatten();
                entries.filter_map(|entry| entry["manager"].as_str()).collect::<Vec<_>>()
            });
            assert_eq!(names, expected, "{managers:?}");
            if let Some(patch) = folded {
                assert_eq!(patch["metadata"]["resourceVersion"], "7");
                assert!(!patch["metadata"]["managedFields"].to_string().contains("last-applied"));
            }
        }
    }

    #[test]
    fn owners_of_a_field_are_found() {
        let replicas = json!({"f:spec": {"f:replicas": {}}});
        let both = object(&[
            ("flowship", "Apply", replicas.clone()),
            ("kube-controller-manager", "Update", replicas),
        ]);
        assert_eq!(owners(&both, &["spec", "replicas"]), (true, vec!["kube-controller-manager"]));
        assert_eq!(owners(&both, &["spec", "paused"]), (false, vec![]));
    }
}
