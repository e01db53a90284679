//! Checks a part of a block against a type of the Kubernetes API.
//!
//! The types of k8s-openapi name their fields when they are deserialized. [`check`] deserializes a
//! part with a deserializer of its own, which compares these names with what was written, and
//! notes every value in the form of its type. It reports all mistakes of a part, not only the first.

use std::fmt;

use flow_model::keys::nearest;
use flow_model::values::{Tree, TreeEntry, TreeScalar, TreeValue, WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Quantity, Span};
use indexmap::IndexMap;
use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::patch::{Directive, Field, List, Object, Patch, PatchValue};
use super::schema;
use crate::rules::UNKNOWN_FIELD;

/// Checks a part of a block against a type, and returns it in the form of the type, and the value of
/// the type, in which fields that are missing have their defaults. `word` is the word of the block.
pub(crate) fn check<T: DeserializeOwned>(
    word: &str,
    tree: &Tree,
    diagnostics: &mut Diagnostics,
) -> (Patch, Option<T>) {
    read(word, tree, false, diagnostics)
}

/// As [`check`], for a whole object, which is not merged into another one.
pub(super) fn check_whole<T: DeserializeOwned>(
    word: &str,
    tree: &Tree,
    diagnostics: &mut Diagnostics,
) -> (Patch, Option<T>) {
    read(word, tree, true, diagnostics)
}

fn read<T: DeserializeOwned>(
    word: &str,
    tree: &Tree,
    is_whole: bool,
    diagnostics: &mut Diagnostics,
) -> (Patch, Option<T>) {
    let mut patch = Patch::removed(tree.span);
    let mut findings = Findings { diagnostics, count: 0, is_whole };
    let place = Place { owner: "", field: word, is_item: false };
    let typed = Typed { tree, place, out: &mut patch, findings: &mut findings };
    let read = T::deserialize(typed).ok();
    if read.is_none() && findings.count == 0 {
        findings.wrong_value(tree.span, word, "has an invalid value", "expected a valid value", "");
    }
    if let PatchValue::Object(object) = &patch.value
        && object.directive != Directive::Merge
    {
        let why = "cannot be replaced or removed as a whole";
        let help = "set its fields, or set a field to null to remove it";
        findings.wrong_value(tree.span, word, why, "`$patch` is for parts of it", help);
        patch = Patch::untyped(&Tree::unwritten(TreeValue::Mapping(IndexMap::new())));
    }
    let is_right = findings.count == 0;
    (patch, read.filter(|_| is_right))
}

/// The place of a value: the type around it, and the field.
#[derive(Clone, Copy)]
struct Place<'a> {
    owner: &'static str,
    field: &'a str,
    /// Whether the value is an item of the field, which is a list.
    is_item: bool,
}

struct Findings<'a> {
    diagnostics: &'a mut Diagnostics,
    count: usize,
    /// Whether it is a whole object, of which lists are not merged.
    is_whole: bool,
}

impl Findings<'_> {
    fn push(&mut self, finding: Diagnostic) {
        self.count += 1;
        self.diagnostics.push(finding);
    }

    fn wrong_value(&mut self, at: Option<Span>, field: &str, why: &str, label: &str, help: &str) {
        let mut finding =
            Diagnostic::new(&WRONG_VALUE, format!("`{field}` {why}")).at(at, label.to_owned());
        if !help.is_empty() {
            finding = finding.help(help.to_owned());
        }
        self.push(finding);
    }

    /// Reports a value of another type; `help` says what to write instead, or nothing.
    fn wrong_type(&mut self, tree: &Tree, place: Place<'_>, expected: &str, help: &str) {
        let item = if place.is_item { "an item of " } else { "" };
        let message =
            format!("{item}`{}` takes {expected}, not {}", place.field, tree.value.kind());
        let mut finding =
            Diagnostic::new(&WRONG_TYPE, message).at(tree.span, format!("expected {expected}"));
        if !help.is_empty() {
            finding = finding.help(help.to_owned());
        }
        self.push(finding);
    }
}

