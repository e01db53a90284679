//! What the API server requires of an object, beyond the types of its fields.
//!
//! The types of k8s-openapi give a field that is missing its default. [`check`] reports fields that are
//! required, values out of range, and fields that exclude each other.

use flow_model::values::{TreeValue, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned, pointer_token};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::check_whole;
use super::patch::{Patch, PatchValue};
use super::requirements::{self, Fault};

/// The place of a part by its pointer; `None` for a part that no block wrote.
pub(super) type Place<'a> = &'a dyn Fn(&str) -> Option<Option<Span>>;

/// Checks an object that blocks wrote as a whole or in part.
pub(super) fn check<T: DeserializeOwned + Serialize>(
    value: &Value,
    place: Place<'_>,
    diagnostics: &mut Diagnostics,
) {
    let tree = Spanned::unwritten(TreeValue::from(value.clone()));
    let mut found = Diagnostics::new();
    let patch = check_whole::<T>("objects", &tree, &mut found);
    // A part that misses its type was reported where it is written.
    if found.has_errors() {
        return;
    }
    let mut walk = Walk { place, diagnostics };
    if let Ok(typed) = serde_json::from_value::<T>(value.clone())
        && let Ok(full) = serde_json::to_value(&typed)
    {
        walk.missing("", value, &full, "");
    }
    walk.part(&patch, ("", ""), "", value, "");
}

struct Walk<'a> {
    place: Place<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Walk<'_> {
    fn report(&mut self, pointer: &str, fault: Fault) {
        let at = match &fault.field {
            Some(field) => format!("{pointer}/{field}"),
            None => pointer.to_owned(),
        };
        let Some(span) = (self.place)(&at) else { return };
        let mut finding = Diagnostic::new(&WRONG_VALUE, fault.message).at(span, fault.label);
        if let Some(help) = fault.help {
            finding = finding.help(help);
        }
        self.diagnostics.push(finding);
    }

    /// Reports fields that a type always writes and that are not there: those that it requires.
    fn missing(&mut self, name: &str, value: &Value, full: &Value, pointer: &str) {
        match (value, full) {
            (Value::Object(own), Value::Object(full)) => {
                for (field, full) in full {
                    // Each object has an empty one by default.
                    if pointer.is_empty() && field == "metadata" && !own.contains_key(field) {
                        continue;
                    }
                    let at = format!("{pointer}/{}", pointer_token(field));
                    match own.get(field) {
                        Some(value) => self.missing(field, value, full, &at),
                        None => self.report(pointer, requirements::missing(name, field)),
                    }
                }
            }
            (Value::Array(own), Value::Array(full)) => {
                let name = format!("an item of `{name}`");
                for (index, (value, full)) in own.iter().zip(full).enumerate() {
                    self.missing(&name, value, full, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }

    /// Checks a part; `field` is the type around it and its field, and `name` what findings call it.
    fn part(
        &mut self,
        patch: &Patch,
        field: (&str, &str),
        name: &str,
        value: &Value,
        pointer: &str,
    ) {
        if let Some(fault) = requirements::of_value(field.0, field.1, value) {
            self.report(pointer, fault);
        }
        match (&patch.value, value) {
            (PatchValue::Object(object), Value::Object(map)) => {
                for fault in requirements::of_object(object.owner, field.1, name, map) {
                    self.report(pointer, fault);
                }
                for inner in &object.fields {
                    let Some(value) = map.get(&inner.name) else { continue };
                    let at = format!("{pointer}/{}", pointer_token(&inner.name));
                    let field = (object.owner, inner.name.as_str());
                    self.part(&inner.patch, field, &inner.name, value, &at);
                }
            }
            (PatchValue::List(list), Value::Array(items)) => {
                let name = format!("an item of `{}`", field.1);
                for (index, (item, value)) in list.items.iter().zip(items).enumerate() {
                    self.part(item, field, &name, value, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }
}
