//! A part of a block in the form of its type, and how it is merged into an object.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use flow_model::values::{Tree, TreeValue, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Origins, Span, Spanned, pointer_token};
use serde_json::{Map, Value};

use super::schema;

/// A part of a block in the form of its type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Patch {
    /// The place of the value.
    pub(super) span: Option<Span>,
    pub(super) value: PatchValue,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum PatchValue {
    /// Null, which removes the field.
    Remove,
    /// A value that replaces another one.
    Scalar(Value),
    List(List),
    Object(Object),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct List {
    pub(super) items: Vec<Patch>,
    /// The field by which items are merged; `None` if the list is replaced.
    pub(super) key: Option<&'static str>,
    /// Whether items follow those that are there.
    pub(super) appends: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object {
    /// The name of its type; empty for a map of names.
    pub(super) owner: &'static str,
    pub(super) fields: Vec<Field>,
    pub(super) directive: Directive,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    /// The place of its name.
    pub(super) key: Option<Span>,
    pub(super) patch: Patch,
}

/// `$patch`, as in strategic merge patches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Directive {
    #[default]
    Merge,
    /// Replaces the object, or as the only field of an item the list.
    Replace,
    /// Removes the object.
    Delete,
}

/// The parts of an object that blocks wrote or removed, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Touched(BTreeMap<String, Touch>);

/// The place of what changed a part.
pub(crate) type Touch = Spanned<()>;

impl Touched {
    /// Notes that a block wrote a part.
    pub(crate) fn insert(&mut self, pointer: &str, span: Option<Span>) {
        self.0.insert(pointer.to_owned(), Spanned { value: (), span });
    }

    /// The place of what changed a part: written there, around it, or in it. `None` if no block did.
    pub(crate) fn find(&self, pointer: &str) -> Option<Touch> {
        self.around(pointer).or_else(|| self.inside(pointer))
    }

    /// The nearest part around a pointer, or there.
    fn around(&self, mut pointer: &str) -> Option<Touch> {
        loop {
            // What lies between a part around the pointer and the pointer begins like that part, so that
            // nothing longer than what the two share needs to be looked at.
            let before = (Bound::Unbounded, Bound::Included(pointer));
            let (at, touch) = self.0.range::<str, _>(before).next_back()?;
            let shared = at.bytes().zip(pointer.bytes()).take_while(|(a, b)| a == b).count();
            let rest = &pointer.as_bytes()[shared..];
            if shared == at.len() && matches!(rest, [] | [b'/', ..]) {
                return Some(*touch);
            }
            let ends = &pointer.as_bytes()[..pointer.len().min(shared + 1)];
            pointer = &pointer[..ends.iter().rposition(|byte| *byte == b'/')?];
        }
    }

    /// The first part in that at a pointer.
    fn inside(&self, pointer: &str) -> Option<Touch> {
        // Most parts are not touched, and the next pointer says so.
        let after = (Bound::Included(pointer), Bound::Unbounded);
        let next = self.0.range::<str, _>(after).next();
        next.filter(|(at, _)| at.starts_with(pointer))?;
        let inside = format!("{pointer}/");
        let first = self.0.range(inside.clone()..).next();
        first.filter(|(at, _)| at.starts_with(&inside)).map(|(_, touch)| *touch)
    }
}

impl Patch {
    /// A removed value, which is what a patch is until it is read.
    pub(super) fn removed(span: Option<Span>) -> Self {
        Self { span, value: PatchValue::Remove }
    }

    pub(super) fn is_removed(&self) -> bool {
        self.value == PatchValue::Remove
    }

    /// Makes an object of it.
    pub(super) fn object(&mut self, owner: &'static str) -> &mut Object {
        self.value = PatchValue::Object(Object { owner, ..Object::default() });
        match &mut self.value {
            PatchValue::Object(object) => object,
            _ => unreachable!("it was just made"),
        }
    }

    /// Makes a list of it.
    pub(super) fn list(&mut self, owner: &str, field: &str) -> &mut List {
        let key = schema::merge_key(owner, field);
        let appends = schema::appends(owner, field);
        self.value = PatchValue::List(List { items: Vec::new(), key, appends });
        match &mut self.value {
            PatchValue::List(list) => list,
            _ => unreachable!("it was just made"),
        }
    }

    /// The value of a field, if it is an object that sets it.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let PatchValue::Object(object) = &self.value else { return None };
        object.fields.iter().find(|field| field.name == name).map(|field| &field.patch)
    }

    /// The value that it is without another one to merge it into.
    pub(crate) fn to_value(&self) -> Value {
        match &self.value {
            PatchValue::Remove => Value::Null,
            PatchValue::Scalar(value) => value.clone(),
            PatchValue::List(list) => {
                let items = list.items.iter().filter(|item| !item.is_directive());
                items.map(Self::to_value).collect()
            }
            PatchValue::Object(object) => {
                let fields = object.fields.iter().filter(|field| !field.patch.is_removed());
                fields.map(|field| (field.name.clone(), field.patch.to_value())).collect()
            }
        }
    }

    /// A value of a type that is not known.
    pub(super) fn untyped(tree: &Tree) -> Self {
        let value = match &tree.value {
            TreeValue::Scalar(scalar) if scalar.value.is_null() => PatchValue::Remove,
            TreeValue::Scalar(scalar) => PatchValue::Scalar(scalar.value.clone()),
            TreeValue::List(items) => PatchValue::List(List {
                items: items.iter().map(Self::untyped).collect(),
                ..List::default()
            }),
            TreeValue::Mapping(entries) => {
                let fields = entries.iter().map(|(name, entry)| Field {
                    name: name.clone(),
                    key: entry.key,
                    patch: Self::untyped(&entry.value),
                });
                PatchValue::Object(Object { fields: fields.collect(), ..Object::default() })
            }
        };
        Self { span: tree.span, value }
    }

    /// The value and the origins of a whole object.
    pub(super) fn into_object(self) -> (Value, Origins) {
        let (mut origins, mut touched) = (Origins::new(), Touched::default());
        self.set_origins("", &mut origins, &mut touched);
        (self.to_value(), origins)
    }

    /// What tells an item of a list from the others.
    fn identity(&self, key: &str) -> Option<String> {
        let own = self.get(key).filter(|own| !own.is_removed())?;
        let protocol = self.get("protocol").map(Self::to_value);
        Some(identity(&own.to_value(), key, protocol.as_ref()))
    }

    /// True for an item that says what happens to the list, or that removes another one.
    fn is_directive(&self) -> bool {
        matches!(&self.value, PatchValue::Object(object)
            if object.directive == Directive::Delete
                || object.directive == Directive::Replace && object.fields.is_empty())
    }

    /// Sets the origins of a value that is new at `pointer`.
    fn set_origins(&self, pointer: &str, origins: &mut Origins, touched: &mut Touched) {
        origins.insert(pointer.to_owned(), self.span);
        touched.insert(pointer, self.span);
        match &self.value {
            PatchValue::Remove | PatchValue::Scalar(_) => {}
            PatchValue::List(list) => {
                let items = list.items.iter().filter(|item| !item.is_directive());
                for (index, item) in items.enumerate() {
                    item.set_origins(&format!("{pointer}/{index}"), origins, touched);
                }
            }
            PatchValue::Object(object) => {
                for field in object.fields.iter().filter(|field| !field.patch.is_removed()) {
                    let pointer = format!("{pointer}/{}", pointer_token(&field.name));
                    field.patch.set_origins(&pointer, origins, touched);
                }
            }
        }
    }

    /// Merges it into the value at `pointer` of an object, as the API server merges a strategic
    /// merge patch, except that new items of a list follow the others, and that a field of a union
    /// replaces the others.
    pub(crate) fn merge(
        &self,
        value: &mut Value,
        pointer: &str,
        origins: &mut Origins,
        touched: &mut Touched,
    ) {
        match &self.value {
            PatchValue::Object(object) if object.directive == Directive::Merge => {
                self.merge_object(object, value, pointer, origins, touched);
            }
            PatchValue::List(list) if list.key.is_some() => {
                self.merge_list(list, value, pointer, origins, touched);
            }
            PatchValue::List(list) if list.appends && value.is_array() => {
                let Value::Array(items) = value else { return };
                for patch in &list.items {
                    let at = format!("{pointer}/{}", items.len());
                    items.push(patch.to_value());
                    patch.set_origins(&at, origins, touched);
                }
            }
            _ => {
                *value = self.to_value();
                origins.remove(pointer);
                self.set_origins(pointer, origins, touched);
            }
        }
    }

    fn merge_object(
        &self,
        object: &Object,
        value: &mut Value,
        pointer: &str,
        origins: &mut Origins,
        touched: &mut Touched,
    ) {
        if !value.is_object() {
            *value = Value::Object(Map::new());
            origins.remove(pointer);
            origins.insert(pointer.to_owned(), self.span);
            touched.insert(pointer, self.span);
        }
        let Value::Object(map) = value else { return };
        for name in object.excluded(map) {
            map.shift_remove(&name);
            origins.remove(&format!("{pointer}/{}", pointer_token(&name)));
        }
        for field in &object.fields {
            let at = format!("{pointer}/{}", pointer_token(&field.name));
            let is_deleted = matches!(&field.patch.value, PatchValue::Object(inner)
                if inner.directive == Directive::Delete);
            if field.patch.is_removed() || is_deleted {
                if map.shift_remove(&field.name).is_some() {
                    origins.remove(&at);
                    touched.insert(&at, field.patch.span.or(field.key));
                }
                continue;
            }
            let slot = map.entry(field.name.clone()).or_insert(Value::Null);
            field.patch.merge(slot, &at, origins, touched);
        }
    }

    fn merge_list(
        &self,
        list: &List,
        value: &mut Value,
        pointer: &str,
        origins: &mut Origins,
        touched: &mut Touched,
    ) {
        let replaces = list.items.iter().any(|item| {
            matches!(&item.value, PatchValue::Object(object)
                if object.directive == Directive::Replace && object.fields.is_empty())
        });
        if replaces || !value.is_array() {
            *value = Value::Array(Vec::new());
            origins.remove(pointer);
            origins.insert(pointer.to_owned(), self.span);
            if replaces {
                touched.insert(pointer, self.span);
            }
        }
        let (Value::Array(items), Some(key)) = (value, list.key) else { return };
        // Lists may be long, and each item is looked for.
        let places = items
            .iter()
            .enumerate()
            .map(|(place, item)| (identity(&item[key], key, item.get("protocol")), place));
        let mut places: HashMap<String, usize> = places.collect();
        for patch in &list.items {
            let PatchValue::Object(object) = &patch.value else { continue };
            if object.directive == Directive::Replace && object.fields.is_empty() {
                continue;
            }
            let Some(own) = patch.identity(key) else { continue };
            let place = places.get(&own).copied();
            match (object.directive, place) {
                (Directive::Delete, None) => {}
                (Directive::Delete, Some(place)) => {
                    items.remove(place);
                    origins.remove_item(pointer, place);
                    touched.insert(&format!("{pointer}/{place}"), patch.span);
                    places.remove(&own);
                    places.values_mut().filter(|at| **at > place).for_each(|at| *at -= 1);
                }
                (_, Some(place)) => {
                    patch.merge(&mut items[place], &format!("{pointer}/{place}"), origins, touched);
                }
                (_, None) => {
                    places.insert(own, items.len());
                    let at = format!("{pointer}/{}", items.len());
                    items.push(patch.to_value());
                    patch.set_origins(&at, origins, touched);
                }
            }
        }
    }
}