/// A failure of a type to read a value, which was reported.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that its type refuses")
    }
}

impl std::error::Error for Broken {}

impl serde::de::Error for Broken {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A value that is read as whatever its type asks for.
struct Typed<'t, 'o, 'f> {
    tree: &'t Tree,
    place: Place<'t>,
    out: &'o mut Patch,
    findings: &'o mut Findings<'f>,
}

impl<'t> Typed<'t, '_, '_> {
    fn scalar(&self) -> Option<&'t TreeScalar> {
        self.tree.value.as_scalar()
    }

    fn set(&mut self, value: impl Into<Value>) {
        self.out.value = PatchValue::Scalar(value.into());
    }

    /// Reports a value of another type. `around` is the beginning and the end of what a scalar that was
    /// meant to be one has to be written in.
    fn wrong_type_around(&mut self, expected: &str, around: Option<(&str, &str)>) {
        let scalar = self.scalar().filter(|scalar| !scalar.value.is_null());
        let help = match (scalar, around) {
            (Some(scalar), Some((begin, end)))
                if !self.tree.is_substituted() && !scalar.text.contains(['\n', '"']) =>
            {
                format!("write `{begin}{}{end}`", scalar.text)
            }
            _ => String::new(),
        };
        self.findings.wrong_type(self.tree, self.place, expected, &help);
    }

    fn wrong_type(&mut self, expected: &str) {
        self.wrong_type_around(expected, (expected == "text").then_some(("\"", "\"")));
    }

    /// The text of a value, which is empty if it has none.
    fn text(&mut self, expected: &str) -> String {
        let text = match self.scalar() {
            Some(TreeScalar { value: Value::String(text), .. }) => text.clone(),
            // What a variable contains is text, whatever it looks like.
            Some(TreeScalar { value, text, .. })
                if self.tree.is_substituted() && !value.is_null() =>
            {
                text.clone()
            }
            _ => {
                self.wrong_type(expected);
                String::new()
            }
        };
        if text.contains('\0') {
            let why = "contains the character NUL";
            let label = "remove `\\0` from this text";
            self.findings.wrong_value(self.tree.span, self.place.field, why, label, "");
        }
        if let Some(words) = schema::words(self.place.owner, self.place.field) {
            self.check_word(&text, words);
        }
        self.set(text.clone());
        text
    }

    /// Reports a text that is none of `words`, if the value has a text.
    fn check_word(&mut self, text: &str, words: &[&str]) {
        if words.contains(&text) || self.scalar().is_none_or(|scalar| !scalar.value.is_string()) {
            return;
        }
        let why = if self.tree.is_substituted() {
            "cannot be this value".to_owned()
        } else {
            format!("cannot be `{text}`")
        };
        let listed: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        let label = format!("expected {}", listed.join(", "));
        let near = words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied();
        let near = near.or_else(|| nearest(text, words.iter().copied()));
        let help = match near.filter(|_| !self.tree.is_substituted()) {
            Some(word) => format!("write `{word}`"),
            None => String::new(),
        };
        self.findings.wrong_value(self.tree.span, self.place.field, &why, &label, &help);
    }

    fn integer(&mut self, least: i64, most: i64) -> i64 {
        let found = self.scalar().and_then(|scalar| match &scalar.value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        });
        let Some(value) = found else {
            self.wrong_type("an integer");
            return 0;
        };
        if !(least..=most).contains(&value) {
            let label = format!("expected an integer from {least} to {most}");
            let why = "is out of range";
            self.findings.wrong_value(self.tree.span, self.place.field, why, &label, "");
            return 0;
        }
        self.set(value);
        value
    }

    fn boolean(&mut self) -> bool {
        let found = self.scalar().and_then(|scalar| match &scalar.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        match found {
            Some(value) => self.set(value),
            None => self.wrong_type("`true` or `false`"),
        }
        found.unwrap_or_default()
    }

    /// A quantity: text, or a number, as the API server accepts it.
    fn quantity(&mut self) -> String {
        let text = self.scalar().and_then(|scalar| match &scalar.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) if is_amount(&scalar.text) => Some(scalar.text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        let Some(text) = text else {
            self.wrong_type("a quantity such as `500m` or `2Gi`");
            return "0".to_owned();
        };
        if !is_amount(&text) {
            let why = if self.tree.is_substituted() {
                "cannot be this value".to_owned()
            } else {
                format!("cannot be `{text}`")
            };
            let help = match Quantity::meant(&text) {
                Some(meant) if !self.tree.is_substituted() => format!("write `{meant}`"),
                _ => String::new(),
            };
            let label = "expected a quantity such as `500m` or `2Gi`";
            self.findings.wrong_value(self.tree.span, self.place.field, &why, label, &help);
            return "0".to_owned();
        }
        self.set(text.clone());
        text
    }

    /// An integer, or text such as a percentage or the name of a port. Digits are an integer.
    fn integer_or_text<'de, V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        let number = self.scalar().and_then(|scalar| match &scalar.value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        if let Some(number) = number {
            let number = i32::try_from(number).unwrap_or_else(|_| {
                let label = "expected an integer of 32 bits";
                let why = "is out of range";
                self.findings.wrong_value(self.tree.span, self.place.field, why, label, "");
                0
            });
            self.set(number);
            return visitor.visit_i32(number);
        }
        let Some(TreeScalar { value: Value::String(text), .. }) = self.scalar() else {
            self.wrong_type("an integer or text");
            return visitor.visit_i32(0);
        };
        self.set(text.clone());
        visitor.visit_str(text)
    }
}

