//! Prints a Flow: as YAML, as a graph, as a table.

pub(crate) mod dollars;
mod graph;
mod table;

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use graph::{dot, graph, mermaid};
pub use table::table;

use crate::bundle::{BundleFile, Document, Origins, YamlError};
use crate::flow::Flow;
use crate::keys::{ExecutorSettings, FlowKey, Setting};
use crate::span::Spanned;
use crate::topology::Topology;
use crate::values::Needs;
use crate::visible::is_visible;

/// A Flow as a document, with every expression replaced and inherited values written at each entry.
/// Reading it gives the same Flow, within the [`Limits`](crate::Limits) of reading.
pub fn document(flow: &Flow) -> Value {
    let executors = flow.executors.iter().map(|executor| {
        let mut map = executor.settings.to_map();
        map.insert("name".to_owned(), executor.name.value.clone().into());
        Value::Object(map)
    });
    let mut executors: Vec<Value> = executors.collect();
    let mut document = Map::new();
    if let Some(gateway) = &flow.gateway {
        document.insert("jtype".to_owned(), "Flow".into());
        let (mut settings, gateway) = (flow.settings.to_map(), gateway.settings.to_map());
        // Jina ignores them in the document, and warns of them in `with`.
        let blocks = [FlowKey::Jcloud, FlowKey::Kubernetes, FlowKey::Compose]
            .map(|key| settings.shift_remove_entry(key.info().name));
        for (key, map) in [("with", settings), ("gateway", gateway)] {
            if !map.is_empty() {
                document.insert(key.to_owned(), Value::Object(map));
            }
        }
        document.extend(blocks.into_iter().flatten());
        document.insert("executors".to_owned(), Value::Array(executors));
    } else {
        document.insert("jtype".to_owned(), "Deployment".into());
        document.extend(executors.pop().map(|executor| ("with".to_owned(), executor)));
    }
    flow.extra.write_to(&mut document);
    dollars::keep(&mut document);
    Value::Object(document)
}

/// [`document()`] as YAML.
///
/// # Errors
///
/// When the YAML writer fails; no known Flow makes it fail.
pub fn yaml(flow: &Flow) -> Result<String, YamlError> {
    let document = Document::new(document(flow), Origins::new());
    BundleFile::yaml("flow.yml", vec![document]).to_text()
}

/// Lets every text of a document be read as it is: dollars that would begin an expression become
/// references to a key of the document that holds one.
pub fn keep_dollars(document: &mut Map<String, Value>) {
    dollars::keep(document);
}

/// JSON over several lines. Characters that a terminal would obey are escaped, so it is safe to
/// print.
pub fn json(value: &Value) -> String {
    let text = format!("{value:#}\n");
    if text.chars().all(|c| is_visible(c) || c == '\n') {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_visible(c) || c == '\n' {
            escaped.push(c);
        } else {
            // Characters outside ASCII only occur in strings, where JSON escapes them as UTF-16.
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a `String` does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// The same Flow with every need written out, so that it does not depend on `method` or on the
/// order of Executors.
pub fn spelled_out(flow: &Flow, topology: &Topology) -> Flow {
    let mut flow = flow.clone();
    if flow.gateway.is_none() {
        return flow;
    }
    for (executor, node) in flow.executors.iter_mut().zip(topology.nodes()) {
        let names = node.needs.iter().map(|need| need.name.value.as_str());
        let mut settings = ExecutorSettings::clone(&executor.settings);
        settings.needs = Spanned::unwritten(names.collect::<Needs>()).into();
        settings.method = Setting::default();
        executor.settings = Arc::new(settings);
    }
    flow
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn dollars_of_a_document_stand_for_themselves() {
        let text = json!({"jtype": "Flow", "x-a": ["${{ ENV.HOME }} costs $5"], "x-b": "$5"});
        let mut document = text.as_object().unwrap().clone();
        super::keep_dollars(&mut document);
        let kept = "${{ root.x-dollar }}{{ ENV.HOME }} costs ${{ root.x-dollar }}5";
        let expected = json!({"jtype": "Flow", "x-a": [kept], "x-b": "$5", "x-dollar": "$"});
        assert_eq!(Value::Object(document), expected);
    }

    #[test]
    fn json_holds_nothing_that_a_terminal_obeys() {
        let value = json!({"a\u{9b}": "\u{1b}[2J\u{7f}\u{202e}\u{e0041}é\n"});
        let text = super::json(&value);
        let expected = r#""a\u009b": "\u001b[2J\u007f\u202e\udb40\udc41é\n""#;
        assert!(text.contains(expected), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