/// What tells an item of a list from the others: the field by which items are merged, and for ports
/// the protocol, without which TCP and UDP of one port could not be told apart.
fn identity(own: &Value, key: &str, protocol: Option<&Value>) -> String {
    match key {
        "containerPort" | "port" => {
            let protocol = protocol.and_then(Value::as_str).unwrap_or("TCP");
            format!("{own} {protocol}")
        }
        _ => own.to_string(),
    }
}

impl Object {
    /// The fields that are there and exclude what this object sets.
    fn excluded(&self, map: &Map<String, Value>) -> Vec<String> {
        let sets = |name: &str| {
            self.fields.iter().find(|field| field.name == name && !field.patch.is_removed())
        };
        // Settings of a rolling update exclude every other type of update.
        let is_other = sets("type").is_some_and(|field| {
            field.patch.value != PatchValue::Scalar(Value::from("RollingUpdate"))
        });
        if matches!(self.owner, "DeploymentStrategy" | "StatefulSetUpdateStrategy") {
            let is_there = is_other && sets("rollingUpdate").is_none();
            return is_there.then(|| "rollingUpdate".to_owned()).into_iter().collect();
        }
        let Some(union) = schema::union(self.owner) else { return Vec::new() };
        let is_set = |name: &str| union.is_member(name) && sets(name).is_some();
        if !self.fields.iter().any(|field| is_set(&field.name)) {
            return Vec::new();
        }
        let others = map.keys().filter(|name| union.is_member(name) && sets(name).is_none());
        others.cloned().collect()
    }
}

