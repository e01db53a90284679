//! Builds nodes from events, without recursion.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::budget::{Budget, Size, Spent};
use super::rules::{BAD_KEY, BAD_MERGE, DUPLICATE_KEY, UNKNOWN_ANCHOR};
use super::tag::bad_tag;
use super::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{Span, Spanned};

/// Builds one document after the other.
pub(super) struct Builder<'a> {
    budget: &'a mut Budget,
    open: Vec<Open>,
    root: Option<Arc<Node>>,
    anchors: BTreeMap<usize, Anchored>,
    /// The size of the document so far, with aliases expanded.
    size: Size,
}

/// The value of an anchor, with its expanded size.
#[derive(Clone)]
struct Anchored {
    node: Arc<Node>,
    size: Size,
    /// The depth of nested collections in it.
    height: usize,
}

/// A limit that was exceeded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    Depth,
    Spent(Spent),
}

impl From<Spent> for Stop {
    fn from(spent: Spent) -> Self {
        Self::Spent(spent)
    }
}

/// A collection that has not ended.
struct Open {
    tag: Option<Spanned<String>>,
    anchor: usize,
    span: Span,
    /// The end of its last child; the end event comes only after blank lines and comments.
    end: u32,
    /// [`Builder::size`] at its beginning.
    before: Size,
    /// The height of its highest child.
    height: usize,
    collection: Collection,
}

enum Collection {
    Sequence(Vec<Arc<Node>>),
    Mapping {
        mapping: Mapping,
        key: Option<Key>,
        /// The first merge key.
        merge: Option<Span>,
        /// The values of merge keys, with their spans.
        merges: Vec<(Arc<Node>, Span)>,
    },
}

/// A key that waits for its value.
enum Key {
    Text(Spanned<String>),
    Merge,
    /// Reported; its value is dropped.
    Bad,
}

type Outcome = Result<(), Stop>;

impl<'a> Builder<'a> {
    pub(super) fn new(budget: &'a mut Budget) -> Self {
        let (open, anchors) = (Vec::new(), BTreeMap::new());
        Self { budget, open, root: None, anchors, size: Size::default() }
    }

    /// The document that has ended.
    pub(super) fn finish(&mut self) -> Option<Arc<Node>> {
        let root = self.root.take();
        self.abandon();
        // A document with only comments is null in YAML, but counts as empty here.
        root.filter(|root| !(root.is_null() && root.span.start == root.span.end))
    }

    /// Drops a document that cannot be finished.
    pub(super) fn abandon(&mut self) {
        self.open.clear();
        self.root = None;
        self.anchors.clear();
        self.size = Size::default();
    }

    pub(super) fn scalar(
        &mut self,
        scalar: Scalar,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Outcome {
        let size = Size::of_text(&scalar.text);
        self.count(size)?;
        let node =
            Arc::new(Node { tag: tag.map(Box::new), ..Node::new(span, NodeValue::Scalar(scalar)) });
        self.remember(anchor, &node, size, 0);
        self.place(node, 0, span, diagnostics);
        Ok(())
    }

    /// A placeholder for a value that could not be read.
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
        let Some(Anchored { node, size, height }) = self.anchors.get(&anchor).cloned() else {
            let finding = Diagnostic::new(&UNKNOWN_ANCHOR, "an alias is inside its own anchor")
                .at(span, "this alias is part of the anchor's value");
            diagnostics.push(finding);
            return self.null(span, diagnostics);
        };
        self.count(size)?;
        if self.open.len() + height > self.budget.limits().depth {
            return Err(Stop::Depth);
        }
        let node = Arc::new(Node { alias: Some(span), ..Node::clone(&node) });
        self.place(node, height, span, diagnostics);
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
        let merges = Vec::new();
        let collection = Collection::Mapping { mapping, key: None, merge: None, merges };
        self.open(tag, anchor, span, collection)
    }

    fn open(
        &mut self,
        tag: Option<Spanned<String>>,
        anchor: usize,
        span: Span,
        collection: Collection,
    ) -> Outcome {
        if self.open.len() >= self.budget.limits().depth {
            return Err(Stop::Depth);
        }
        let before = self.size;
        self.count(Size::COLLECTION)?;
        self.open.push(Open { tag, anchor, span, end: span.end, before, height: 0, collection });
        Ok(())
    }

