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
        map.remove(&format!("f:{LAST_APPLIED}"));
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

    use super::{fold, owners};

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
