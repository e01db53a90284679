//! Objects of kinds that clusters define, whose fields are known: those of Gateway API, Istio, KEDA and
//! Prometheus' operator.
//!
//! `kinds.json` has their types, from their `CustomResourceDefinition`s; `cargo xtask kinds` writes it. It
//! is read when a block has such an object.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use flow_model::keys::nearest;
use flow_model::values::{Tree, TreeEntry, TreeScalar, TreeValue, WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics};
use serde::Deserialize;
use serde_json::Value;

use super::patch::{Field, List, Object, Patch, PatchValue};
use crate::rules::UNKNOWN_FIELD;

static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| serde_json::from_str(include_str!("kinds.json")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
struct Kinds {
    types: Vec<Type>,
    /// By group, kind and version.
    #[serde(rename = "kinds")]
    groups: BTreeMap<String, BTreeMap<String, BTreeMap<String, usize>>>,
    /// Kinds that belong to the cluster, as `GROUP/KIND`.
    cluster: BTreeSet<String>,
}

/// A type of values.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Type {
    #[serde(rename = "type")]
    form: Form,
    #[serde(default)]
    fields: BTreeMap<String, usize>,
    values: Option<usize>,
    items: Option<usize>,
    /// Whether it may have other fields too.
    #[serde(default)]
    open: bool,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    words: Vec<Value>,
    least: Option<f64>,
    most: Option<f64>,
    min_items: Option<usize>,
    max_items: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    Any,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
}

