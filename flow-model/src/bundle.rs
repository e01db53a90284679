//! The output of a backend: files of documents, with the origin of each document in the Flow.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Bound;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::facts::Facts;
use crate::span::Span;
use crate::yaml;

/// Files in the order in which they are written. Rendering again gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bundle {
    /// Facts about all files.
    pub facts: Facts,
    /// The files.
    pub files: Vec<BundleFile>,
}

/// One file.
#[derive(Debug, Clone, PartialEq)]
pub struct BundleFile {
    /// A relative path with `/` between its parts.
    pub path: String,
    /// The content.
    pub content: Content,
}

/// The content of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// YAML documents, at least one.
    Documents(Vec<Document>),
    /// Text in another language than YAML.
    Text(String),
}

/// One document: an object of Kubernetes, a Compose file.
#[derive(Debug, Clone)]
pub struct Document {
    object: Arc<dyn Object>,
    /// The identity of the object; `None` for a document that is not an object.
    pub id: Option<ObjectId>,
    /// The origin of its parts in the Flow.
    pub origins: Origins,
}

/// The identity of a Kubernetes object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// `GROUP/VERSION`, or `v1`.
    pub api_version: Cow<'static, str>,
    /// `Deployment`.
    pub kind: Cow<'static, str>,
    /// Its name in its namespace.
    pub name: String,
}

/// An object that can be written as a document. It is converted to a value only on demand, because
/// this takes longer than writing the text.
trait Object: std::fmt::Debug + Send + Sync {
    fn value(&self) -> Result<Value, serde_json::Error>;

    fn write(&self, text: &mut String) -> Result<(), serde_saphyr::ser::Error>;
}

impl<T: Serialize + std::fmt::Debug + Send + Sync> Object for T {
    fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    fn write(&self, text: &mut String) -> Result<(), serde_saphyr::ser::Error> {
        yaml::write(text, self)
    }
}

impl Document {
    /// A document of an object: a type, or a [`Value`].
    pub fn new(
        object: impl Serialize + std::fmt::Debug + Send + Sync + 'static,
        origins: Origins,
    ) -> Self {
        Self { object: Arc::new(object), id: None, origins }
    }

    /// Sets the identity of the object.
    pub fn of(self, id: ObjectId) -> Self {
        Self { id: Some(id), ..self }
    }

    /// The document as values; maps keep their order. Converted on every call.
    ///
    /// # Panics
    ///
    /// When the object cannot be written as JSON: when a key is not text, or its type fails to
    /// serialize.
    pub fn value(&self) -> Value {
        self.object.value().expect("objects of documents are written as JSON too")
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.origins == other.origins && self.value() == other.value()
    }
}

/// A key as one part of a JSON pointer, in which `/` ends a part.
pub fn pointer_token(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        return key.replace('~', "~0").replace('/', "~1").into();
    }
    key.into()
}

/// The origin of each part of a document: JSON pointer (RFC 6901) to span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    spans: BTreeMap<Cow<'static, str>, Span>,
    /// The further origins of a part; few parts have several.
    others: BTreeMap<Cow<'static, str>, Vec<Span>>,
}

impl Origins {
    /// No origins.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the origin of the part at `pointer` and of everything in it. `""` is the whole
    /// document. Does nothing without a span.
    pub fn insert(&mut self, pointer: impl Into<Cow<'static, str>>, span: impl Into<Option<Span>>) {
        let Some(span) = span.into() else { return };
        let pointer = pointer.into();
        self.others.remove(&pointer);
        self.spans.insert(pointer, span);
    }

    /// As [`Origins::insert`], for a part of the part at `parent`.
    pub fn insert_in(&mut self, parent: &str, part: impl Display, span: impl Into<Option<Span>>) {
        if let Some(span) = span.into() {
            self.insert(format!("{parent}/{part}"), span);
        }
    }

    /// As [`Origins::insert`], for a part that comes from several places.
    pub fn insert_all(&mut self, pointer: impl Into<Cow<'static, str>>, spans: &[Span]) {
        match spans {
            [] => {}
            [only] => self.insert(pointer, *only),
            [first, others @ ..] => {
                let pointer = pointer.into();
                self.insert(pointer.clone(), *first);
                self.others.insert(pointer, others.to_vec());
            }
        }
    }

    /// Removes the origins of the part at `pointer` and of everything in it.
    pub fn remove(&mut self, pointer: &str) {
        remove_inside(&mut self.spans, pointer);
        remove_inside(&mut self.others, pointer);
    }

    /// Removes the origins of an item of the list at `pointer`, and moves those of the items after it.
    pub fn remove_item(&mut self, pointer: &str, index: usize) {
        self.remove(&format!("{pointer}/{index}"));
        let moved = |at: &str| {
            let rest = at.strip_prefix(pointer)?.strip_prefix('/')?;
            let end = rest.find('/').unwrap_or(rest.len());
            let place: usize = rest[..end].parse().ok().filter(|place| *place > index)?;
            Some(format!("{pointer}/{}{}", place - 1, &rest[end..]))
        };
        let rename = |at: Cow<'static, str>| moved(&at).map_or(at, Cow::from);
        let spans = std::mem::take(&mut self.spans);
        self.spans = spans.into_iter().map(|(at, span)| (rename(at), span)).collect();
        let others = std::mem::take(&mut self.others);
        self.others = others.into_iter().map(|(at, spans)| (rename(at), spans)).collect();
    }

    /// The origin of the part at `pointer`: the span of its longest known prefix, or the first one
    /// if it has several.
    pub fn find(&self, pointer: &str) -> Option<Span> {
        self.known(pointer).map(|(_, span)| span)
    }

