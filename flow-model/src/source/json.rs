//! JSON texts within YAML.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::span::{Span, Spanned};

/// The mapping of a JSON text; every part has the span of the text. `None` for any other text.
/// Duplicate keys of an object, at any depth, are added to `again`; the last value wins.
pub(crate) fn mapping(text: &str, span: Span, again: &mut Vec<String>) -> Option<Mapping> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    object(text, span, DEEPEST, again)
}

/// The maximum nesting depth, as in `serde_json`, which does not limit raw values.
const DEEPEST: usize = 128;

fn object(text: &str, span: Span, depth: usize, again: &mut Vec<String>) -> Option<Mapping> {
    let depth = depth.checked_sub(1)?;
    let mut mapping = Mapping::default();
    for (key, value) in serde_json::from_str::<Pairs<'_>>(text).ok()?.0 {
        let value = Arc::new(node(value.get(), span, depth, again)?);
        let entry = Entry { key: Spanned::new(key, span), value, merged: None };
        again.extend(mapping.insert(entry).map(|before| before.key.value));
    }
    Some(mapping)
}

/// The entries of an object as written, including duplicate keys.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

fn node(text: &str, span: Span, depth: usize, again: &mut Vec<String>) -> Option<Node> {
    let value = match text.chars().next()? {
        '{' => NodeValue::Mapping(Arc::new(object(text, span, depth, again)?)),
        '[' => {
            let depth = depth.checked_sub(1)?;
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let items = items.iter().map(|item| node(item.get(), span, depth, again).map(Arc::new));
            NodeValue::Sequence(Arc::new(items.collect::<Option<_>>()?))
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
    Some(Node::new(span, value))
}

/// A number in the syntax of YAML 1.1, which requires a fraction and a sign if there is an
/// exponent.
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
    fn keys_that_are_written_again_are_named() {
        for (text, expected) in [
            (r#"{"a": 1, "b": 2}"#, &[][..]),
            (r#"{"a": 1, "a": 2, "a": 3}"#, &["a", "a"]),
            (r#"{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 2}]}"#, &["b", "d"]),
            (r#"{"a": {"b": 1}, "b": 2}"#, &[]),
        ] {
            let mut again = Vec::new();
            mapping(text, Span::new(FileId(0), 0, 0), &mut again).unwrap();
            assert_eq!(again, expected, "{text}");
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
            let mut again = Vec::new();
            let read = mapping(text, Span::new(FileId(0), 0, 0), &mut again);
            assert_eq!(read.is_some(), is_mapping, "{}", &text[..text.len().min(40)]);
            assert!(again.is_empty(), "{again:?}");
        }
    }

    #[test]
    fn keys_that_are_written_twice_are_found_at_any_depth() {
        for (text, count) in [
            (r#"{"a": 1, "b": 1}"#, 0),
            (r#"{"a": 1, "a": 2}"#, 1),
            (r#"{"a": 1, "\u0061": 2}"#, 1),
            (r#"{"a": [{"b": {"c": 1, "c": 1, "c": 1}}]}"#, 2),
        ] {
            let mut again = Vec::new();
            mapping(text, Span::new(FileId(0), 0, 0), &mut again);
            assert_eq!(again.len(), count, "{text}");
        }
    }
}
