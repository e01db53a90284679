//! Differences of an object, field by field.

use std::borrow::Cow;
use std::collections::BTreeSet;

use flow_model::deploy::{FieldChange, Redactor, Shown};
use flow_model::{Span, pointer_token};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::desired::{Desired, HIDDEN};
use super::inventory::PART_OF_SET;
use super::ownership::LAST_APPLIED;
use crate::hex::hex;

/// Fields that the server writes.
const SERVER: [&str; 7] = [
    "/metadata/creationTimestamp",
    "/metadata/generation",
    "/metadata/managedFields",
    "/metadata/resourceVersion",
    "/metadata/selfLink",
    "/metadata/uid",
    "/status",
];

/// Fields by which lists of objects are compared; the first one that all items have once.
const KEYS: [&str; 7] = ["mountPath", "devicePath", "name", "containerPort", "port", "type", "key"];

/// The fields in which the object of the server differs from the result of an apply.
pub(super) fn compare(
    live: &Value,
    result: &Value,
    desired: &Desired,
    redactor: &Redactor,
) -> Vec<FieldChange> {
    let hidden = live["metadata"]["annotations"][HIDDEN].as_str();
    let hidden = hidden.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let is_ours = live["metadata"]["labels"][PART_OF_SET].is_string();
    let mut comparison = Comparison { desired, hidden, is_ours, redactor, changes: Vec::new() };
    let own = Some((String::new(), &desired.value));
    let (live, result) = (without_notes(live), without_notes(result));
    comparison.values(&live, &result, &own, &Pointers::default());
    comparison.changes.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    comparison.changes
}

/// The place of a value before and after.
#[derive(Debug, Clone, Default)]
struct Pointers {
    before: String,
    after: String,
}

impl Pointers {
    fn key(&self, key: &str) -> Self {
        let token = pointer_token(key);
        Self {
            before: format!("{}/{token}", self.before),
            after: format!("{}/{token}", self.after),
        }
    }
}

struct Comparison<'a> {
    desired: &'a Desired,
    /// Pointers of the live object whose values came from variables.
    hidden: BTreeSet<String>,
    /// Whether the live object says which of its values are hidden.
    is_ours: bool,
    redactor: &'a Redactor,
    changes: Vec<FieldChange>,
}

/// A value of the object that we send, with its pointer.
type Own<'a> = Option<(String, &'a Value)>;

