//! The objects that a Bundle asks for.

use std::collections::BTreeSet;

use flow_model::deploy::{ObjectName, Redactor};
use flow_model::{Bundle, Document, Origins, Span, pointer_token};
use serde_json::{Map, Value, json};

use super::inventory::{self, PART_OF_SET};
use super::resource::{Resource, Resources, split};

/// The manager of the fields that are applied.
pub(super) const MANAGER: &str = "flowship";

/// The annotation with the pointers of values that came from variables: a later diff does not show
/// them, even if the Flow sets other values then.
pub(super) const HIDDEN: &str = "flowship.io/hidden-fields";

/// One object of a Bundle.
#[derive(Debug, Clone)]
pub(super) struct Desired {
    pub(super) name: ObjectName,
    pub(super) resource: Resource,
    /// The object as it is sent.
    pub(super) value: Value,
    pub(super) origins: Origins,
}

impl Desired {
    /// The path of the object.
    pub(super) fn path(&self) -> String {
        self.resource.path(self.name.namespace.as_deref(), &self.name.name)
    }

    /// The place of the whole object in the Flow.
    pub(super) fn span(&self) -> Option<Span> {
        self.origins.find("")
    }

    /// The order in which kinds are applied; objects of one step do not depend on each other.
    pub(super) fn step(&self) -> usize {
        match self.name.kind.as_str() {
            "Namespace" => 0,
            "CustomResourceDefinition" => 1,
            "Deployment" | "StatefulSet" | "Job" | "Pod" => 3,
            _ => 2,
        }
    }

    /// True if the object runs Pods that are waited for.
    pub(super) fn is_workload(&self) -> bool {
        self.name.group == "apps" && matches!(self.name.kind.as_str(), "Deployment" | "StatefulSet")
    }
}

/// The number of steps of [`Desired::step`].
pub(super) const STEPS: usize = 4;

/// A document whose kind the cluster does not define.
pub(super) struct Undefined {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) span: Option<Span>,
}

/// The API versions of a Bundle.
pub(super) fn api_versions(bundle: &Bundle) -> impl Iterator<Item = String> {
    let ids = bundle.documents().filter_map(|(_, document)| document.id.as_ref());
    ids.map(|id| id.api_version.clone().into_owned())
}

/// The objects of a Bundle, sorted by step and name, with the label of the inventory.
pub(super) fn objects(
    bundle: &Bundle,
    resources: &Resources,
    redactor: &Redactor,
) -> (Vec<Desired>, Vec<Undefined>) {
    let set = inventory::id_of(&bundle.facts.flow);
    let (mut objects, mut undefined) = (Vec::new(), Vec::new());
    for (_, document) in bundle.documents() {
        let Some(id) = &document.id else { continue };
        match resources.find(&id.api_version, &id.kind) {
            Some(resource) => objects.push(desired(document, resource, &set, redactor)),
            None => undefined.push(Undefined {
                api_version: id.api_version.clone().into_owned(),
                kind: id.kind.clone().into_owned(),
                span: document.origins.find(""),
            }),
        }
    }
    objects.sort_by(|a, b| (a.step(), &a.name).cmp(&(b.step(), &b.name)));
    (objects, undefined)
}

/// The pointers of values that came from variables, or contain one: an argument may be a whole mapping
/// of the Flow, of which only a part came from a variable.
pub(super) fn hidden(document: &Document, redactor: &Redactor) -> BTreeSet<String> {
    let value = document.value();
    let mut hidden: BTreeSet<_> = document
        .origins
        .iter()
        .filter(|(pointer, span)| span.substituted && value.pointer(pointer).is_some())
        .map(|(pointer, _)| pointer.to_owned())
        .collect();
    hide_texts(&value, "", redactor, &mut hidden);
    hidden
}

fn hide_texts(value: &Value, at: &str, redactor: &Redactor, hidden: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if redactor.apply(text) != *text => {
            hidden.insert(at.to_owned());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                hide_texts(item, &format!("{at}/{index}"), redactor, hidden);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                hide_texts(value, &format!("{at}/{}", pointer_token(key)), redactor, hidden);
            }
        }
        _ => {}
    }
}

fn desired(document: &Document, resource: &Resource, set: &str, redactor: &Redactor) -> Desired {
    let mut value = document.value();
    let hidden = hidden(document, redactor);
    if !resource.is_namespaced
        && let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata.shift_remove("namespace");
    }
    // A namespace outlives its Flow.
    if resource.kind != "Namespace" {
        set_in(&mut value, "labels", PART_OF_SET, set);
    }
    if !hidden.is_empty() {
        set_in(&mut value, "annotations", HIDDEN, &json!(hidden).to_string());
    }
    let name = ObjectName {
        namespace: value["metadata"]["namespace"].as_str().map(str::to_owned),
        ..resource.name_of(&value)
    };
    let (group, _) = split(document.id.as_ref().map_or("", |id| &id.api_version));
    debug_assert_eq!(group, name.group);
    Desired { name, resource: resource.clone(), value, origins: document.origins.clone() }
}

/// Sets a label or an annotation.
pub(super) fn set_in(object: &mut Value, map: &str, key: &str, text: &str) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let map = metadata.entry(map).or_insert_with(|| Value::Object(Map::new()));
    if let Some(map) = map.as_object_mut() {
        map.insert(key.to_owned(), text.into());
    }
}

#[cfg(test)]
mod tests {
    use flow_model::deploy::{ObjectName, Redactor};
    use flow_model::{Document, Origins, Sources, Span};
    use serde_json::json;

    use super::{Desired, Resource, STEPS, hidden};

    /// Each step needs those before it.
    #[test]
    fn namespaces_and_definitions_come_first_and_pods_last() {
        for (step, kind) in [
            (0, "Namespace"),
            (1, "CustomResourceDefinition"),
            (2, "ConfigMap"),
            (2, "Service"),
            (3, "Deployment"),
            (3, "StatefulSet"),
            (3, "Job"),
            (3, "Pod"),
        ] {
            let desired = Desired {
                name: ObjectName {
                    namespace: None,
                    group: String::new(),
                    kind: kind.to_owned(),
                    name: "a".to_owned(),
                },
                resource: Resource::builtin("", kind, "things"),
                value: json!({}),
                origins: Origins::new(),
            };
            assert_eq!(desired.step(), step, "{kind}");
            assert!(step < STEPS);
        }
    }

    #[test]
    fn values_of_variables_are_found_inside_of_texts() {
        let object = json!({"spec": {
            "args": ["--uses-with", "{\"key\": \"s3cr3t-value\", \"a/b\": 1}", "--name"],
            "a/b": {"c": "xs3cr3t-valuey", "d": "plain"},
            "image": "short",
        }});
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", "x");
        let mut origins = Origins::new();
        let substituted = Span { substituted: true, ..Span::new(file, 0, 1) };
        origins.insert("/spec/image".to_owned(), substituted);
        origins.insert("/spec/args/0".to_owned(), Span::new(file, 0, 1));
        let document = Document::new(object, origins);
        let redactor = Redactor::new([("TOKEN", "s3cr3t-value")]);
        let found: Vec<_> = hidden(&document, &redactor).into_iter().collect();
        assert_eq!(found, ["/spec/args/1", "/spec/a~1b/c", "/spec/image"]);
    }
}
