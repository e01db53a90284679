//! Dollars that must not be read as the beginning of an expression.

use serde_json::{Map, Value};

use crate::source::holds_expression;

/// The key that holds the dollar: a Flow has no other way to say `${{ … }}` and mean the text.
const KEY: &str = "x-dollar";
const REFERENCE: &str = "${{ root.x-dollar }}";

/// Replaces dollars that begin an expression by a reference to one that does not.
pub(super) fn keep(document: &mut Map<String, Value>) {
    let mut is_used = false;
    walk(document, &mut is_used);
    if is_used {
        document.insert(KEY.to_owned(), "$".into());
    }
}

fn walk(map: &mut Map<String, Value>, is_used: &mut bool) {
    for value in map.values_mut() {
        walk_value(value, is_used);
    }
}

fn walk_value(value: &mut Value, is_used: &mut bool) {
    match value {
        Value::String(text) => {
            // All of them: one expression may hold another.
            if holds_expression(text) {
                *text = text.replace('$', REFERENCE);
                *is_used = true;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk_value(item, is_used)),
        Value::Object(map) => walk(map, is_used),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
