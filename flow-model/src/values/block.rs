//! `kubernetes:`, the user's own parts of what a Flow becomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::number::Positive;
use super::reader::{FromNode, Reader};
use super::tree::{self, TreeEntry, TreeValue, entries_to_map};
use super::{BadValue, ToValue};
use crate::keys::nearest;
use crate::source::Node;
use crate::span::{Span, Spanned};

/// A block `kubernetes:`: partial objects that are merged into those of a workload, and other parts
/// of it. This crate knows the words of a block and the form of each; a backend knows what they
/// mean. A clone shares what it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KubernetesBlock(Arc<Parts>);

#[derive(Debug, Clone, Default, PartialEq)]
struct Parts {
    /// By word.
    trees: IndexMap<&'static str, TreeEntry>,
    /// `replicas`, which only the block of a head has.
    replicas: Option<Spanned<Positive>>,
    /// `head`.
    head: Option<Spanned<KubernetesBlock>>,
    /// The files that `files` names, by path as written.
    files: BTreeMap<String, BlockFile>,
}

/// A file that `files` of a block names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockFile {
    /// Its path from the Flow's folder on.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

/// A word of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockWord {
    /// Labels of every object and of the Pods.
    Labels,
    /// Annotations of every object and of the Pods.
    Annotations,
    /// A partial Pod.
    Pod,
    /// A partial container, the one that does the work.
    Container,
    /// A partial Deployment or StatefulSet.
    Workload,
    /// A partial Service.
    Service,
    /// The storage of volumes, by path.
    Claims,
    /// Files, by path in the container.
    Files,
    /// A folder that outlives Pods.
    Cache,
    /// The size of `/dev/shm`.
    SharedMemory,
    /// Whole objects.
    Objects,
}

impl BlockWord {
    /// Every word whose value is a tree.
    pub const ALL: [Self; 11] = [
        Self::Labels,
        Self::Annotations,
        Self::Pod,
        Self::Container,
        Self::Workload,
        Self::Service,
        Self::Claims,
        Self::Files,
        Self::Cache,
        Self::SharedMemory,
        Self::Objects,
    ];

    /// The word as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Annotations => "annotations",
            Self::Pod => "pod",
            Self::Container => "container",
            Self::Workload => "workload",
            Self::Service => "service",
            Self::Claims => "claims",
            Self::Files => "files",
            Self::Cache => "cache",
            Self::SharedMemory => "sharedMemory",
            Self::Objects => "objects",
        }
    }

    /// What the word means, in one sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Labels => "Labels of every object of the workload and of its Pods.",
            Self::Annotations => "Annotations of every object of the workload and of its Pods.",
            Self::Pod => "A part of a PodSpec, merged into that of the Pods.",
            Self::Container => {
                "A part of a container, merged into the one that runs the Executor or the gateway."
            }
            Self::Workload => "A part of the Deployment or StatefulSet, merged into it.",
            Self::Service => "A part of a Service, merged into the one with the workload's name.",
            Self::Claims => "Size, storage class and access modes of `volumes`, by path.",
            Self::Files => {
                "Files of the container, by path: a file beside the Flow, a Secret or a ConfigMap."
            }
            Self::Cache => "A folder that is kept when Pods end, for models that are downloaded.",
            Self::SharedMemory => "The size of `/dev/shm`.",
            Self::Objects => "Whole objects that belong to the workload.",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.name() == name)
    }

    fn takes(self) -> &'static str {
        match self {
            Self::Objects => "a list of objects",
            Self::SharedMemory => "a size such as `2Gi`",
            _ => "a mapping",
        }
    }

    /// Whether a value has the form that the word takes.
    fn fits(self, value: &TreeValue) -> bool {
        match self {
            Self::Objects => value.as_list().is_some(),
            Self::SharedMemory => value.as_text().is_some(),
            _ => value.as_mapping().is_some(),
        }
    }
}

const HEAD: &str = "head";
const REPLICAS: &str = "replicas";

impl KubernetesBlock {
    /// The value of a word, with the place of the word.
    pub fn get(&self, word: BlockWord) -> Option<&TreeEntry> {
        self.0.trees.get(word.name())
    }

    /// The words that are set, in the order in which they were written, each with its place.
    pub fn words(&self) -> impl Iterator<Item = Spanned<BlockWord>> {
        self.0.trees.iter().filter_map(|(name, entry)| {
            Some(Spanned { value: BlockWord::named(name)?, span: entry.key.or(entry.value.span) })
        })
    }

    /// The block of heads.
    pub fn head(&self) -> Option<&Spanned<Self>> {
        self.0.head.as_ref()
    }

    /// The number of Pods; only the block of a head has one.
    pub fn replicas(&self) -> Option<Spanned<Positive>> {
        self.0.replicas
    }

