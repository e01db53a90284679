//! The JSON Schemas that the program prints say what `check` says about the structure of files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use flow_model::source::{Node, NodeValue, ScalarValue, parse};
use flow_model::{Budget, Limits, Sources};
use flowship_tests::{corpus_of_this_machine, fixtures, flowship, workspace};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// What `check` finds in the structure of a file, as opposed to what its values mean.
const STRUCTURE: &[&str] =
    &["unknown-key", "misspelled-key", "misplaced-key", "legacy-key", "wrong-type"];

/// What it finds in single values, which a schema may find too.
const VALUES: &[&str] = &["wrong-value", "bad-document", "empty-deployment"];

fn printed(of: &str) -> Value {
    let output = Command::new(flowship()).args(["schema", of]).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

struct Schemas {
    flow: Validator,
    deployment: Validator,
}

impl Schemas {
    fn new() -> Self {
        let validator = |of| jsonschema::draft202012::new(&printed(of)).unwrap();
        Self { flow: validator("flow"), deployment: validator("deployment") }
    }

    /// What a schema says against a document; `None` for one that is neither a Flow nor a Deployment.
    fn errors(&self, document: &Value) -> Option<Vec<String>> {
        let validator = match document["jtype"].as_str()? {
            "Flow" | "AsyncFlow" => &self.flow,
            "Deployment" => &self.deployment,
            _ => return None,
        };
        let errors = validator.iter_errors(document);
        Some(errors.map(|error| format!("{}: {error}", error.instance_path())).collect())
    }
}

/// The only document of a text as JSON; a tag as the `jtype` that it stands for.
fn document(text: &str) -> Option<Value> {
    let file = Sources::new().add("", "");
    let (documents, found) = parse(file, text, &mut Budget::new(&Limits::default()));
    let [root] = documents.as_slice() else { return None };
    (!found.has_errors()).then(|| value(root))
}

fn value(node: &Node) -> Value {
    match &node.value {
        NodeValue::Sequence(items) => items.iter().map(|item| value(item)).collect(),
        NodeValue::Mapping(mapping) => {
            let entries = mapping.iter();
            let entries = entries.map(|entry| (entry.key.value.clone(), value(&entry.value)));
            let mut map: Map<String, Value> = entries.collect();
            if let Some(tag) = &node.tag {
                map.entry("jtype").or_insert_with(|| tag.value.clone().into());
            }
            Value::Object(map)
        }
        NodeValue::Scalar(scalar) => match scalar.resolve() {
            ScalarValue::Null => Value::Null,
            ScalarValue::Bool(value) => value.into(),
            ScalarValue::Int(value) => json!(value),
            ScalarValue::Float(value) => json!(value),
            ScalarValue::String(text) => text.into(),
        },
    }
}

#[test]
fn what_check_accepts_a_schema_accepts() {
    let schemas = Schemas::new();
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    let all =
        [fixtures("accepted"), fixtures("refused"), fixtures("policies"), corpus_of_this_machine()];
    for fixture in all.concat() {
        let Some(document) = document(&fixture.text) else { continue };
        let Some(errors) = schemas.errors(&document) else { continue };
        let (compiled, _) = fixture.render("linkerd");
        let structure: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter(|finding| [STRUCTURE, VALUES].concat().contains(&finding.rule.code))
            // The files that it refers to have documents of their own.
            .filter(|finding| {
                let source = finding.span().and_then(|span| compiled.sources.get(span.file));
                source.is_some_and(|source| source.text == fixture.text)
            })
            .collect();
        if structure.is_empty() && compiled.flow.span.is_some() {
            wrong.extend(errors.iter().map(|error| format!("{}: {error}", fixture.path.display())));
            accepted += 1;
        } else {
            refused += usize::from(!errors.is_empty());
        }
    }
    assert_eq!(wrong, [""; 0]);
    println!("{accepted} accepted by both, {refused} refused by both");
    assert!(accepted > 100 && refused > 5, "{accepted} {refused}");
}

/// Breaks an entry of a Flow.
type Mistake = fn(&mut Map<String, Value>);

/// Each accepted Flow, with one mistake in it.
#[test]
fn what_is_broken_is_refused_by_both() {
    let schemas = Schemas::new();
    let mistakes: [(&str, Mistake); 6] = [
        ("a misspelled key", |entry| drop(entry.insert("replcas".into(), json!(2)))),
        ("an unknown key", |entry| drop(entry.insert("frobnicate".into(), json!(2)))),
        ("text for a number", |entry| drop(entry.insert("replicas".into(), json!("many")))),
        ("a list for a number", |entry| drop(entry.insert("replicas".into(), json!([1])))),
        ("a number for a switch", |entry| drop(entry.insert("quiet".into(), json!(3)))),
        ("a mapping for text", |entry| drop(entry.insert("workspace".into(), json!({"a": 1})))),
    ];
    let mut count = 0;
    for fixture in fixtures("accepted") {
        let Some(document) = document(&fixture.text) else { continue };
        if schemas.errors(&document) != Some(Vec::new()) {
            continue;
        }
        for (what, break_it) in &mistakes {
            let mut broken = document.clone();
            let entry = match broken["jtype"].as_str() {
                Some("Deployment") => broken.get_mut("with"),
                _ => broken.get_mut("executors").and_then(|list| list.get_mut(0)),
            };
            let Some(entry) = entry.and_then(Value::as_object_mut) else { continue };
            if entry.contains_key("jtype") {
                continue;
            }
            break_it(entry);
            let errors = schemas.errors(&broken).unwrap();
            assert_ne!(errors, [""; 0], "{}: {what}", fixture.name);
            // JSON is YAML.
            let text = format!("{broken}\n{}", comments(&fixture.text));
            let fixture = flowship_tests::Fixture { text, ..fixture.clone() };
            let (compiled, _) = fixture.render("linkerd");
            let mut codes = compiled.diagnostics.iter().map(|finding| finding.rule.code);
            assert!(codes.any(|code| STRUCTURE.contains(&code)), "{}: {what}", fixture.name);
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

/// Values of keys that take only some words, in the ways in which they may be written.
#[test]
fn words_are_those_of_check() {
    let schemas = Schemas::new();
    for (key, value, is_good) in [
        ("polling", "ANY", true),
        ("polling", "all", true),
        ("polling", "sometimes", false),
        ("compression", "Gzip", true),
        ("compression", "gzip", true),
        ("compression", "zip", false),
        ("method", "needs", true),
        ("method", "need", false),
        ("gpus", "all", true),
        ("protocol", "grpc", true),
        ("protocol", "smtp", false),
        ("compression", "${{ ENV.X }}", true),
    ] {
        let entry = json!({"name": "a", "uses": "docker://a/b:1", key: value});
        let flow = json!({"jtype": "Flow", "executors": [entry]});
        let errors = schemas.errors(&flow).unwrap();
        assert_eq!(errors.is_empty(), is_good, "{key}: {value}: {errors:?}");
        let mut options = flow_validate::Options::default();
        options.variables.environment.insert("X".to_owned(), "Gzip".to_owned());
        let text = flow.to_string();
        let planned = flow_validate::plan(("flow.yml", text.as_str()), &options);
        let mut codes = planned.diagnostics.iter().map(|finding| finding.rule.code);
        assert_eq!(!codes.any(|code| VALUES.contains(&code)), is_good, "{key}: {value}");
    }
}

/// The lines of a fixture that are for the program.
fn comments(text: &str) -> String {
    text.lines().filter(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

#[test]
fn schemas_are_valid_and_describe_every_key() {
    for of in ["flow", "deployment", "config"] {
        let schema = printed(of);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(jsonschema::meta::is_valid(&schema), "{of}");
    }
    let flow = printed("flow");
    for (scope, definition) in [
        (flow_model::keys::Scope::Executor, "Executor"),
        (flow_model::keys::Scope::Gateway, "Gateway"),
        (flow_model::keys::Scope::Flow, "With"),
    ] {
        for info in scope.accepted() {
            let key = &flow["$defs"][definition]["properties"][info.name];
            assert!(key["description"].is_string(), "{definition} {}", info.name);
        }
    }
    let config = printed("config");
    assert_eq!(config["properties"]["mesh"]["enum"][0], "linkerd");
    let validator = jsonschema::draft202012::new(&config).unwrap();
    for (text, expected) in [
        (json!({"mesh": "istio", "deny": ["warnings"], "profile": {"x": {"mesh": "none"}}}), true),
        (json!({"mesh": "consul"}), false),
        (json!({"mehs": "istio"}), false),
        (json!({"profile": {"x": {"profile": {}}}}), false),
    ] {
        assert_eq!(validator.is_valid(&text), expected, "{text}");
    }
    assert!(workspace().join("docs/editors.md").exists());
}

/// Editors show the names of schemas.
#[test]
fn schemas_have_names() {
    for (of, title, parts) in [
        ("flow", "Jina Flow", vec!["Executor", "Deployment", "With", "Gateway"]),
        ("deployment", "Jina Deployment", vec!["Executor"]),
        ("config", "flowship.toml", vec!["Settings"]),
    ] {
        let schema = printed(of);
        assert_eq!(schema["title"], title, "{of}");
        let names: Vec<&String> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(names, parts, "{of}");
    }
    let executor = &printed("flow")["$defs"]["Executor"]["properties"];
    assert_eq!(executor["name"]["examples"], json!(["encoder"]));
}