    /// Ends the innermost collection. `end` is the closing bracket, or, for a block, a place
    /// without text.
    pub(super) fn close(&mut self, end: Span, diagnostics: &mut Diagnostics) {
        let Some(open) = self.open.pop() else { return };
        let end = if end.end > end.start { end.end.max(open.end) } else { open.end };
        let span = Span { end, ..open.span };
        let value = match open.collection {
            Collection::Sequence(items) => NodeValue::Sequence(Arc::new(items)),
            Collection::Mapping { mut mapping, merges, .. } => {
                merge(&mut mapping, &merges, diagnostics);
                mapping.shrink();
                NodeValue::Mapping(Arc::new(mapping))
            }
        };
        let node = Arc::new(Node { tag: open.tag.map(Box::new), ..Node::new(span, value) });
        let height = open.height + 1;
        self.remember(open.anchor, &node, self.size.since(open.before), height);
        self.place(node, height, span, diagnostics);
    }

    fn count(&mut self, size: Size) -> Outcome {
        self.budget.read(size)?;
        self.size += size;
        Ok(())
    }

    fn remember(&mut self, anchor: usize, node: &Arc<Node>, size: Size, height: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: Arc::clone(node), size, height });
        }
    }

    /// Adds a finished node to the innermost collection, or as the root. `at` is its place, which
    /// for an alias differs from the place of its value.
    fn place(&mut self, node: Arc<Node>, height: usize, at: Span, diagnostics: &mut Diagnostics) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.end = open.end.max(at.end);
        open.height = open.height.max(height);
        match &mut open.collection {
            Collection::Sequence(items) => items.push(node),
            Collection::Mapping { mapping, key, merge, merges } => match key.take() {
                None => {
                    let read = read_key(&node, diagnostics);
                    if let Key::Merge = read {
                        match *merge {
                            Some(before) => diagnostics.push(merged_twice(before, node.span)),
                            None => *merge = Some(node.span),
                        }
                    }
                    *key = Some(read);
                }
                Some(Key::Bad) => {}
                Some(Key::Merge) => merges.push((node, at)),
                Some(Key::Text(name)) => insert(mapping, name, node, diagnostics),
            },
        }
    }
}

fn read_key(node: &Node, diagnostics: &mut Diagnostics) -> Key {
    if let Some(tag) = &node.tag {
        diagnostics.push(bad_tag(tag, "a key"));
    }
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
    if let Some(before) = mapping.insert(Entry { key, value, merged: None }) {
        let name = &before.key.value;
        diagnostics.push(
            Diagnostic::new(&DUPLICATE_KEY, format!("`{name}` is written twice"))
                .at(again, "written again")
                .at(before.key.span, "first written here")
                .help("remove one of them"),
        );
    }
}

fn merged_twice(before: Span, again: Span) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_KEY, "`<<` is written twice")
        .at(again, "written again")
        .at(before, "first written here")
        .help("write one list: `<<: [*first, *second]`")
}

/// Adds the entries of merge keys. The mapping's own keys win, then earlier mappings.
fn merge(mapping: &mut Mapping, merges: &[(Arc<Node>, Span)], diagnostics: &mut Diagnostics) {
    for (node, at) in merges {
        let parts: Vec<&Node> = match &node.value {
            NodeValue::Sequence(items) => items.iter().map(AsRef::as_ref).collect(),
            _ => vec![node],
        };
        // Null replaces an alias that was reported, and has no entries.
        for part in parts.into_iter().filter(|part| !part.is_null()) {
            if let Some(tag) = &part.tag {
                diagnostics.push(bad_tag(tag, "the value of `<<`"));
            }
            let Some(other) = part.as_mapping() else {
                let message = format!("`<<` takes a mapping, not {}", part.kind());
                let label = "expected a mapping, or an alias of one";
                diagnostics.push(Diagnostic::new(&BAD_MERGE, message).at(part.span, label));
                continue;
            };
            for entry in other.iter() {
                mapping.insert_missing(entry, part.alias.unwrap_or(*at));
            }
        }
    }
}
