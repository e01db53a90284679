//! Fields that cannot be changed on an object that exists.

use serde_json::Value;

use super::compare::covers;

/// Immutable fields by kind.
const FIELDS: [(&str, &[&str]); 4] = [
    ("Deployment", &["/spec/selector"]),
    (
        "StatefulSet",
        &[
            "/spec/podManagementPolicy",
            "/spec/selector",
            "/spec/serviceName",
            "/spec/volumeClaimTemplates",
        ],
    ),
    ("Service", &["/spec/clusterIP"]),
    ("Job", &["/spec/selector", "/spec/template"]),
];

/// The pointers of immutable fields in which an object differs from the one of the server.
pub(super) fn changed(kind: &str, desired: &Value, live: &Value) -> Vec<&'static str> {
    let fields = FIELDS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, fields)| fields);
    let differs = |pointer: &&&str| match (desired.pointer(pointer), live.pointer(pointer)) {
        (Some(desired), Some(live)) => !covers(desired, live),
        (Some(_), None) => true,
        // The server fills in its defaults; a list of volumes has none.
        (None, Some(_)) => **pointer == "/spec/volumeClaimTemplates",
        (None, None) => false,
    };
    fields.iter().filter(differs).copied().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changed;

    #[test]
    fn immutable_changes_are_recognised() {
        let claim = |size: &str, mode: Option<&str>| {
            let mut claim = json!({"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": size}}}});
            if let Some(mode) = mode {
                claim["spec"]["volumeMode"] = mode.into();
            }
            json!({"spec": {"serviceName": "a", "volumeClaimTemplates": [claim]}})
        };
        let none = json!({"spec": {"serviceName": "a"}});
        for (kind, desired, live, expected) in [
            ("StatefulSet", claim("1Gi", None), claim("1Gi", Some("Filesystem")), vec![]),
            (
                "StatefulSet",
                claim("2Gi", None),
                claim("1Gi", None),
                vec!["/spec/volumeClaimTemplates"],
            ),
            ("StatefulSet", none.clone(), claim("1Gi", None), vec!["/spec/volumeClaimTemplates"]),
            ("StatefulSet", claim("1Gi", None), none.clone(), vec!["/spec/volumeClaimTemplates"]),
            (
                "StatefulSet",
                none.clone(),
                json!({"spec": {"serviceName": "b"}}),
                vec!["/spec/serviceName"],
            ),
            (
                "Service",
                json!({"spec": {"clusterIP": "None"}}),
                json!({"spec": {"clusterIP": "10.0.0.1"}}),
                vec!["/spec/clusterIP"],
            ),
            ("Service", json!({"spec": {}}), json!({"spec": {"clusterIP": "10.0.0.1"}}), vec![]),
            ("ConfigMap", none, json!({}), vec![]),
        ] {
            assert_eq!(changed(kind, &desired, &live), expected, "{desired} {live}");
        }
    }
}
