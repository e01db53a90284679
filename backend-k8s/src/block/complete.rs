//! What the API server requires of an object, beyond the types of its fields.
//!
//! The types of k8s-openapi give a field that is missing its default. [`check`] reports fields that are
//! required, values out of range, and fields that exclude each other.

use std::borrow::Cow;

use flow_model::values::{Tree, TreeEntry, TreeValue, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};
use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::check_whole;
use super::patch::{Field, Patch, PatchValue};
use super::pointer::Path;
use super::requirements::{self, Fault};

/// The place of a part by its pointer; `None` for a part that no block wrote.
pub(super) type Place<'a> = &'a dyn Fn(&str) -> Option<Option<Span>>;

/// Checks an object that blocks wrote as a whole or in part.
pub(super) fn check<T: DeserializeOwned + Serialize>(
    value: &Value,
    place: Place<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut walk = Walk { path: Path::default(), place, diagnostics };
    let tree = walk.written(value);
    let mut found = Diagnostics::new();
    let (patch, typed) = check_whole::<T>("objects", &tree, &mut found);
    // A part that misses its type was reported where it is written.
    let Some(typed) = typed else { return };
    if let Ok(full) = serde_json::to_value(&typed) {
        walk.missing("", value, &full);
    }
    walk.part(&patch, ("", ""), "", value);
}

struct Walk<'a> {
    path: Path,
    place: Place<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Walk<'_> {
    fn report(&mut self, fault: Fault) {
        let mut at = Cow::Borrowed(self.path.as_str());
        if let Some(field) = &fault.field {
            at = format!("{at}/{field}").into();
        }
        let Some(span) = (self.place)(&at) else { return };
        let mut finding = Diagnostic::new(&WRONG_VALUE, fault.message).at(span, fault.label);
        if let Some(help) = fault.help {
            finding = finding.help(help);
        }
        self.diagnostics.push(finding);
    }

    /// The value without what no block wrote: most of an object is not checked again. Items of a list
    /// keep their places.
    fn written(&mut self, value: &Value) -> Tree {
        let tree = match value {
            Value::Object(map) => {
                let mut entries = IndexMap::new();
                for (key, value) in map {
                    let length = self.path.enter(key);
                    if (self.place)(self.path.as_str()).is_some() {
                        let value = self.written(value);
                        entries.insert(key.clone(), TreeEntry { key: None, value });
                    }
                    self.path.leave(length);
                }
                TreeValue::Mapping(entries)
            }
            Value::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let length = self.path.enter(&index.to_string());
                    list.push(self.written(item));
                    self.path.leave(length);
                }
                TreeValue::List(list)
            }
            scalar => TreeValue::from(scalar),
        };
        Spanned::unwritten(tree)
    }

    /// Calls `visit` at a part of this place, if blocks may have written in it.
    fn within(&mut self, key: &str, value: &Value, visit: impl FnOnce(&mut Self)) {
        let length = self.path.enter(key);
        let has_parts = value.is_object() || value.is_array();
        if !has_parts || (self.place)(self.path.as_str()).is_some() {
            visit(self);
        }
        self.path.leave(length);
    }

    /// Reports fields that a type always writes and that are not there: those that it requires.
    fn missing(&mut self, name: &str, value: &Value, full: &Value) {
        match (value, full) {
            (Value::Object(own), Value::Object(full)) => {
                for (field, full) in full {
                    // Each object has an empty one by default.
                    if self.path.is_empty() && field == "metadata" && !own.contains_key(field) {
                        continue;
                    }
                    match own.get(field) {
                        Some(value) => {
                            self.within(field, value, |walk| walk.missing(field, value, full));
                        }
                        None => self.report(requirements::missing(name, field)),
                    }
                }
            }
            (Value::Array(own), Value::Array(full)) => {
                let name = format!("an item of `{name}`");
                for (index, (value, full)) in own.iter().zip(full).enumerate() {
                    self.within(&index.to_string(), value, |walk| walk.missing(&name, value, full));
                }
            }
            _ => {}
        }
    }

    /// Checks a part; `field` is the type around it and its field, and `name` what findings call it.
    fn part(&mut self, patch: &Patch, field: (&str, &str), name: &str, value: &Value) {
        if let Some(fault) = requirements::of_value(field.0, field.1, value) {
            self.report(fault);
        }
        match (&patch.value, value) {
            (PatchValue::Object(object), Value::Object(map)) => {
                for fault in requirements::of_object(object.owner, field.1, name, map) {
                    self.report(fault);
                }
                for Field { name, patch, .. } in &object.fields {
                    let Some(value) = map.get(name) else { continue };
                    let field = (object.owner, name.as_str());
                    self.within(name, value, |walk| walk.part(patch, field, name, value));
                }
            }
            (PatchValue::List(list), Value::Array(items)) => {
                let name = format!("an item of `{}`", field.1);
                for (index, (item, value)) in list.items.iter().zip(items).enumerate() {
                    self.within(&index.to_string(), value, |walk| {
                        walk.part(item, field, &name, value);
                    });
                }
            }
            _ => {}
        }
    }
}