impl List {
    /// Reports items without the field by which they are merged, and two items with the same one.
    pub(super) fn check_keys(&self, field: &str, diagnostics: &mut Diagnostics) {
        let Some(key) = self.key else { return };
        let mut before: HashMap<String, Option<Span>> = HashMap::new();
        for item in self.items.iter().filter(|item| matches!(item.value, PatchValue::Object(_))) {
            if matches!(&item.value, PatchValue::Object(object)
                if object.directive == Directive::Replace && object.fields.is_empty())
            {
                continue;
            }
            let Some(own) = item.identity(key) else {
                let message = format!("an item of `{field}` has no `{key}`");
                let finding = Diagnostic::new(&WRONG_VALUE, message)
                    .at(item.span, format!("expected `{key}`, by which items are merged"))
                    .help(format!("set `{key}`"));
                diagnostics.push(finding);
                continue;
            };
            let span = item.get(key).and_then(|own| own.span).or(item.span);
            if let Some(first) = before.insert(own, span) {
                let message = format!("two items of `{field}` have the same `{key}`");
                let finding = Diagnostic::new(&WRONG_VALUE, message)
                    .at(span, "again")
                    .at(first, "first here")
                    .help("merge them into one");
                diagnostics.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_model::{Sources, Span};
    use proptest::prelude::*;

    use super::{Touch, Touched};

    /// What [`Touched::find`] says, by looking at every part around the pointer, and then at all.
    fn looked_for(touched: &Touched, pointer: &str) -> Option<Touch> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]);
        let mut around = ends.map(|end| &pointer[..end]).collect::<Vec<_>>();
        around.reverse();
        let found = around.into_iter().find_map(|at| touched.0.get(at));
        let inside = format!("{pointer}/");
        found
            .or_else(|| touched.0.iter().find(|(at, _)| at.starts_with(&inside)).map(|it| it.1))
            .copied()
    }

    fn pointers() -> impl Strategy<Value = String> {
        // Some names sort before a slash, and some begin like others.
        let names = prop::sample::select(vec!["a", "a-b", "a.b", "ab", "~1", "0", "10", ""]);
        let names = prop::collection::vec(names, 0..5);
        names.prop_map(|names| names.iter().flat_map(|name| ["/", name]).collect())
    }

    proptest! {
        #[test]
        fn the_nearest_change_is_found(
            written in prop::collection::vec(pointers(), 0..8), pointer in pointers(),
        ) {
            let file = Sources::new().add("flow.yml", "");
            let mut touched = Touched::default();
            for (place, at) in (0..).zip(&written) {
                touched.insert(at, Some(Span::new(file, place, place)));
            }
            prop_assert_eq!(touched.find(&pointer), looked_for(&touched, &pointer));
        }
    }
}
