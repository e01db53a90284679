//! `cargo xtask kinds`: the fields of kinds that clusters define, for `objects` of blocks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::command::workspace;
use crate::e2e::crds;

/// Where the table is; `backend-k8s` reads it when a block has such an object.
const TABLE: &str = "backend-k8s/src/block/kinds.json";

/// Writes the table from the definitions of Gateway API, Istio, KEDA and Prometheus' operator.
#[expect(clippy::print_stdout, reason = "the size is a result")]
pub(crate) fn run() -> anyhow::Result<()> {
    let mut types = Types::default();
    let mut kinds: BTreeMap<String, BTreeMap<String, BTreeMap<String, usize>>> = BTreeMap::new();
    let mut of_cluster = BTreeSet::new();
    for object in crds::published()? {
        let spec = &object.0["spec"];
        let (group, kind) = (text(&spec["group"])?, text(&spec["names"]["kind"])?);
        if spec["scope"] == "Cluster" {
            of_cluster.insert(format!("{group}/{kind}"));
            continue;
        }
        let versions = spec["versions"].as_array().context("a kind without versions")?;
        for version in versions.iter().filter(|version| version["served"] == true) {
            let root = types.add(&root(&version["schema"]["openAPIV3Schema"]));
            let of_kind = kinds.entry(group.clone()).or_default().entry(kind.clone()).or_default();
            of_kind.insert(text(&version["name"])?, root);
        }
    }
    let table = json!({"types": types.list, "kinds": kinds, "cluster": of_cluster});
    let table = format!("{table}\n");
    println!("{} types, {} bytes", types.list.len(), table.len());
    Ok(fs::write(workspace().join(TABLE), table)?)
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("a definition without its names")?.to_owned())
}

/// The schema of an object without what every object has, and without what only controllers write.
fn root(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for field in ["apiVersion", "kind", "metadata", "status"] {
            properties.remove(field);
        }
    }
    schema
}

/// Each type once.
#[derive(Default)]
struct Types {
    list: Vec<Value>,
    places: HashMap<String, usize>,
}

impl Types {
    /// Adds a schema and what it consists of. Returns its place.
    fn add(&mut self, schema: &Value) -> usize {
        let mut own = Map::new();
        let kind = match schema["type"].as_str() {
            _ if schema["x-kubernetes-int-or-string"] == true => "int-or-string",
            Some(kind) => kind,
            None => "any",
        };
        own.insert("type".to_owned(), kind.into());
        if let Some(properties) = schema["properties"].as_object() {
            let fields: Map<_, _> = properties
                .iter()
                .map(|(name, schema)| (name.clone(), self.add(schema).into()))
                .collect();
            own.insert("fields".to_owned(), Value::Object(fields));
        }
        for (from, to) in [("items", "items"), ("additionalProperties", "values")] {
            if schema[from].is_object() {
                own.insert(to.to_owned(), self.add(&schema[from]).into());
            }
        }
        if schema["x-kubernetes-preserve-unknown-fields"] == true {
            own.insert("open".to_owned(), true.into());
        }
        // What has a default is not missing.
        let has_default = |name: &str| !schema["properties"][name]["default"].is_null();
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<_> = required
            .filter(|name| name.as_str().is_some_and(|name| !has_default(name)))
            .cloned()
            .collect();
        if !required.is_empty() {
            own.insert("required".to_owned(), required.into());
        }
        for (from, to) in [
            ("enum", "words"),
            ("minimum", "least"),
            ("maximum", "most"),
            ("minItems", "minItems"),
            ("maxItems", "maxItems"),
        ] {
            if !schema[from].is_null() {
                own.insert(to.to_owned(), schema[from].clone());
            }
        }
        let own = Value::Object(own);
        let text = own.to_string();
        if let Some(place) = self.places.get(&text) {
            return *place;
        }
        self.list.push(own);
        self.places.insert(text, self.list.len() - 1);
        self.list.len() - 1
    }
}
