//! Plans that are saved, reviewed, and applied later.
//!
//! Compiling is pure, so a plan is the objects themselves, and the changes that were shown: each with
//! the hash of the value that the cluster had.

use std::collections::BTreeMap;

use flow_model::deploy::{Change, ChangeKind, ObjectName, Outcome, Redactor};
use flow_model::{
    Bundle, BundleFile, Diagnostic, Document, FlowId, ObjectId, Origins, Sources, Span,
};
use serde_json::{Value, json};

use crate::cluster_rules::PLAN_OUTDATED;

/// The version of the file.
const VERSION: u64 = 1;

/// The changes that were reviewed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// By object and kind of the change: the fields, each with the hash of its earlier value.
    changes: BTreeMap<(String, String), BTreeMap<String, String>>,
}

/// A plan as it was saved.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SavedPlan {
    /// The objects.
    pub bundle: Bundle,
    /// The changes that were reviewed.
    pub expected: Expected,
    /// The mesh, whose requirements are checked again.
    pub mesh: String,
    /// The texts that findings refer to: only the plan.
    pub sources: Sources,
}

/// A file that is not a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPlan(&'static str);

impl std::fmt::Display for BadPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this is not a plan of `flowship diff`: {}", self.0)
    }
}

impl std::error::Error for BadPlan {}

fn key(object: &ObjectName) -> String {
    let namespace = object.namespace.as_deref().unwrap_or_default();
    format!("{}/{}/{namespace}/{}", object.group, object.kind, object.name)
}

impl Expected {
    fn of(changes: &[Change]) -> Self {
        let fields = |change: &Change| {
            let fields = change.fields.iter();
            fields.map(|field| (field.pointer.clone(), field.fingerprint.clone())).collect()
        };
        let changes = changes
            .iter()
            .map(|change| ((key(&change.object), change.kind.to_string()), fields(change)));
        Self { changes: changes.collect() }
    }

    /// Findings about changes that were not reviewed.
    pub(super) fn check(&self, changes: &[Change]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for change in changes {
            let object = &change.object;
            let outdated = |message: String| {
                Diagnostic::new(&PLAN_OUTDATED, message)
                    .help("run `flowship diff FLOW -o PLAN` again, and review it")
            };
            let known = self.changes.get(&(key(object), change.kind.to_string()));
            let Some(known) = known else {
                let message = format!("the plan does not {} {object}", change.kind);
                found.push(outdated(message));
                continue;
            };
            if change.kind != ChangeKind::Update {
                continue;
            }
            for field in &change.fields {
                if known.get(&field.pointer) != Some(&field.fingerprint) {
                    let message =
                        format!("{} of {object} changed since the plan was saved", field.pointer);
                    found.push(outdated(message));
                }
            }
        }
        found
    }
}

