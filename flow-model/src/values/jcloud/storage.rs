//! A volume at the workspace of an Executor.

use serde_json::{Map, Value};

use super::OtherKey;
use super::fields::{each, put, quantity, set, toggle};
use crate::quantity::Quantity;
use crate::source::Node;
use crate::span::Spanned;
use crate::values::ToValue;
use crate::values::reader::Reader;

/// A volume at the workspace.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Storage {
    /// What the volume is.
    pub kind: StorageKind,
    /// Its size; the platform's default if it is `None`.
    pub size: Option<Spanned<Quantity>>,
    /// Whether it is kept when the Flow is removed; not written is `None`.
    pub retain: Option<Spanned<bool>>,
}

/// What a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StorageKind {
    /// A folder that ends with its Pod.
    Ephemeral,
    /// A disk of each replica: `ebs`.
    Block,
    /// A network file system that all replicas share: `efs`.
    File,
}

impl StorageKind {
    /// The word as a Flow writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ephemeral => "ephemeral",
            Self::Block => "ebs",
            Self::File => "efs",
        }
    }
}

impl Storage {
    /// Storage of a kind, with the platform's default size.
    pub fn new(kind: StorageKind) -> Self {
        Self { kind, size: None, retain: None }
    }
}

const KINDS: &str = "`ephemeral`, `ebs` or `efs`";

/// Reads `storage`.
pub(super) fn read(
    node: &Node,
    others: &mut Vec<OtherKey>,
    reader: &mut Reader<'_>,
) -> Option<Storage> {
    const EXPECTS: &str = "a mapping such as `{kind: ebs, size: 10G}`";
    let (mut kind, mut size, mut retain) = (None, None, None);
    let is_complete = each(node, EXPECTS, reader, |key, at, value, reader| match key {
        // Older files say `type`.
        "kind" | "type" => set(&mut kind, read_kind(value, reader), value),
        "size" => set(&mut size, quantity(value, "1M", "a size such as `10G`", reader), value),
        "retain" => set(&mut retain, toggle(value, reader), value),
        _ => {
            let path = format!("resources.storage.{key}");
            others.push(OtherKey { path, span: at, value: value.to_json() });
            true
        }
    })?;
    let kind = kind.map_or(StorageKind::Ephemeral, |kind| kind.value);
    is_complete.then_some(Storage { kind, size, retain })
}

fn read_kind(node: &Node, reader: &mut Reader<'_>) -> Option<StorageKind> {
    let text = reader.text(node, KINDS)?;
    let found = [StorageKind::Ephemeral, StorageKind::Block, StorageKind::File]
        .into_iter()
        .find(|kind| kind.word().eq_ignore_ascii_case(text.trim()));
    if found.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {KINDS}"));
    }
    found
}

impl ToValue for Storage {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("kind".to_owned(), self.kind.word().into());
        put(&mut map, "size", self.size.as_ref().map(|size| size.as_str().into()));
        put(&mut map, "retain", self.retain.map(|retain| retain.value.into()));
        Value::Object(map)
    }
}