    /// A file that `files` names, by its path as written.
    pub fn file(&self, path: &str) -> Option<&BlockFile> {
        self.0.files.get(path)
    }

    /// The same block with the text of a file that `files` names, by its path as written. Reading a
    /// Flow adds the texts; a block that is built in code needs them.
    #[must_use]
    pub fn with_text(self, path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        self.with_file(path.clone(), path, text.into())
    }

    /// The same block with a file, by its path as written; `path` is its path from the Flow's folder on.
    pub(crate) fn with_file(mut self, written: String, path: String, text: Arc<str>) -> Self {
        Arc::make_mut(&mut self.0).files.insert(written, BlockFile { path, text });
        self
    }

    /// A block that has only labels, each with its place.
    pub fn of_labels(labels: impl IntoIterator<Item = (String, Spanned<String>)>) -> Self {
        let labels = labels.into_iter().map(|(name, label)| {
            let value = TreeValue::from(&Value::from(label.value));
            let value = Spanned { value, span: label.span };
            (name, TreeEntry { key: label.span, value })
        });
        let labels = Spanned::unwritten(TreeValue::Mapping(labels.collect()));
        let entry = TreeEntry { key: None, value: labels };
        let trees = IndexMap::from([(BlockWord::Labels.name(), entry)]);
        Self(Arc::new(Parts { trees, ..Parts::default() }))
    }

    /// The same block with all of it written at `span`, for blocks that something else in a Flow
    /// stands for.
    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> Self {
        let parts = Arc::make_mut(&mut self.0);
        for entry in parts.trees.values_mut() {
            entry.key = span;
            tree::place(&mut entry.value, span);
        }
        self
    }

    /// Replaces the block of heads.
    pub(crate) fn set_head(&mut self, head: Spanned<Self>) {
        Arc::make_mut(&mut self.0).head = Some(head);
    }

    /// The labels and annotations alone; `None` if there are none.
    pub(crate) fn metadata(&self) -> Option<Self> {
        let words = [BlockWord::Labels, BlockWord::Annotations];
        let trees =
            words.into_iter().filter_map(|word| Some((word.name(), self.get(word)?.clone())));
        let trees: IndexMap<_, _> = trees.collect();
        (!trees.is_empty()).then(|| Self(Arc::new(Parts { trees, ..Parts::default() })))
    }

    /// The paths that `files` names, with their places.
    pub(crate) fn paths(&self) -> Vec<Spanned<String>> {
        let files = self.get(BlockWord::Files).and_then(|entry| entry.value.as_mapping());
        let files = files.into_iter().flat_map(IndexMap::values);
        let paths = files.filter_map(|entry| {
            let from = entry.value.get("from")?;
            Some(Spanned { value: from.as_text()?.to_owned(), span: from.span })
        });
        paths.collect()
    }

    /// Replaces the paths that `files` names.
    pub(crate) fn map_paths(&mut self, map: impl Fn(&str) -> String) {
        let parts = Arc::make_mut(&mut self.0);
        let Some(entry) = parts.trees.get_mut(BlockWord::Files.name()) else { return };
        let TreeValue::Mapping(files) = &mut entry.value.value else { return };
        for file in files.values_mut() {
            let TreeValue::Mapping(source) = &mut file.value.value else { continue };
            let from = source.get_mut("from").map(|from| &mut from.value.value);
            if let Some(TreeValue::Scalar(from)) = from
                && !from.value.is_null()
            {
                from.text = map(&from.text);
                from.value = from.text.clone().into();
            }
        }
    }

    /// The bytes of the files, which the output contains.
    pub(crate) fn text_bytes(&self) -> usize {
        self.0.files.values().map(|file| file.text.len()).sum()
    }

    fn read(node: &Node, is_head: bool, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(mapping) = node.as_mapping() else {
            reader.wrong_type(node, Self::EXPECTS);
            return None;
        };
        let mut parts = Parts::default();
        let mut complete = true;
        for entry in mapping.iter() {
            let (name, value) = (entry.key.value.as_str(), &*entry.value);
            let known =
                BlockWord::named(name).filter(|word| !(is_head && *word == BlockWord::Claims));
            if value.is_null() && (known.is_some() || name == HEAD || name == REPLICAS) {
                continue;
            }
            match (known, name) {
                (Some(word), _) => {
                    let tree = TreeValue::of(value);
                    if !word.fits(&tree.value) {
                        reader.inside(word.name()).wrong_type(value, word.takes());
                        complete = false;
                    }
                    parts.trees.insert(word.name(), TreeEntry { key: entry.key.span, value: tree });
                }
                (None, HEAD) if !is_head => {
                    let head = Self::read(value, true, &mut reader.inside(HEAD));
                    complete &= head.is_some();
                    parts.head = head.map(|head| Spanned::new(head, value.span));
                }
                (None, REPLICAS) if is_head => {
                    let count = Positive::from_node(value, &mut reader.inside(REPLICAS));
                    complete &= count.is_some();
                    parts.replicas = count.map(|count| Spanned::new(count, value.span));
                }
                (None, _) => {
                    unknown(reader, name, entry.key.span.unwrap_or(node.span), is_head);
                    complete = false;
                }
            }
        }
        complete.then(|| Self(Arc::new(parts)))
    }
}