/// The text of a plan: the objects of a Bundle, and the changes of a diff. It contains the values of
/// variables; `values` are these, each with the name of its variable, so that no later diff shows them.
pub fn plan_text(
    bundle: &Bundle,
    mesh: &str,
    outcome: &Outcome,
    values: &[(String, String)],
) -> String {
    let redactor =
        Redactor::new(values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let objects: Vec<_> = bundle
        .documents()
        .filter_map(|(_, document)| {
            let id = document.id.as_ref()?;
            let hidden = super::desired::hidden(document, &redactor);
            Some(json!({
                "apiVersion": id.api_version,
                "kind": id.kind,
                "name": id.name,
                "hidden": hidden,
                "object": document.value(),
            }))
        })
        .collect();
    let expected = Expected::of(&outcome.changes);
    let changes: Vec<_> = expected
        .changes
        .iter()
        .map(|((object, kind), fields)| json!({"object": object, "kind": kind, "fields": fields}))
        .collect();
    let plan = json!({
        "flowship-plan": VERSION,
        "flow": {"namespace": bundle.facts.flow.namespace, "name": bundle.facts.flow.name},
        "mesh": mesh,
        "objects": objects,
        "changes": changes,
    });
    flow_model::print::json(&plan)
}

/// Reads a plan.
///
/// # Errors
///
/// If the text is not a plan of this version.
pub fn read_plan(name: &str, text: &str) -> Result<SavedPlan, BadPlan> {
    let plan: Value = serde_json::from_str(text).map_err(|_| BadPlan("it is not JSON"))?;
    if plan["flowship-plan"] != VERSION {
        return Err(BadPlan("it has another version"));
    }
    let mut sources = Sources::new();
    let file = sources.add(name, "");
    sources.hide(file);
    let missing = BadPlan("a field is missing");
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let mut documents = Vec::new();
    for object in plan["objects"].as_array().ok_or(missing.clone())? {
        let mut origins = Origins::new();
        for pointer in object["hidden"].as_array().into_iter().flatten().filter_map(word) {
            let span = Span { substituted: true, ..Span::new(file, 0, 0) };
            origins.insert(pointer, span);
        }
        let id = ObjectId {
            api_version: word(&object["apiVersion"]).ok_or(missing.clone())?.into(),
            kind: word(&object["kind"]).ok_or(missing.clone())?.into(),
            name: word(&object["name"]).ok_or(missing.clone())?,
        };
        documents.push(Document::new(object["object"].clone(), origins).of(id));
    }
    let mut changes = BTreeMap::new();
    for change in plan["changes"].as_array().ok_or(missing.clone())? {
        let key = word(&change["object"]).zip(word(&change["kind"])).ok_or(missing.clone())?;
        let fields = change["fields"].as_object().into_iter().flatten();
        let fields =
            fields.map(|(pointer, hash)| (pointer.clone(), word(hash).unwrap_or_default()));
        changes.insert(key, fields.collect());
    }
    let mut bundle = Bundle::default();
    bundle.facts.flow = FlowId {
        namespace: word(&plan["flow"]["namespace"]),
        name: word(&plan["flow"]["name"]).ok_or(missing)?,
    };
    bundle.files.push(BundleFile::yaml("plan.yml", documents));
    let mesh = word(&plan["mesh"]).unwrap_or_default();
    Ok(SavedPlan { bundle, expected: Expected { changes }, mesh, sources })
}

#[cfg(test)]
mod tests {
    use flow_model::deploy::{Change, ChangeKind, FieldChange, ObjectName, Outcome, Shown};
    use flow_model::{Bundle, BundleFile, Document, FlowId, ObjectId, Origins, Sources, Span};
    use serde_json::json;

    use super::{plan_text, read_plan};

    fn name(name: &str) -> ObjectName {
        ObjectName {
            namespace: Some("shop".to_owned()),
            group: "apps".to_owned(),
            kind: "Deployment".to_owned(),
            name: name.to_owned(),
        }
    }

    fn update(object: &str, pointer: &str, fingerprint: &str) -> Change {
        let mut change = Change::new(name(object), ChangeKind::Update);
        change.fields.push(FieldChange {
            pointer: pointer.to_owned(),
            before: Some(Shown::Value(json!(1))),
            after: Some(Shown::Value(json!(2))),
            fingerprint: fingerprint.to_owned(),
            span: None,
        });
        change
    }

    fn bundle() -> Bundle {
        let mut sources = Sources::new();
        let file = sources.add("shop.yml", "x");
        let mut origins = Origins::new();
        origins.insert("/spec/replicas".to_owned(), Span::new(file, 0, 1));
        let hidden = Span { substituted: true, ..Span::new(file, 0, 1) };
        origins.insert("/spec/paused".to_owned(), hidden);
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 2, "paused": true}});
        let id = ObjectId {
            api_version: "apps/v1".into(),
            kind: "Deployment".into(),
            name: "a".to_owned(),
        };
        let mut bundle = Bundle::default();
        bundle.facts.flow = FlowId { namespace: Some("shop".to_owned()), name: "shop".to_owned() };
        bundle.files.push(BundleFile::yaml("a.yml", vec![Document::new(object, origins).of(id)]));
        bundle
    }

    #[test]
    fn a_plan_is_read_as_it_was_saved() {
        let mut outcome = Outcome::default();
        outcome.changes = vec![update("a", "/spec/replicas", "1234")];
        let text = plan_text(&bundle(), "istio", &outcome, &[]);
        let plan = read_plan("plan.json", &text).expect("a plan");
        assert_eq!(plan.bundle.facts.flow, bundle().facts.flow);
        assert_eq!(plan.mesh, "istio");
        let documents: Vec<_> = plan.bundle.documents().collect();
        assert_eq!(documents.len(), 1);
        let (_, document) = documents[0];
        assert_eq!(document.value()["spec"]["replicas"], 2);
        // What came from a variable is still hidden.
        let is_hidden =
            |pointer: &str| document.origins.find(pointer).is_some_and(|span| span.substituted);
        assert!(is_hidden("/spec/paused"));
        assert!(!is_hidden("/spec/replicas"));
    }

    #[test]
    fn only_what_was_reviewed_is_applied() {
        let mut outcome = Outcome::default();
        outcome.changes =
            vec![update("a", "/spec/replicas", "1234"), Change::new(name("b"), ChangeKind::Delete)];
        let text = plan_text(&bundle(), "none", &outcome, &[]);
        let expected = read_plan("plan.json", &text).expect("a plan").expected;
        for (changes, found) in [
            (vec![], None),
            // A field may have got its value by itself, and a deletion may have been done.
            (vec![update("a", "/spec/replicas", "1234")], None),
            (vec![Change::new(name("b"), ChangeKind::Delete)], None),
            (vec![update("a", "/spec/replicas", "5678")], Some("/spec/replicas of Deployment/a")),
            (vec![update("a", "/spec/paused", "1234")], Some("/spec/paused of Deployment/a")),
            (vec![update("c", "/spec/replicas", "1234")], Some("does not update Deployment/c")),
            (
                vec![Change::new(name("a"), ChangeKind::Delete)],
                Some("does not delete Deployment/a"),
            ),
            (
                vec![Change::new(name("b"), ChangeKind::Recreate)],
                Some("does not recreate Deployment/b"),
            ),
        ] {
            let findings = expected.check(&changes);
            let messages: Vec<_> = findings.iter().map(|one| one.message.as_str()).collect();
            match found {
                None => assert!(messages.is_empty(), "{changes:?}: {messages:?}"),
                Some(words) => {
                    assert!(messages.iter().any(|one| one.contains(words)), "{messages:?}");
                }
            }
        }
    }

    #[test]
    fn other_files_are_refused_without_quoting_them() {
        for text in [
            "",
            "executors: [s3cr3t]",
            "{}",
            r#"{"flowship-plan": 2}"#,
            r#"{"flowship-plan": 1}"#,
            r#"{"flowship-plan": 1, "objects": [{"kind": "s3cr3t"}], "changes": []}"#,
            r#"{"flowship-plan": 1, "objects": [], "changes": [{"object": 1}]}"#,
            r#"{"flowship-plan": 1, "objects": [], "changes": []}"#,
        ] {
            let error = read_plan("plan.json", text).expect_err(text);
            assert!(!error.to_string().contains("s3cr3t"));
        }
    }
}