/// Fields that say the most of a mapping.
const MAIN_FIELDS: [&str; 5] = ["name", "from", "size", "path", "command"];

/// The word of a directive of strategic merge patches.
const DIRECTIVE: &str = "$patch";

/// The entries of a mapping, for a type or for a map of names.
struct Entries<'t, 'o, 'f> {
    rest: indexmap::map::Iter<'t, String, TreeEntry>,
    /// The fields of the type; `None` for a map, in which any key may be.
    known: Option<&'static [&'static str]>,
    next: Option<(&'t str, &'t TreeEntry)>,
    owner: &'static str,
    /// The field of the mapping.
    field: &'t str,
    object: &'o mut Object,
    findings: &'o mut Findings<'f>,
}

impl Typed<'_, '_, '_> {
    fn object<'de, V: Visitor<'de>>(
        mut self,
        owner: &'static str,
        known: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        let Some(mapping) = self.tree.value.as_mapping() else {
            // The field that a text in place of a mapping most likely is.
            let field =
                known.and_then(|known| MAIN_FIELDS.iter().find(|main| known.contains(main)));
            let begin = field.map(|field| format!("{{{field}: "));
            self.wrong_type_around("a mapping", begin.as_deref().map(|begin| (begin, "}")));
            return visitor.visit_map(Nothing);
        };
        let object = self.out.object(owner);
        let entries = Entries {
            rest: mapping.iter(),
            known,
            next: None,
            owner,
            field: self.place.field,
            object,
            findings: self.findings,
        };
        visitor.visit_map(entries)
    }
}

impl<'t> Entries<'t, '_, '_> {
    /// Notes an entry that the type is not asked about: a removed field, a directive, a mistake.
    /// Returns the others.
    fn own(&mut self, name: &'t str, entry: &'t TreeEntry) -> Option<(&'t str, &'t TreeEntry)> {
        if !self.findings.is_whole && name == DIRECTIVE
            || name.starts_with('$') && self.known.is_some()
        {
            self.directive(name, entry);
            return None;
        }
        if self.known.is_some_and(|known| !known.contains(&name)) {
            self.unknown(name, entry);
            return None;
        }
        if entry.value.value.is_null() {
            let patch = Patch::removed(entry.value.span);
            self.object.fields.push(Field { name: name.to_owned(), key: entry.key, patch });
            return None;
        }
        Some((name, entry))
    }