impl Comparison<'_> {
    fn values(&mut self, before: &Value, after: &Value, own: &Own<'_>, at: &Pointers) {
        if before == after || SERVER.contains(&at.after.as_str()) {
            return;
        }
        match (before, after) {
            (Value::Object(old), Value::Object(new)) => {
                let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
                for key in keys {
                    let at = at.key(key);
                    let own = inside(own, key);
                    match (old.get(key), new.get(key)) {
                        (Some(old), Some(new)) => self.values(old, new, &own, &at),
                        (old, new) => self.change(old, new, &own, &at),
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) => self.lists(old, new, own, at),
            _ => self.change(Some(before), Some(after), own, at),
        }
    }

    fn lists(&mut self, old: &[Value], new: &[Value], own: &Own<'_>, at: &Pointers) {
        let key = KEYS.into_iter().find(|key| has_key(old, key) && has_key(new, key));
        let find = |list: &[Value], item: &Value, index: usize| match key {
            Some(key) => list.iter().position(|other| other[key] == item[key]),
            None => (index < list.len()).then_some(index),
        };
        let own_list = own.as_ref().and_then(|(pointer, value)| {
            value.as_array().map(|list| (pointer.as_str(), list.as_slice()))
        });
        let own_item = |item: &Value, index: usize| {
            let (pointer, list) = own_list?;
            let index = find(list, item, index)?;
            Some((format!("{pointer}/{index}"), list.get(index)?))
        };
        for (index, item) in new.iter().enumerate() {
            let earlier = find(old, item, index);
            let at = Pointers {
                before: format!("{}/{}", at.before, earlier.unwrap_or(index)),
                after: format!("{}/{index}", at.after),
            };
            match earlier.and_then(|index| old.get(index)) {
                Some(old) => self.values(old, item, &own_item(item, index), &at),
                None => self.change(None, Some(item), &own_item(item, index), &at),
            }
        }
        for (index, item) in old.iter().enumerate() {
            if find(new, item, index).is_none() {
                let at = Pointers {
                    before: format!("{}/{index}", at.before),
                    after: format!("{}/{index}", at.before),
                };
                self.change(Some(item), None, &None, &at);
            }
        }
    }

    fn change(
        &mut self,
        before: Option<&Value>,
        after: Option<&Value>,
        own: &Own<'_>,
        at: &Pointers,
    ) {
        if SERVER.contains(&at.after.as_str()) {
            return;
        }
        let own = own.as_ref().map(|(pointer, _)| pointer.as_str());
        let span = own.and_then(|pointer| self.desired.origins.find(pointer));
        // A field that goes belongs to the object.
        let span = span.or_else(|| self.desired.origins.find(&at.after));
        let after_hidden =
            self.is_secret(&at.after) || own.is_some_and(|own| self.is_variable(own));
        let before_hidden = after_hidden || self.was_hidden(&at.before);
        let show = |value: &Value, is_hidden: bool| {
            if is_hidden { Shown::Hidden } else { Shown::Value(self.redacted(value)) }
        };
        self.changes.push(FieldChange {
            pointer: at.after.clone(),
            before: before.map(|value| show(value, before_hidden)),
            after: after.map(|value| show(value, after_hidden)),
            fingerprint: before.map_or(String::new(), fingerprint),
            span: span.map(|span| Span { substituted: false, ..span }),
        });
    }

    fn is_secret(&self, pointer: &str) -> bool {
        self.desired.name.kind == "Secret"
            && ["/data", "/stringData"].iter().any(|prefix| pointer.starts_with(prefix))
    }

    /// True if a value that is sent came from a variable, or contains such a value.
    fn is_variable(&self, own: &str) -> bool {
        let origins = &self.desired.origins;
        origins.find_all(own).iter().any(|span| span.substituted)
            || origins.iter().any(|(pointer, span)| span.substituted && is_within(pointer, own))
    }

    /// True if a value of the live object came from a variable, or may have come from one.
    fn was_hidden(&self, pointer: &str) -> bool {
        if !self.is_ours && may_hold_values(&self.desired.name.kind, pointer) {
            return true;
        }
        self.hidden.iter().any(|hidden| is_within(hidden, pointer) || is_within(pointer, hidden))
    }

    fn redacted(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.redactor.apply(text).into(),
            Value::Array(items) => items.iter().map(|item| self.redacted(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.redacted(value))).collect()
            }
            other => other.clone(),
        }
    }
}

/// The hash of a value. Maps of the server are sorted, so equal values have equal texts.
fn fingerprint(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string().as_bytes());
    hex(&hash[..16])
}

/// An object without our own notes, and without those of client-side apply.
fn without_notes(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut)
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
    {
        annotations.shift_remove(HIDDEN);
        annotations.shift_remove(LAST_APPLIED);
        if annotations.is_empty() {
            metadata.shift_remove("annotations");
        }
    }
    object
}

/// Fields in which a manifest that somebody else applied may contain the value of a variable.
fn may_hold_values(kind: &str, pointer: &str) -> bool {
    kind == "ConfigMap" && pointer.starts_with("/data")
        || ["/args", "/command", "/env", "/image", "/annotations"]
            .iter()
            .any(|part| pointer.contains(part))
}

/// True if a pointer is another one, or a part of it.
fn is_within(pointer: &str, whole: &str) -> bool {
    pointer.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn inside<'a>(own: &Own<'a>, key: &str) -> Own<'a> {
    let (pointer, value) = own.as_ref()?;
    let value = value.get(key)?;
    Some((format!("{pointer}/{}", pointer_token(key)), value))
}

