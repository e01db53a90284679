//! Escapes dollars that would begin an expression.

use serde_json::{Map, Value};

use crate::source::holds_expression;
use crate::values::Extra;

/// The key with the dollar: a Flow has no other way to write `${{ … }}` as text. If the user
/// already has this key, a number is appended.
const KEY: &str = "x-dollar";

/// Replaces dollars that would begin an expression by a reference to the key with the dollar.
pub(super) fn keep(document: &mut Map<String, Value>) {
    let numbered = (2..).map(|number| format!("{KEY}-{number}"));
    let free = std::iter::once(KEY.to_owned())
        .chain(numbered)
        .find(|key| document.get(key).is_none_or(|value| value == "$"));
    let Some(key) = free else { return };
    let reference = format!("${{{{ root.{key} }}}}");
    let mut is_used = false;
    walk(document, &reference, &mut is_used);
    if is_used {
        document.insert(key, "$".into());
    }
}

/// Removes the keys that printing added.
pub(crate) fn forget(extra: &mut Extra) {
    let is_added = |key: &str, value: &Value| {
        let rest = key.strip_prefix(KEY);
        let number = rest.is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix('-').is_some_and(|number| number.parse::<u64>().is_ok())
        });
        number && value == "$"
    };
    extra.retain(|key, value| !is_added(key, value));
}

fn walk(map: &mut Map<String, Value>, reference: &str, is_used: &mut bool) {
    for value in map.values_mut() {
        walk_value(value, reference, is_used);
    }
}

fn walk_value(value: &mut Value, reference: &str, is_used: &mut bool) {
    match value {
        Value::String(text) => {
            // All dollars, because one expression may contain another.
            if holds_expression(text) {
                *text = text.replace('$', reference);
                *is_used = true;
            }
        }
        Value::Array(items) => {
            for item in items {
                walk_value(item, reference, is_used);
            }
        }
        Value::Object(map) => walk(map, reference, is_used),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