    fn directive(&mut self, name: &str, entry: &TreeEntry) {
        let directive = match (name, entry.value.value.as_text()) {
            (DIRECTIVE, Some("delete")) => Directive::Delete,
            (DIRECTIVE, Some("replace")) => Directive::Replace,
            (DIRECTIVE, Some("merge")) => Directive::Merge,
            _ => {
                let why = "is not a directive that blocks support";
                let label = "expected `$patch: delete` or `$patch: replace`";
                let help = "set the field itself, or set it to null to remove it";
                self.findings.wrong_value(entry.key, name, why, label, help);
                return;
            }
        };
        self.object.directive = directive;
    }

    fn unknown(&mut self, name: &str, entry: &TreeEntry) {
        let known = self.known.unwrap_or_default();
        let is_hidden = entry.key.is_some_and(|key| key.substituted);
        let owner = schema::title(self.owner, self.field);
        let message = if is_hidden {
            format!("{owner} has no such field")
        } else {
            format!("{owner} has no field `{name}`")
        };
        let mut finding = Diagnostic::new(&UNKNOWN_FIELD, message).at(entry.key, "unknown field");
        if !is_hidden {
            let near =
                known.iter().find(|field| field.eq_ignore_ascii_case(&name.replace('_', "")));
            let near = near.copied().or_else(|| nearest(name, known.iter().copied()));
            finding = match (schema::home(self.owner, name), near) {
                (Some(home), _) => finding.help(home),
                (None, Some(field)) => finding.help(format!("write `{field}`")),
                (None, None) if known.len() == 1 => finding.help(format!("write `{}`", known[0])),
                (None, None) if known.len() <= 12 => {
                    let fields: Vec<_> = known.iter().map(|field| format!("`{field}`")).collect();
                    finding.help(format!("write one of {}", fields.join(", ")))
                }
                (None, None) => {
                    finding.help(format!("`kubectl explain` lists the fields of {owner}"))
                }
            };
        }
        self.findings.push(finding);
    }

