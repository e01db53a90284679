//! Texts of JSON within YAML.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::span::{Span, Spanned};

/// The mapping that a text of JSON stands for; every part has the place of the text. `None` for
/// any other text.
pub(crate) fn mapping(text: &str, span: Span) -> Option<Mapping> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    // This bounds how deep it is: raw values do not.
    serde_json::from_str::<Map<String, Value>>(text).ok()?;
    object(text, span)
}

fn object(text: &str, span: Span) -> Option<Mapping> {
    let mut mapping = Mapping::default();
    for (key, value) in serde_json::from_str::<IndexMap<String, Box<RawValue>>>(text).ok()? {
        let value = Arc::new(node(value.get(), span)?);
        mapping.insert(Entry { key: Spanned::new(key, span), value, merged: false });
    }
    Some(mapping)
}

fn node(text: &str, span: Span) -> Option<Node> {
    let value = match text.chars().next()? {
        '{' => NodeValue::Mapping(object(text, span)?),
        '[' => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
            let items = items.iter().map(|item| node(item.get(), span).map(Arc::new));
            NodeValue::Sequence(items.collect::<Option<_>>()?)
        }
        '"' => {
            let text = serde_json::from_str(text).ok()?;
            NodeValue::Scalar(Scalar { text, style: ScalarStyle::Quoted })
        }
        't' | 'f' | 'n' => {
            NodeValue::Scalar(Scalar { text: text.to_owned(), style: ScalarStyle::Plain })
        }
        _ => NodeValue::Scalar(Scalar { text: number(text), style: ScalarStyle::Plain }),
    };
    Some(Node { span, tag: None, value })
}

/// A number as YAML 1.1 spells it, which wants a fraction and a sign where there is an exponent.
fn number(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text.to_owned() };
    let fraction = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{fraction}e{sign}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::{mapping, number};
    use crate::source::{Scalar, ScalarStyle, ScalarValue};
    use crate::span::{FileId, Span};

    #[test]
    fn numbers_keep_what_they_are() {
        for (json, yaml) in [
            ("1", "1"),
            ("-0.5", "-0.5"),
            ("1e-7", "1.0e-7"),
            ("5E9", "5.0e+9"),
            ("1.5e+20", "1.5e+20"),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            assert_eq!(number(json), yaml);
            let scalar = Scalar { text: yaml.to_owned(), style: ScalarStyle::Plain };
            let is_number = matches!(scalar.resolve(), ScalarValue::Int(_) | ScalarValue::Float(_));
            assert!(is_number, "{yaml}");
        }
    }

    #[test]
    fn only_mappings_are_taken() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for (text, is_mapping) in [
            (r#"{"a": [1, {"b": null}]}"#, true),
            (" {} ", true),
            ("[]", false),
            ("a=1", false),
            ("{a: 1}", false),
            (r#"{"a": 1"#, false),
            (deep.as_str(), false),
        ] {
            let read = mapping(text, Span::new(FileId(0), 0, 0));
            assert_eq!(read.is_some(), is_mapping, "{}", &text[..text.len().min(40)]);
        }
    }
}
