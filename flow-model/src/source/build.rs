//! Events become nodes, without recursion.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::limits::Limits;
use super::parse::Stop;
use super::rules::{BAD_KEY, BAD_MERGE, DUPLICATE_KEY, UNKNOWN_ANCHOR};
use super::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{Span, Spanned};

/// Builds one document after the other.
pub(super) struct Builder {
    limits: Limits,
    open: Vec<Open>,
    root: Option<Arc<Node>>,
    anchors: BTreeMap<usize, Sized>,
    /// Nodes of this document so far, aliases counted in full.
    nodes: usize,
}

/// A node and how many nodes it stands for, itself included.
#[derive(Clone)]
struct Sized {
    node: Arc<Node>,
    nodes: usize,
}

/// A collection that has not ended.
struct Open {
    tag: Option<Spanned<String>>,
    anchor: usize,
    span: Span,
    /// The end of its last child: that of the end event lies behind blank lines and comments.
    end: u32,
    /// [`Builder::nodes`] at its beginning.
    nodes_before: usize,
    collection: Collection,
}

enum Collection {
    Sequence(Vec<Arc<Node>>),
    Mapping { mapping: Mapping, key: Option<Key>, merges: Vec<Arc<Node>> },
}

/// A key that waits for its value.
enum Key {
    Text(Spanned<String>),
    Merge,
    /// Reported; its value is dropped.
    Bad,
}

type Outcome = Result<(), Stop>;

impl Builder {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { limits: *limits, open: Vec::new(), root: None, anchors: BTreeMap::new(), nodes: 0 }
    }

    /// The document that has ended.
    pub(super) fn finish(&mut self) -> Option<Arc<Node>> {
        let root = self.root.take();
        self.abandon();
        // A document of nothing but comments is null to YAML, and empty to people.
        root.filter(|root| !(root.is_null() && root.span.start == root.span.end))
    }

    /// Forgets a document that cannot be finished.
    pub(super) fn abandon(&mut self) {
        self.open.clear();
        self.root = None;
        self.anchors.clear();
        self.nodes = 0;
    }

    pub(super) fn scalar(
        &mut self,
        scalar: Scalar,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Outcome {
        self.count(1)?;
        let node = Arc::new(Node { span, tag, value: NodeValue::Scalar(scalar) });
        self.remember(anchor, &node, 1);
        self.place(node, span.end, diagnostics);
        Ok(())
    }

    /// What stands for something that could not be read.
    pub(super) fn null(&mut self, span: Span, diagnostics: &mut Diagnostics) -> Outcome {
        let scalar = Scalar { text: String::new(), style: ScalarStyle::Plain };
        self.scalar(scalar, None, 0, span, diagnostics)
    }

    pub(super) fn alias(
        &mut self,
        anchor: usize,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Outcome {
        let Some(Sized { node, nodes }) = self.anchors.get(&anchor).cloned() else {
            let finding = Diagnostic::new(&UNKNOWN_ANCHOR, "an alias stands inside its own anchor")
                .at(span, "the anchor's value has not ended here");
            diagnostics.push(finding);
            return self.null(span, diagnostics);
        };
        self.count(nodes)?;
        self.place(node, span.end, diagnostics);
        Ok(())
    }

    pub(super) fn open_sequence(
        &mut self,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
    ) -> Outcome {
        self.open(tag, anchor, span, Collection::Sequence(Vec::new()))
    }

    pub(super) fn open_mapping(
        &mut self,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
    ) -> Outcome {
        let mapping = Mapping::default();
        self.open(tag, anchor, span, Collection::Mapping { mapping, key: None, merges: Vec::new() })
    }

    fn open(
        &mut self,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
        collection: Collection,
    ) -> Outcome {
        if self.open.len() >= self.limits.depth {
            return Err(Stop::Depth);
        }
        let nodes_before = self.nodes;
        self.count(1)?;
        self.open.push(Open { tag, anchor, span, end: span.end, nodes_before, collection });
        Ok(())
    }

    /// Ends the innermost collection. `end` is the closing bracket, or, for a block, a place
    /// without text.
    pub(super) fn close(&mut self, end: Span, diagnostics: &mut Diagnostics) {
        let Some(open) = self.open.pop() else { return };
        let end = if end.end > end.start { end.end.max(open.end) } else { open.end };
        let span = Span { end, ..open.span };
        let value = match open.collection {
            Collection::Sequence(items) => NodeValue::Sequence(items),
            Collection::Mapping { mut mapping, merges, .. } => {
                merge(&mut mapping, &merges, diagnostics);
                NodeValue::Mapping(mapping)
            }
        };
        let node = Arc::new(Node { span, tag: open.tag, value });
        self.remember(open.anchor, &node, self.nodes - open.nodes_before);
        self.place(node, end, diagnostics);
    }

    fn count(&mut self, nodes: usize) -> Outcome {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.nodes { Err(Stop::Nodes) } else { Ok(()) }
    }

    fn remember(&mut self, anchor: usize, node: &Arc<Node>, nodes: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Sized { node: Arc::clone(node), nodes });
        }
    }

    /// Puts a finished node where it belongs: into the innermost collection, or at the root.
    fn place(&mut self, node: Arc<Node>, end: u32, diagnostics: &mut Diagnostics) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.end = open.end.max(end);
        match &mut open.collection {
            Collection::Sequence(items) => items.push(node),
            Collection::Mapping { mapping, key, merges } => match key.take() {
                None => *key = Some(read_key(&node, diagnostics)),
                Some(Key::Bad) => {}
                Some(Key::Merge) => merges.push(node),
                Some(Key::Text(name)) => insert(mapping, name, node, diagnostics),
            },
        }
    }
}