    /// Reports two fields of which the API server takes only one.
    fn check_union(&mut self) {
        let Some(members) = schema::union(self.owner) else { return };
        let set: Vec<_> = (self.object.fields.iter())
            .filter(|field| !field.patch.is_removed() && members.is_member(&field.name))
            .collect();
        if let [first, second, ..] = set.as_slice() {
            let message = format!("`{}` and `{}` exclude each other", first.name, second.name);
            let finding = Diagnostic::new(&WRONG_VALUE, message)
                .at(second.key, "expected one of them")
                .at(first.key, "the other one")
                .help("remove one of them");
            self.findings.push(finding);
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, '_, '_> {
    type Error = Broken;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Broken> {
        while let Some((name, entry)) = self.rest.next() {
            if let Some(next) = self.own(name, entry) {
                self.next = Some(next);
                let key = StringDeserializer::<Broken>::new(name.clone());
                return seed.deserialize(key).map(Some);
            }
        }
        self.check_union();
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Broken> {
        let Some((name, entry)) = self.next.take() else {
            return Err(Broken::custom("a value without its key"));
        };
        let patch = Patch::removed(entry.value.span);
        self.object.fields.push(Field { name: name.to_owned(), key: entry.key, patch });
        let Some(field) = self.object.fields.last_mut() else {
            return Err(Broken::custom("a field was added"));
        };
        let count = self.findings.count;
        let place = Place { owner: self.owner, field: name, is_item: false };
        let tree = &entry.value;
        let typed = Typed { tree, place, out: &mut field.patch, findings: self.findings };
        let read = seed.deserialize(typed);
        if read.is_err() && self.findings.count == count {
            let (why, label) = schema::refusal(self.owner, name);
            self.findings.wrong_value(tree.span, name, why, label, "");
        }
        // What was reported is not merged: it would remove the field.
        if field.patch.is_removed() {
            self.object.fields.pop();
        }
        read
    }
}

/// The items of a list.
struct Items<'t, 'o, 'f> {
    rest: std::slice::Iter<'t, Tree>,
    place: Place<'t>,
    list: &'o mut List,
    findings: &'o mut Findings<'f>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_, '_> {
    type Error = Broken;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Broken> {
        let Some(tree) = self.rest.next() else {
            if !self.findings.is_whole {
                self.list.check_keys(self.place.field, self.findings.diagnostics);
            }
            return Ok(None);
        };
        self.list.items.push(Patch::removed(tree.span));
        let Some(out) = self.list.items.last_mut() else { return Ok(None) };
        let count = self.findings.count;
        let place = Place { is_item: true, ..self.place };
        let typed = Typed { tree, place, out, findings: self.findings };
        let read = seed.deserialize(typed);
        if read.is_err() && self.findings.count == count {
            let (why, label) = ("has an invalid item", "expected a valid value");
            self.findings.wrong_value(tree.span, self.place.field, why, label, "");
        }
        if out.is_removed() {
            self.list.items.pop();
        }
        read.map(Some)
    }
}

/// A mapping or a list without entries, for a type whose value was reported.
struct Nothing;

impl<'de> MapAccess<'de> for Nothing {
    type Error = Broken;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _: K) -> Result<Option<K::Value>, Broken> {
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, _: S) -> Result<S::Value, Broken> {
        Err(Broken)
    }
}

impl<'de> SeqAccess<'de> for Nothing {
    type Error = Broken;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        _: S,
    ) -> Result<Option<S::Value>, Broken> {
        Ok(None)
    }
}

/// The JSON of a value of which the type does not matter.
fn json(tree: &Tree) -> Value {
    match &tree.value {
        TreeValue::Scalar(scalar) => scalar.value.clone(),
        TreeValue::List(items) => items.iter().map(json).collect(),
        TreeValue::Mapping(entries) => {
            entries.iter().map(|(name, entry)| (name.clone(), json(&entry.value))).collect()
        }
    }
}

impl<'de> Deserializer<'de> for Typed<'_, '_, '_> {
    type Error = Broken;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        if (&visitor as &dyn Expected).to_string() == "IntOrString" {
            return self.integer_or_text(visitor);
        }
        let value = json(self.tree);
        self.set(value.clone());
        value.into_deserializer().deserialize_any(visitor).map_err(|_| Broken)
    }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_bool(self.boolean())
    }

    fn deserialize_i32<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_i64(self.integer(i32::MIN.into(), i32::MAX.into()))
    }

    fn deserialize_i64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_i64(self.integer(i64::MIN, i64::MAX))
    }

    fn deserialize_u32<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_i64(self.integer(0, u32::MAX.into()))
    }

    fn deserialize_f64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        let number = self.scalar().and_then(|scalar| scalar.value.as_f64());
        match number {
            Some(number) => self.set(number),
            None => self.wrong_type("a number"),
        }
        visitor.visit_f64(number.unwrap_or_default())
    }

    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        let text = self.text("text");
        visitor.visit_str(&text)
    }

    fn deserialize_string<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        let text = self.text("text");
        visitor.visit_string(text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        if self.tree.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        if name == "Quantity" {
            let text = self.quantity();
            return visitor.visit_newtype_struct(StringDeserializer::<Broken>::new(text));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Broken> {
        let Some(items) = self.tree.value.as_list() else {
            match self.tree.value.as_mapping() {
                Some(_) => {
                    let help = "begin each item of the list with `-`";
                    self.findings.wrong_type(self.tree, self.place, "a list", help);
                }
                None => self.wrong_type_around("a list", Some(("[", "]"))),
            }
            return visitor.visit_seq(Nothing);
        };
        let list = self.out.list(self.place.owner, self.place.field);
        let items = Items { rest: items.iter(), place: self.place, list, findings: self.findings };
        visitor.visit_seq(items)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.object("", None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        self.object(name, Some(fields), visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u64 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct
        enum identifier
    }
}

/// True for a quantity that is not negative.
fn is_amount(text: &str) -> bool {
    text.parse().is_ok_and(|quantity: Quantity| !quantity.is_negative())
}