/// True if all items have a value for a key, and no two the same.
fn has_key(list: &[Value], key: &str) -> bool {
    let keys: BTreeSet<Cow<'_, str>> = list
        .iter()
        .filter_map(|item| match item.get(key)? {
            Value::String(text) => Some(Cow::Borrowed(text.as_str())),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        })
        .collect();
    keys.len() == list.len()
}

/// A JSON pointer for a field as the API server names it: `spec.containers[0].env[name="A"].value`.
pub(super) fn pointer_of(field: &str, object: &Value) -> String {
    let mut pointer = String::new();
    let mut value = Some(object);
    let mut rest = field.trim_start_matches('.');
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let Some((key, after)) = inner.split_once(']') else { break };
            let list = value.and_then(Value::as_array);
            let index = match key.parse::<usize>() {
                Ok(index) => Some(index),
                Err(_) => list.and_then(|list| position(list, key)),
            };
            if let Some(index) = index.filter(|_| list.is_some()) {
                push(&mut pointer, &index.to_string());
                value = list.and_then(|list| list.get(index));
            } else {
                // `annotations[a.b/c]` is a key of a map.
                let key = key.trim_matches('"');
                push(&mut pointer, key);
                value = value.and_then(|value| value.get(key));
            }
            rest = after.trim_start_matches('.');
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let mut name = &rest[..end];
            // Keys of maps may contain dots: the longest one that exists wins.
            if let Some(map) = value.and_then(Value::as_object) {
                let longer = map.keys().filter(|key| rest.starts_with(key.as_str()));
                let longest = longer.map(String::len).max().unwrap_or_default();
                if longest > name.len() {
                    name = &rest[..longest];
                }
            }
            push(&mut pointer, name);
            value = value.and_then(|value| value.get(name));
            rest = rest[name.len()..].trim_start_matches('.');
        }
    }
    pointer
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&pointer_token(key));
}

/// The item of a list that has these values: `name="a"`, `containerPort=80,protocol="TCP"`.
fn position(list: &[Value], keys: &str) -> Option<usize> {
    let fits = |item: &Value| {
        keys.split(',').all(|pair| {
            let Some((key, wanted)) = pair.split_once('=') else { return false };
            let wanted = wanted.trim_matches('"');
            match &item[key] {
                Value::String(text) => text == wanted,
                Value::Number(number) => number.to_string() == wanted,
                // The server fills in defaults.
                Value::Null => key == "protocol" && wanted == "TCP",
                _ => false,
            }
        })
    };
    list.iter().position(fits)
}

/// True if `whole` has all values of `part`. Lists have to be of the same length.
pub(super) fn covers(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|whole| covers(value, whole)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len()
                && part.iter().zip(whole).all(|(part, whole)| covers(part, whole))
        }
        _ => part == whole,
    }
}

#[cfg(test)]
mod tests {
    use flow_model::deploy::{ObjectName, Redactor, Shown};
    use flow_model::{Origins, Sources, Span};
    use serde_json::{Value, json};

    use super::super::desired::Desired;
    use super::super::resource::Resource;
    use super::{
        HIDDEN, LAST_APPLIED, compare, covers, fingerprint, has_key, is_within, may_hold_values,
        pointer_of, without_notes,
    };

    fn desired(kind: &str, value: Value) -> Desired {
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", "abc");
        let mut origins = Origins::new();
        origins.insert("", Span::new(file, 0, 1));
        let secret = Span { substituted: true, ..Span::new(file, 1, 2) };
        origins.insert("/data/PW", secret);
        origins.insert("/spec/env/1/value", secret);
        let name = ObjectName {
            namespace: None,
            group: String::new(),
            kind: kind.to_owned(),
            name: "a".to_owned(),
        };
        Desired { name, resource: Resource::builtin("", kind, "things"), value, origins }
    }

