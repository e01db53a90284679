//! Reads the fields of a mapping, one by one.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::quantity::Quantity;
use crate::source::{Node, ScalarValue};
use crate::span::{Span, Spanned};
use crate::values::reader::Reader;

/// Passes each key that has a value to `read`, with its place and a reader of that key. Returns
/// whether all were read; `None` for a node that is not a mapping, which is reported.
pub(super) fn each(
    node: &Node,
    expected: &str,
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&str, Option<Span>, &Node, &mut Reader<'_>) -> bool,
) -> Option<bool> {
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, expected);
        return None;
    };
    let mut is_complete = true;
    for entry in mapping.iter().filter(|entry| !entry.value.is_null()) {
        let key = entry.key.value.as_str();
        // A key that was substituted is not shown.
        let is_hidden = entry.key.is_substituted();
        let name = if is_hidden { reader.key() } else { key };
        is_complete &= read(key, entry.key.span, &entry.value, &mut reader.inside(name));
    }
    Some(is_complete)
}

/// Sets a field to what was read. Returns false if nothing was.
pub(super) fn set<T>(field: &mut Option<Spanned<T>>, read: Option<T>, node: &Node) -> bool {
    let is_read = read.is_some();
    if let Some(value) = read {
        *field = Some(Spanned::new(value, node.span));
    }
    is_read
}

/// Inserts a value that is set.
pub(super) fn put(map: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    map.extend(value.map(|value| (name.to_owned(), value)));
}

/// True or false.
pub(super) fn toggle(node: &Node, reader: &mut Reader<'_>) -> Option<bool> {
    if let Some(scalar) = node.as_scalar()
        && let ScalarValue::Bool(on) = scalar.resolve()
    {
        return Some(on);
    }
    reader.wrong_type(node, "`true` or `false`");
    None
}

/// A number within a range.
pub(super) fn number(
    node: &Node,
    range: RangeInclusive<i64>,
    expected: &str,
    reader: &mut Reader<'_>,
) -> Option<u32> {
    reader.integer_in(node, range, expected)
}

/// A quantity of at least `least`.
pub(super) fn quantity(
    node: &Node,
    least: &str,
    expected: &str,
    reader: &mut Reader<'_>,
) -> Option<Quantity> {
    let text = reader.text(node, expected)?;
    let read = text.trim().parse::<Quantity>().ok();
    let least: Quantity = least.parse().expect("the constant is a quantity");
    match read {
        Some(quantity) if quantity >= least => Some(quantity),
        read => {
            let why = format!("cannot be {}", reader.quoted(node.span, &text));
            let label = match read {
                Some(_) => format!("expected at least `{}`", least.as_str()),
                None => format!("expected {expected}"),
            };
            let meant = Quantity::meant(&text).filter(|_| !node.span.substituted);
            match meant {
                Some(meant) if read.is_none() => {
                    let help = format!("write `{meant}`");
                    reader.wrong_value_with_help(node.span, &why, &label, &help);
                }
                _ => reader.wrong_value(node.span, &why, &label),
            }
            None
        }
    }
}
