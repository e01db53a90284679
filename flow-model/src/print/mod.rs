//! A Flow written down again: as YAML that says everything, as a graph, as a table.

mod graph;
mod table;

use serde_json::{Map, Value};

pub use graph::{dot, graph, mermaid};
pub use table::table;

use crate::bundle::{BundleFile, Document, Origins, YamlError};
use crate::flow::Flow;
use crate::topology::Topology;

/// A Flow as a document of its own: every expression replaced, what `with:` hands down written at
/// each entry, every need named. Reading it gives a Flow of the same settings.
pub fn document(flow: &Flow, topology: &Topology) -> Value {
    let mut document = Map::new();
    let executors = flow.executors.iter().zip(topology.nodes()).map(|(executor, node)| {
        let mut map = Map::new();
        map.insert("name".to_owned(), executor.name.value.clone().into());
        if flow.gateway.is_some() {
            let needs = node.needs.iter().map(|need| need.name.value.clone());
            map.insert("needs".to_owned(), needs.collect());
        }
        for (key, value) in executor.settings.to_map() {
            map.entry(key).or_insert(value);
        }
        // Every need is named, so nothing is left to say for `method`.
        map.shift_remove("method");
        map
    });
    let mut executors: Vec<Value> = executors.map(Value::Object).collect();
    let Some(gateway) = &flow.gateway else {
        document.insert("jtype".to_owned(), "Deployment".into());
        document.extend(executors.pop().map(|executor| ("with".to_owned(), executor)));
        return Value::Object(document);
    };
    document.insert("jtype".to_owned(), "Flow".into());
    for (key, map) in [("with", flow.settings.to_map()), ("gateway", gateway.settings.to_map())] {
        if !map.is_empty() {
            document.insert(key.to_owned(), Value::Object(map));
        }
    }
    document.insert("executors".to_owned(), Value::Array(executors));
    Value::Object(document)
}

/// [`document()`] as YAML.
///
/// # Errors
///
/// When the YAML writer fails; no value of a Flow is known to make it.
pub fn yaml(flow: &Flow, topology: &Topology) -> Result<String, YamlError> {
    let value = document(flow, topology);
    let document = Document { value, origins: Origins::new() };
    BundleFile { path: "flow.yml".to_owned(), documents: vec![document] }.to_yaml()
}
