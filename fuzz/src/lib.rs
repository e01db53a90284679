//! What all fuzz targets assert: findings and trees point into the text that they speak of.

use flow_model::source::{Node, NodeValue};
use flow_model::{Diagnostics, Sources, Span, Variables};

/// Variables of every form that a value can have, those that lead back to themselves included.
pub fn variables() -> Variables {
    let mut variables = Variables::default();
    for (name, value) in [
        ("A", "1"),
        ("B", "a b"),
        ("EMPTY", ""),
        ("LIST", "[a, '2', {b: é}]"),
        ("BROKEN", "[a, 'b"),
        ("LINES", "a: b\nc\n"),
        ("NESTED", "<$A ${{ CONTEXT.C }} $NONE>"),
        ("LOOP", "$LOOP"),
        ("TWICE", "$TWICE$TWICE"),
        ("THIS", "${{ this.name }}${{ root.with }}"),
    ] {
        variables.environment.insert(name.to_owned(), value.to_owned());
    }
    variables.context.insert("C".to_owned(), "docker://example/c:1".to_owned());
    variables.context.insert("D".to_owned(), "${{ ENV.LIST }}".to_owned());
    variables
}

/// Every label of every finding lies in its text and between characters.
pub fn check_findings(diagnostics: &Diagnostics, sources: &Sources) {
    for finding in diagnostics {
        for label in &finding.labels {
            check_span(label.span, sources);
        }
    }
}

/// Every node, tag and key of a tree lies in its text and between characters.
pub fn check_tree(root: &Node, sources: &Sources) {
    let mut rest = vec![root];
    // Aliases share nodes; a bomb of them would take for ever to walk.
    for _ in 0..10_000 {
        let Some(node) = rest.pop() else { return };
        check_span(node.span, sources);
        if let Some(span) = node.tag.as_ref().and_then(|tag| tag.span) {
            check_span(span, sources);
        }
        match &node.value {
            NodeValue::Scalar(scalar) => drop(scalar.resolve()),
            NodeValue::Sequence(items) => rest.extend(items.iter().map(AsRef::as_ref)),
            NodeValue::Mapping(mapping) => {
                for entry in mapping.iter() {
                    if let Some(span) = entry.key.span {
                        check_span(span, sources);
                    }
                    rest.push(&entry.value);
                }
            }
        }
    }
}

/// A span lies in its text, does not end before it begins, and cuts no character.
pub fn check_span(span: Span, sources: &Sources) {
    assert!(sources.slice(span).is_some(), "{span:?} is no part of its text");
}