    /// Changes as `POINTER BEFORE AFTER`.
    fn changes(kind: &str, live: &Value, result: &Value) -> Vec<String> {
        let redactor = Redactor::new([("TOKEN", "token-0123")]);
        let changes = compare(live, result, &desired(kind, result.clone()), &redactor);
        let shown = |value: Option<Shown>| value.map_or("-".to_owned(), |value| value.to_string());
        changes
            .into_iter()
            .map(|one| format!("{} {} {}", one.pointer, shown(one.before), shown(one.after)))
            .collect()
    }

    fn ours(mut object: Value) -> Value {
        object["metadata"]["labels"] = json!({"applyset.kubernetes.io/part-of": "x"});
        object
    }

    #[test]
    fn fields_are_compared_one_by_one() {
        let of_server =
            json!({"metadata": {"resourceVersion": "1", "managedFields": [1]}, "status": {"a": 1}});
        let env = |names: &[&str]| {
            let list: Value =
                names.iter().map(|name| json!({"name": name, "value": "v"})).collect();
            ours(json!({"spec": {"env": list}}))
        };
        let data = |key: &str, text: &str| ours(json!({"data": {key: text}}));
        let mut noted = data("A", "old");
        noted["metadata"]["annotations"] = json!({"flowship.io/hidden-fields": "[\"/data/A\"]"});
        for (kind, live, result, expected) in [
            ("Service", of_server, json!({"metadata": {"resourceVersion": "2"}}), vec![]),
            ("ConfigMap", data("A", "1"), data("A", "2"), vec![r#"/data/A "1" "2""#]),
            (
                "ConfigMap",
                data("A", "1"),
                data("A", "token-0123"),
                vec![r#"/data/A "1" "${TOKEN}""#],
            ),
            ("ConfigMap", data("PW", "1"), data("PW", "2"), vec!["/data/PW (hidden) (hidden)"]),
            ("Secret", data("A", "1"), data("A", "2"), vec!["/data/A (hidden) (hidden)"]),
            // What came from a variable is not shown, even if the Flow sets another value now.
            ("ConfigMap", noted, data("A", "new"), vec![r#"/data/A (hidden) "new""#]),
            // Somebody else applied it, so nobody knows what came from variables.
            (
                "ConfigMap",
                json!({"data": {"A": "1"}}),
                json!({"data": {"A": "2"}}),
                vec![r#"/data/A (hidden) "2""#],
            ),
            // Items are found by their names.
            (
                "Pod",
                env(&["X", "Y"]),
                env(&["Y"]),
                vec![r#"/spec/env/0 {"name":"X","value":"v"} -"#],
            ),
            (
                "Pod",
                env(&["X"]),
                env(&["W", "X"]),
                vec![r#"/spec/env/0 - {"name":"W","value":"v"}"#],
            ),
            ("Pod", env(&["X"]), env(&["X", "Z"]), vec!["/spec/env/1 - (hidden)"]),
        ] {
            assert_eq!(changes(kind, &live, &result), expected, "{live} {result}");
        }
    }

    /// Fingerprints are hashes of texts, so the order of the other annotations matters.
    #[test]
    fn our_notes_are_left_out_and_the_others_stay_in_order() {
        let annotations = |all: &[&str]| -> Value {
            let entries = all.iter().map(|name| ((*name).to_owned(), json!("x")));
            json!({"metadata": {"annotations": Value::Object(entries.collect()), "uid": "u"}})
        };
        let live = annotations(&["a", HIDDEN, "h", LAST_APPLIED, "m", "z"]);
        let others = annotations(&["a", "h", "m", "z"]);
        assert_eq!(without_notes(&live).to_string(), others.to_string());
        let alone = without_notes(&annotations(&[HIDDEN, LAST_APPLIED]));
        assert_eq!(alone, json!({"metadata": {"uid": "u"}}));
    }

    #[test]
    fn fields_of_the_server_become_pointers() {
        let object = json!({
            "metadata": {"annotations": {"a.b/c": "x"}},
            "data": {"x.y": "1"},
            "spec": {"containers": [
                {"name": "a"},
                {"name": "b", "env": [{"name": "E"}], "ports": [{"containerPort": 80}]},
            ]},
        });
        for (field, expected) in [
            ("spec.replicas", "/spec/replicas"),
            (
                ".spec.containers[name=\"b\"].env[name=\"E\"].value",
                "/spec/containers/1/env/0/value",
            ),
            ("spec.containers[1].image", "/spec/containers/1/image"),
            (
                ".spec.containers[name=\"b\"].ports[containerPort=80,protocol=\"TCP\"]",
                "/spec/containers/1/ports/0",
            ),
            ("metadata.annotations[a.b/c]", "/metadata/annotations/a.b~1c"),
            (".data.x.y", "/data/x.y"),
            // The server fills in the protocol.
            (
                ".spec.containers[name=\"b\"].ports[containerPort=80,protocol=\"UDP\"]",
                "/spec/containers/1/ports/containerPort=80,protocol=\"UDP",
            ),
            (".spec.containers[name=\"c\"]", "/spec/containers/name=\"c"),
            ("spec.containers[5", "/spec/containers"),
            ("spec.missing.deeper", "/spec/missing/deeper"),
            ("", ""),
        ] {
            assert_eq!(pointer_of(field, &object), expected, "{field}");
        }
    }

    #[test]
    fn lists_are_compared_by_keys_that_all_items_have_once() {
        for (list, key, expected) in [
            (json!([{"name": "a"}, {"name": "b"}]), "name", true),
            (json!([{"name": "a"}, {"name": "a"}]), "name", false),
            (json!([{"name": "a"}, {}]), "name", false),
            (json!([{"port": 1}, {"port": 2}]), "port", true),
            (json!([{"port": 1}, {"port": "1"}]), "port", false),
            (json!([{"name": true}]), "name", false),
            (json!([]), "name", true),
        ] {
            let items = list.as_array().map_or(&[][..], Vec::as_slice);
            assert_eq!(has_key(items, key), expected, "{list}");
        }
    }

    #[test]
    fn an_object_covers_what_it_has_and_more() {
        for (part, whole, expected) in [
            (json!({"a": 1}), json!({"a": 1, "b": 2}), true),
            (json!({"a": 1, "b": 2}), json!({"a": 1}), false),
            (json!({"a": {"b": 1}}), json!({"a": {"b": 2}}), false),
            (json!([{"a": 1}]), json!([{"a": 1, "b": 2}]), true),
            (json!([1]), json!([1, 2]), false),
            (json!([1, 2]), json!([1, 3]), false),
            (json!(1), json!(1), true),
            (json!(1), json!("1"), false),
        ] {
            assert_eq!(covers(&part, &whole), expected, "{part} {whole}");
        }
    }

    #[test]
    fn fingerprints_are_the_start_of_a_sha256() {
        // `printf 1 | sha256sum`
        assert_eq!(fingerprint(&json!(1)), "6b86b273ff34fce19d6b804eff5a3f57");
    }

    #[test]
    fn pointers_lie_within_others() {
        for (pointer, whole, expected) in [
            ("/a/b", "/a", true),
            ("/a", "/a", true),
            ("/ab", "/a", false),
            ("/a", "/a/b", false),
            ("/a", "", true),
        ] {
            assert_eq!(is_within(pointer, whole), expected, "{pointer} {whole}");
        }
        for (kind, pointer, expected) in [
            ("ConfigMap", "/data/A", true),
            ("ConfigMap", "/metadata/labels/a", false),
            ("Service", "/data/A", false),
            ("Deployment", "/spec/template/spec/containers/0/env/1/value", true),
            ("Deployment", "/metadata/annotations/a", true),
            ("Deployment", "/spec/replicas", false),
        ] {
            assert_eq!(may_hold_values(kind, pointer), expected, "{kind} {pointer}");
        }
    }
}
