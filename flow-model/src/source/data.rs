//! Trees of values that were never a text, such as those of a program.

use std::sync::Arc;

use serde_json::Value;

use super::budget::Budget;
use super::parse::parse;
use super::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::diagnostic::Diagnostics;
use crate::span::FileId;
use crate::yaml;

/// The YAML that stands for a value in findings.
pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    // Maps with keys of text and plain scalars can always be written.
    let _ = yaml::write(&mut text, value);
    text
}

/// The tree of a value whose [`text`] is the file. Spans come from the text, values from `value`:
/// text that looks like a number stays text.
pub(crate) fn tree(
    file: FileId,
    text: &str,
    value: &Value,
    budget: &mut Budget,
) -> (Vec<Arc<Node>>, Diagnostics) {
    let (documents, diagnostics) = parse(file, text, budget);
    let documents = documents.iter().map(|node| Arc::new(with_value(node, value)));
    (documents.collect(), diagnostics)
}

/// A node of the text with the value that it was written from.
fn with_value(node: &Node, value: &Value) -> Node {
    let plain = |text: String| NodeValue::Scalar(Scalar { text, style: ScalarStyle::Plain });
    let value = match (&node.value, value) {
        (_, Value::Null) => plain("null".to_owned()),
        (_, Value::Bool(on)) => plain(on.to_string()),
        (_, Value::String(text)) => {
            NodeValue::Scalar(Scalar { text: text.clone(), style: ScalarStyle::Quoted })
        }
        (NodeValue::Sequence(nodes), Value::Array(items)) => {
            let items = nodes.iter().zip(items);
            let items = items.map(|(node, item)| Arc::new(with_value(node, item)));
            NodeValue::Sequence(Arc::new(items.collect()))
        }
        (NodeValue::Mapping(nodes), Value::Object(map)) => {
            let mut mapping = Mapping::default();
            for (entry, (key, value)) in nodes.iter().zip(map) {
                let key = entry.key.clone().map(|_| key.clone());
                let value = Arc::new(with_value(&entry.value, value));
                mapping.insert(Entry { key, value, merged: None });
            }
            NodeValue::Mapping(Arc::new(mapping))
        }
        // Numbers are written as they are.
        (written, _) => written.clone(),
    };
    Node::new(node.span, value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{text, tree};
    use crate::Sources;
    use crate::source::{Budget, Limits};

    fn read(value: &Value) -> Value {
        let text = text(value);
        let file = Sources::new().add("", text.as_str());
        let (documents, found) = tree(file, &text, value, &mut Budget::new(&Limits::default()));
        assert!(found.is_empty(), "{found}\n{text}");
        assert_eq!(documents.len(), 1, "{text}");
        documents[0].to_json()
    }

    fn values() -> impl Strategy<Value = Value> {
        let texts = prop_oneof![
            "\\PC{0,12}",
            any::<String>(),
            prop::sample::select(vec![
                "",
                "~",
                "null",
                "yes",
                "on",
                "1",
                "1.0",
                "1e3",
                "0x1F",
                "1:30",
                "2020-01-01",
                "<<",
                "=",
                "&a",
                "*a",
                "!b",
                "# c",
                "- d",
                "a: b",
                "a #b",
                " e ",
                "f\ng\n",
                "\n",
                "\t",
                "|",
                "${{ ENV.X }}",
                "---",
                "...",
                "\u{85}",
                "\u{feff}a",
            ])
            .prop_map(str::to_owned),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            texts.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((texts.clone(), inner), 0..5)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_keep_their_types(value in values()) {
            let document = json!({"x-values": value});
            prop_assert_eq!(read(&document), document);
        }
    }
}