/// What is known of a kind.
pub(super) enum Known {
    /// The type of its objects.
    Type(&'static Type),
    /// It belongs to the cluster.
    OfCluster,
    /// The kind has other versions: this is one.
    OtherVersion(&'static str),
    /// The group has no such kind, but one with a similar name.
    Misspelled(&'static str),
    /// Nothing.
    Nothing,
}

/// What is known of a kind of a group.
pub(super) fn known(api_version: &str, kind: &str) -> Known {
    let Some((group, version)) = api_version.split_once('/') else { return Known::Nothing };
    let kinds: &'static Kinds = &KINDS;
    if kinds.cluster.contains(&format!("{group}/{kind}")) {
        return Known::OfCluster;
    }
    let Some(of_group) = kinds.groups.get(group) else { return Known::Nothing };
    let Some(versions) = of_group.get(kind) else {
        let near = nearest(kind, of_group.keys().map(String::as_str));
        return near.map_or(Known::Nothing, Known::Misspelled);
    };
    let place = versions.get(version).copied();
    if let Some(found) = place.and_then(|place| kinds.types.get(place)) {
        return Known::Type(found);
    }
    // The stable version, if there is one: `v1` comes before `v1beta1`.
    let other = versions.keys().next();
    other.map_or(Known::Nothing, |version| Known::OtherVersion(version))
}

/// Checks an object against its type. What every object has is checked elsewhere.
pub(super) fn check(kind: &'static Type, tree: &Tree, diagnostics: &mut Diagnostics) -> Patch {
    let mut reader = Reader { diagnostics };
    let Some(mapping) = tree.value.as_mapping() else { return Patch::untyped(tree) };
    let common = ["apiVersion", "kind", "metadata"];
    let fields = mapping.iter().filter_map(|(name, entry)| {
        if common.contains(&name.as_str()) {
            return Some(field(name, entry, Patch::untyped(&entry.value)));
        }
        reader.entry(kind, "the object", name, entry)
    });
    let fields = fields.collect();
    reader.required(kind, "the object", tree);
    let object = Object { fields, ..Object::default() };
    Patch { span: tree.span, value: PatchValue::Object(object) }
}

fn field(name: &str, entry: &TreeEntry, patch: Patch) -> Field {
    Field { name: name.to_owned(), key: entry.key, patch }
}

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// Reads an entry of a mapping of a type. `owner` is the mapping as findings name it.
    fn entry(
        &mut self,
        of: &'static Type,
        owner: &str,
        name: &str,
        entry: &TreeEntry,
    ) -> Option<Field> {
        let place = of.fields.get(name).copied().or(of.values);
        let inner = place.and_then(|place| KINDS.types.get(place));
        match inner {
            // Null removes a field, as everywhere in a block.
            Some(_) if entry.value.value.is_null() => None,
            Some(inner) => Some(field(name, entry, self.value(inner, name, &entry.value))),
            None if of.open => Some(field(name, entry, Patch::untyped(&entry.value))),
            None => {
                self.unknown(of, owner, name, entry);
                None
            }
        }
    }

    fn unknown(&mut self, of: &'static Type, owner: &str, name: &str, entry: &TreeEntry) {
        let is_hidden = entry.key.is_some_and(|key| key.substituted);
        let message = if is_hidden {
            format!("{owner} has no such field")
        } else {
            format!("{owner} has no field `{name}`")
        };
        let mut finding = Diagnostic::new(&UNKNOWN_FIELD, message).at(entry.key, "unknown field");
        let near = nearest(name, of.fields.keys().map(String::as_str)).filter(|_| !is_hidden);
        if let Some(near) = near {
            finding = finding.help(format!("write `{near}`"));
        } else if !of.fields.is_empty() && of.fields.len() <= 12 {
            let fields: Vec<_> = of.fields.keys().map(|field| format!("`{field}`")).collect();
            finding = finding.help(format!("write one of {}", fields.join(", ")));
        }
        self.diagnostics.push(finding);
    }

    fn required(&mut self, of: &Type, owner: &str, tree: &Tree) {
        let has = |name: &str| tree.value.get(name).is_some_and(|value| !value.value.is_null());
        for name in of.required.iter().filter(|name| !has(name)) {
            let message = format!("{owner} has no `{name}`");
            let finding = Diagnostic::new(&WRONG_VALUE, message)
                .at(tree.span, format!("expected `{name}`"))
                .help(format!("set `{name}`"));
            self.diagnostics.push(finding);
        }
    }

    /// Reads a value of a field.
    fn value(&mut self, of: &'static Type, name: &str, tree: &Tree) -> Patch {
        let owner = format!("`{name}`");
        match (of.form, &tree.value) {
            (Form::Any, _) => Patch::untyped(tree),
            (Form::Object, TreeValue::Mapping(mapping)) => {
                let open = of.fields.is_empty() && of.values.is_none() && of.open;
                if open {
                    return Patch::untyped(tree);
                }
                let entries = mapping.iter();
                let fields =
                    entries.filter_map(|(name, entry)| self.entry(of, &owner, name, entry));
                let fields = fields.collect();
                self.required(of, &owner, tree);
                let object = Object { fields, ..Object::default() };
                Patch { span: tree.span, value: PatchValue::Object(object) }
            }
            (Form::Array, TreeValue::List(items)) => {
                self.count(of, name, items.len(), tree);
                let Some(inner) = of.items.and_then(|place| KINDS.types.get(place)) else {
                    return Patch::untyped(tree);
                };
                let items = items.iter().map(|item| self.value(inner, name, item)).collect();
                let list = List { items, ..List::default() };
                Patch { span: tree.span, value: PatchValue::List(list) }
            }
            (form, TreeValue::Scalar(scalar)) => match form.read(scalar, tree.is_substituted()) {
                Some(value) => {
                    self.limits(of, name, &value, tree);
                    Patch { span: tree.span, value: PatchValue::Scalar(value) }
                }
                None => self.wrong_type(form, name, tree),
            },
            (form, _) => self.wrong_type(form, name, tree),
        }
    }

    fn wrong_type(&mut self, form: Form, name: &str, tree: &Tree) -> Patch {
        let expected = form.expected();
        let message = format!("`{name}` takes {expected}, not {}", tree.value.kind());
        let mut finding =
            Diagnostic::new(&WRONG_TYPE, message).at(tree.span, format!("expected {expected}"));
        if form == Form::String
            && let Some(text) = tree.value.as_text()
        {
            finding = finding.help(format!("quote it: \"{text}\""));
        }
        self.diagnostics.push(finding);
        Patch::untyped(tree)
    }

    fn count(&mut self, of: &Type, name: &str, count: usize, tree: &Tree) {
        let (least, most) = (of.min_items.unwrap_or(0), of.max_items.unwrap_or(usize::MAX));
        if !(least..=most).contains(&count) {
            let label = if count < least {
                format!("expected at least {least}")
            } else {
                format!("expected at most {most}")
            };
            let message = format!("`{name}` has {count} items");
            self.diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(tree.span, label));
        }
    }

    fn limits(&mut self, of: &Type, name: &str, value: &Value, tree: &Tree) {
        let message = format!("`{name}` cannot have this value");
        if !of.words.is_empty() && !of.words.contains(value) {
            let words = of.words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`"));
            let words: Vec<_> = words.collect();
            let near = tree.value.as_text().filter(|_| !tree.is_substituted());
            let known = of.words.iter().filter_map(Value::as_str);
            let near = near.and_then(|text| {
                let mut same = known.clone().filter(|word| word.eq_ignore_ascii_case(text));
                same.next().or_else(|| nearest(text, known.clone()))
            });
            let finding = Diagnostic::new(&WRONG_VALUE, message)
                .at(tree.span, format!("expected {}", words.join(", ")));
            self.diagnostics.push(match near {
                Some(near) => finding.help(format!("write `{near}`")),
                None => finding,
            });
            return;
        }
        let Some(number) = value.as_f64() else { return };
        let label = match (of.least, of.most) {
            (Some(least), _) if number < least => format!("expected {least} or more"),
            (_, Some(most)) if number > most => format!("expected {most} or less"),
            _ => return,
        };
        self.diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(tree.span, label));
    }
}

impl Form {
    /// A scalar as a value of this form. What a variable contains is text that may be another form.
    fn read(self, scalar: &TreeScalar, is_substituted: bool) -> Option<Value> {
        let value = &scalar.value;
        let fits = match self {
            Self::Any => true,
            Self::Object | Self::Array => false,
            Self::String if is_substituted && !value.is_null() => {
                return Some(scalar.text.as_str().into());
            }
            Self::String => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::IntOrString => value.is_string() || value.is_i64() || value.is_u64(),
        };
        if fits {
            return Some(value.clone());
        }
        // A quoted `"${{ ENV.X }}"` is text although the field takes a number.
        let parsed = is_substituted.then(|| serde_json::from_str::<Value>(scalar.text.trim()));
        let parsed = parsed?.ok()?;
        let fits = match self {
            Self::Integer => parsed.is_i64() || parsed.is_u64(),
            Self::Number => parsed.is_number(),
            Self::Boolean => parsed.is_boolean(),
            _ => false,
        };
        fits.then_some(parsed)
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Object => "a mapping",
            Self::Array => "a list",
            Self::String => "text",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
            Self::IntOrString => "an integer or text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Known, known};

    #[test]
    fn the_table_has_the_kinds_that_belong_to_workloads() {
        for (api_version, kind) in [
            ("gateway.networking.k8s.io/v1", "HTTPRoute"),
            ("gateway.networking.k8s.io/v1", "GRPCRoute"),
            ("networking.istio.io/v1", "VirtualService"),
            ("security.istio.io/v1", "AuthorizationPolicy"),
            ("keda.sh/v1alpha1", "ScaledObject"),
            ("monitoring.coreos.com/v1", "ServiceMonitor"),
            ("monitoring.coreos.com/v1", "PrometheusRule"),
        ] {
            assert!(matches!(known(api_version, kind), Known::Type(_)), "{api_version} {kind}");
        }
        assert!(matches!(known("keda.sh/v1", "ScaledObject"), Known::OtherVersion("v1alpha1")));
        assert!(matches!(known("example.com/v1", "Thing"), Known::Nothing));
        let inner = |of: &super::Type| {
            of.fields.values().chain(&of.values).chain(&of.items).copied().max().unwrap_or(0)
        };
        assert!(KINDS.types.iter().all(|of| inner(of) < KINDS.types.len()));
    }
}