    /// All origins of the part at `pointer`.
    pub fn find_all(&self, pointer: &str) -> Vec<Span> {
        let Some((prefix, span)) = self.known(pointer) else { return Vec::new() };
        let others = self.others.get(prefix).into_iter().flatten();
        std::iter::once(span).chain(others.copied()).collect()
    }

    /// The longest known prefix of a pointer, and its first span.
    fn known<'a>(&self, pointer: &'a str) -> Option<(&'a str, Span)> {
        let mut prefix = pointer;
        loop {
            if let Some(span) = self.spans.get(prefix) {
                return Some((prefix, *span));
            }
            prefix = &prefix[..prefix.rfind('/')?];
        }
    }

    /// All origins by pointer; a part with several origins is listed once for each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.spans.iter().flat_map(|(pointer, span)| {
            let others = self.others.get(pointer).into_iter().flatten();
            std::iter::once(*span).chain(others.copied()).map(|span| (&**pointer, span))
        })
    }
}

/// Removes the part at `pointer` and everything in it.
fn remove_inside<T>(parts: &mut BTreeMap<Cow<'static, str>, T>, pointer: &str) {
    let from = (Bound::Included(pointer), Bound::Unbounded);
    let alike = parts.range::<str, _>(from).map(|(at, _)| at);
    let alike = alike.map_while(|at| Some((at, at.strip_prefix(pointer)?)));
    let inside = alike.filter(|(_, rest)| rest.is_empty() || rest.starts_with('/'));
    for at in inside.map(|(at, _)| at.clone()).collect::<Vec<_>>() {
        parts.remove(&at);
    }
}

impl Bundle {
    /// Every document with the path of its file.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.files
            .iter()
            .flat_map(|file| file.documents().iter().map(|doc| (file.path.as_str(), doc)))
    }
}

impl BundleFile {
    /// A file of YAML.
    pub fn yaml(path: impl Into<String>, documents: Vec<Document>) -> Self {
        Self { path: path.into(), content: Content::Documents(documents) }
    }

    /// A file of another language.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), content: Content::Text(text.into()) }
    }

    /// The documents; empty if the file is not YAML.
    pub fn documents(&self) -> &[Document] {
        match &self.content {
            Content::Documents(documents) => documents,
            Content::Text(_) => &[],
        }
    }

    /// The text of the file. The YAML is the same in version 1.1 and 1.2, with `---` between
    /// documents.
    ///
    /// # Errors
    ///
    /// If the YAML writer fails; no known document makes it fail.
    pub fn to_text(&self) -> Result<String, YamlError> {
        let mut text = String::new();
        self.write(&mut text)?;
        Ok(text)
    }

    /// Appends the text of the file to another one.
    ///
    /// # Errors
    ///
    /// As [`BundleFile::to_text`].
    pub fn write(&self, text: &mut String) -> Result<(), YamlError> {
        let documents = match &self.content {
            Content::Documents(documents) => documents,
            Content::Text(own) => {
                text.push_str(own);
                return Ok(());
            }
        };
        for (index, document) in documents.iter().enumerate() {
            if index > 0 {
                text.push_str("---\n");
            }
            let written = document.object.write(text);
            written
                .map_err(|error| YamlError { path: self.path.clone(), why: error.to_string() })?;
        }
        Ok(())
    }
}

/// A document that could not be written as YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    path: String,
    why: String,
}

impl std::fmt::Display for YamlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot write {} as YAML: {}", self.path, self.why)
    }
}

impl std::error::Error for YamlError {}

#[cfg(test)]
mod tests {
    use super::Origins;
    use crate::{Sources, Span};

    #[test]
    fn the_longest_known_prefix_wins() {
        let file = Sources::new().add("flow.yml", "");
        let (whole, spec, port) =
            (Span::new(file, 0, 9), Span::new(file, 1, 2), Span::new(file, 3, 4));
        let mut origins = Origins::new();
        origins.insert("", whole);
        origins.insert("/spec", spec);
        origins.insert("/spec/ports/0", port);
        for (pointer, expected) in [
            ("", whole),
            ("/metadata/name", whole),
            ("/spec", spec),
            ("/spec/ports", spec),
            ("/spec/ports/0/port", port),
            ("/spec/ports/01", spec),
            ("/specs", whole),
        ] {
            assert_eq!(origins.find(pointer), Some(expected), "{pointer}");
        }
    }
    #[test]
    fn a_part_is_removed_with_everything_in_it() {
        let span = Span::new(Sources::new().add("flow.yml", ""), 0, 1);
        // Some names sort before a slash, and some begin like others.
        let all = ["", "/a", "/a-b", "/a/b", "/a/b/c", "/a/bc", "/ab", "/b"];
        for (removed, left) in [
            ("/a/b", &["", "/a", "/a-b", "/a/bc", "/ab", "/b"][..]),
            ("/a", &["", "/a-b", "/ab", "/b"]),
            ("/a/b/c", &["", "/a", "/a-b", "/a/b", "/a/bc", "/ab", "/b"]),
            ("/c", &all),
            ("", &[]),
        ] {
            let mut origins = Origins::new();
            for at in all {
                origins.insert_all(at, &[span, span]);
            }
            origins.remove(removed);
            let at: Vec<_> = origins.spans.keys().map(AsRef::as_ref).collect();
            assert_eq!(at, left, "{removed}");
            assert!(origins.spans.keys().eq(origins.others.keys()), "{removed}");
        }
    }
}