fn read_key(node: &Node, diagnostics: &mut Diagnostics) -> Key {
    match &node.value {
        NodeValue::Scalar(Scalar { text, style: ScalarStyle::Plain }) if text == "<<" => Key::Merge,
        NodeValue::Scalar(scalar) => Key::Text(Spanned::new(scalar.text.clone(), node.span)),
        NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
            let finding = Diagnostic::new(&BAD_KEY, format!("a key is text, not {}", node.kind()))
                .at(node.span, "expected a name")
                .help("quote text that begins with `{` or `[`, or render the template first");
            diagnostics.push(finding);
            Key::Bad
        }
    }
}

fn insert(
    mapping: &mut Mapping,
    key: Spanned<String>,
    value: Arc<Node>,
    diagnostics: &mut Diagnostics,
) {
    let again = key.span;
    if let Some(before) = mapping.insert(Entry { key, value, merged: false }) {
        let name = &before.key.value;
        diagnostics.push(
            Diagnostic::new(&DUPLICATE_KEY, format!("`{name}` is written twice"))
                .at(again, "written again")
                .at(before.key.span, "first written here")
                .help("take one of them away"),
        );
    }
}

/// Adds what merge keys bring. The mapping's own keys win, then earlier mappings.
fn merge(mapping: &mut Mapping, merges: &[Arc<Node>], diagnostics: &mut Diagnostics) {
    for node in merges {
        let parts: Vec<&Node> = match &node.value {
            NodeValue::Sequence(items) => items.iter().map(AsRef::as_ref).collect(),
            _ => vec![node],
        };
        // Null stands where an alias was reported, and has nothing to bring.
        for part in parts.into_iter().filter(|part| !part.is_null()) {
            let Some(other) = part.as_mapping() else {
                let message = format!("`<<` takes a mapping, not {}", part.kind());
                let label = "expected a mapping, or an alias of one";
                diagnostics.push(Diagnostic::new(&BAD_MERGE, message).at(part.span, label));
                continue;
            };
            for entry in other.iter() {
                mapping.insert_missing(entry);
            }
        }
    }
}