/// Reports a word that no block has.
fn unknown(reader: &mut Reader<'_>, name: &str, span: Span, is_head: bool) {
    let words = BlockWord::ALL.into_iter().map(BlockWord::name);
    let own = if is_head { REPLICAS } else { HEAD };
    let words: Vec<_> = words.chain([own]).filter(|word| !(is_head && *word == "claims")).collect();
    let why = format!("has no {}", reader.quoted(span, name));
    let listed: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    let help = match (nearest(name, words.iter().copied()), name) {
        (Some(word), _) => format!("write `{word}`"),
        (None, REPLICAS) => "set `replicas` of the entry itself".to_owned(),
        (None, HEAD) => "write it beside `head`, not inside".to_owned(),
        (None, "metadata") => "write `labels` and `annotations`".to_owned(),
        (None, "deployment" | "statefulset" | "statefulSet" | "template" | "strategy") => {
            "write `workload: {spec: {…}}`".to_owned()
        }
        (None, "shm" | "shm_size" | "shmSize") => "write `sharedMemory`".to_owned(),
        (None, "ports") => "write `service: {spec: {ports: […]}}`".to_owned(),
        (None, "spec") => "write `pod` for the Pods, `workload` for the Deployment".to_owned(),
        (None, "containers" | "volumes" | "tolerations" | "nodeSelector" | "affinity") => {
            format!("write it under `pod`: `pod: {{{name}: …}}`")
        }
        (None, "resources" | "env" | "envFrom" | "volumeMounts") => {
            format!("write it under `container`: `container: {{{name}: …}}`")
        }
        (None, _) => "write partial objects under one of these words".to_owned(),
    };
    reader.wrong_value_with_help(span, &why, &format!("expected {}", listed.join(", ")), &help);
}

impl FromNode for KubernetesBlock {
    const EXPECTS: &'static str = "a mapping such as `{pod: {…}, container: {…}}`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Self::read(node, false, reader)
    }
}

impl ToValue for KubernetesBlock {
    fn to_value(&self) -> Value {
        let entries = self.0.trees.iter().map(|(name, entry)| ((*name).to_owned(), entry.clone()));
        let mut map = entries_to_map(&entries.collect());
        if let Some(replicas) = self.0.replicas {
            map.insert(REPLICAS.to_owned(), replicas.get().into());
        }
        if let Some(head) = &self.0.head {
            map.insert(HEAD.to_owned(), head.value.to_value());
        }
        Value::Object(map)
    }
}

/// A block from code, in the form in which it would be written.
impl TryFrom<Value> for KubernetesBlock {
    type Error = BadValue;

    fn try_from(value: Value) -> Result<Self, BadValue> {
        from_value(value, false)
    }
}

impl TryFrom<Map<String, Value>> for KubernetesBlock {
    type Error = BadValue;

    fn try_from(map: Map<String, Value>) -> Result<Self, BadValue> {
        Value::Object(map).try_into()
    }
}

fn from_value(value: Value, is_head: bool) -> Result<KubernetesBlock, BadValue> {
    let Value::Object(map) = value else {
        return Err(BadValue::new(value.to_string(), KubernetesBlock::EXPECTS));
    };
    let mut parts = Parts::default();
    for (name, value) in map {
        if value.is_null() {
            continue;
        }
        let known = BlockWord::named(&name).filter(|word| !(is_head && *word == BlockWord::Claims));
        match (known, name.as_str()) {
            (Some(word), _) => {
                let tree = TreeValue::from(&value);
                if !word.fits(&tree) {
                    return Err(BadValue::new(name, word.takes()));
                }
                let entry = TreeEntry { key: None, value: Spanned::unwritten(tree) };
                parts.trees.insert(word.name(), entry);
            }
            (None, HEAD) if !is_head => {
                parts.head = Some(Spanned::unwritten(from_value(value, true)?));
            }
            (None, REPLICAS) if is_head => {
                let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
                let count = count.ok_or_else(|| BadValue::new(name, Positive::EXPECTS))?;
                parts.replicas = Some(Spanned::unwritten(Positive::try_from(count)?));
            }
            (None, _) => return Err(BadValue::new(name, "a word of a block")),
        }
    }
    Ok(KubernetesBlock(Arc::new(parts)))
}
