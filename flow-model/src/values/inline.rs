//! The configuration of an Executor.

use serde_json::{Map, Value};

use super::ToValue;
use super::key_values::KeyValues;
use super::reader::{FromNode, Reader};
use super::text::Text;
use crate::keys::{MappingKind, UnknownKey, read_keys};
use crate::source::{Mapping, Node};
use crate::span::Spanned;

/// The configuration of an Executor (or of a gateway), written where `uses` names one, or in a
/// separate file: its class, and what the class is constructed with.
///
/// It does not name the image that contains the class. In a container the image's own `config.yml`
/// names the class; `with`, `metas`, `requests` and `dynamic_batching` go to it as `uses_with` and
/// so on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct InlineExecutor {
    /// The class.
    pub class: Spanned<String>,
    /// The arguments of the class.
    pub with: Option<Spanned<KeyValues>>,
    /// Its `metas`, without the location of its code.
    pub metas: Option<Spanned<KeyValues>>,
    /// The method for each endpoint.
    pub requests: Option<Spanned<KeyValues>>,
    /// The endpoints that batch requests, with their options.
    pub dynamic_batching: Option<Spanned<KeyValues>>,
    /// The files with the class, which an image does not need because it contains the class.
    pub py_modules: Option<Spanned<String>>,
    /// Keys without effect.
    pub unknown_keys: Vec<UnknownKey>,
}

/// Keys that have no effect in an image are ignored.
impl PartialEq for InlineExecutor {
    fn eq(&self, other: &Self) -> bool {
        self.class == other.class
            && self.with == other.with
            && self.metas == other.metas
            && self.requests == other.requests
            && self.dynamic_batching == other.dynamic_batching
    }
}

impl Eq for InlineExecutor {}

/// The key with the location of the code.
const PY_MODULES: &str = "py_modules";

impl InlineExecutor {
    /// The class that a mapping configures: its tag, or its `jtype`.
    pub fn class_of(node: &Node) -> Option<Spanned<String>> {
        if let Some(tag) = &node.tag {
            return Some(Spanned::clone(tag));
        }
        let entry = node.as_mapping()?.get("jtype")?;
        let scalar = entry.value.as_scalar()?;
        Some(Spanned::new(scalar.text.clone(), entry.value.span))
    }
}

impl FromNode for InlineExecutor {
    const EXPECTS: &'static str = "a mapping that says `jtype: CLASS`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let class = Self::class_of(node);
        if class.is_none() {
            reader.wrong_value(
                node.span,
                "names no class",
                "expected `jtype: CLASS` among its keys",
            );
        }
        let empty = Mapping::default();
        let mapping = node.as_mapping().unwrap_or(&empty);
        let (mut with, mut metas, mut requests, mut dynamic_batching) = (None, None, None, None);
        let kind = MappingKind::Configuration;
        let unknown_keys = read_keys(mapping, kind, reader.diagnostics(), |entry, diagnostics| {
            let (key, node) = (entry.key.value.as_str(), &*entry.value);
            let (key, field) = match key {
                "with" => ("with", &mut with),
                "metas" => ("metas", &mut metas),
                "requests" => ("requests", &mut requests),
                "dynamic_batching" => ("dynamic_batching", &mut dynamic_batching),
                // Jina does not read a version here, but its own files contain one.
                _ => {
                    return ["jtype", "version", PY_MODULES]
                        .into_iter()
                        .find(|known| *known == key);
                }
            };
            if !node.is_null() {
                let read = KeyValues::from_node(node, &mut Reader::new(key, diagnostics));
                *field = read.map(|map| Spanned::new(map, node.span));
            }
            Some(key)
        });
        let mut py_modules = mapping.get(PY_MODULES).map(|entry| entry.key.clone());
        if let Some(metas) = &mut metas
            && metas.value.remove(PY_MODULES)
        {
            let inner = mapping.get("metas").and_then(|entry| entry.value.as_mapping());
            let key = inner.and_then(|metas| metas.get(PY_MODULES)).map(|entry| entry.key.clone());
            py_modules = py_modules.or(key);
        }
        metas = metas.filter(|metas| !metas.is_empty());
        Some(Self {
            class: class?,
            with,
            metas,
            requests,
            dynamic_batching,
            py_modules,
            unknown_keys,
        })
    }
}

/// The name that `metas` give an Executor.
pub(crate) fn name_in_metas(node: &Node) -> Option<Spanned<Text>> {
    let metas = node.as_mapping()?.get("metas")?.value.as_mapping()?;
    let name = &metas.get("name")?.value;
    let scalar = name.as_scalar().filter(|_| !name.is_null())?;
    Some(Spanned::new(Text(scalar.text.clone()), name.span))
}

impl ToValue for InlineExecutor {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("jtype".to_owned(), self.class.value.clone().into());
        for (key, value) in [
            ("with", &self.with),
            ("metas", &self.metas),
            ("requests", &self.requests),
            ("dynamic_batching", &self.dynamic_batching),
        ] {
            map.extend(value.as_ref().map(|value| (key.to_owned(), value.to_value())));
        }
        Value::Object(map)
    }
}
