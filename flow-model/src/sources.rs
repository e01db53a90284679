//! The source texts of one compilation, and positions in them.

use crate::span::{FileId, Span};

/// Every text that took part in a compilation, by [`FileId`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// One text and the name that findings show for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// A path as the user typed it, or a name such as `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Whether findings may show lines of the text. False for a file that is not a Flow, a Deployment
    /// or an Executor: whoever named it may have mistaken it, and it may hold secrets.
    pub is_quotable: bool,
    /// Where lines begin, except the first; in 32 bits, as spans are.
    lines: Vec<u32>,
}

impl SourceFile {
    /// The line of a byte, from 1, and the byte with which it begins. `None` behind the end of the
    /// text.
    pub(crate) fn line(&self, at: usize) -> Option<(usize, usize)> {
        if at > self.text.len() {
            return None;
        }
        let before = self.lines.partition_point(|start| *start as usize <= at);
        let start = before.checked_sub(1).map_or(0, |last| self.lines[last] as usize);
        Some((before + 1, start))
    }
}

/// A place as people count: both numbers begin at 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

impl Sources {
    /// No texts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and returns its id.
    ///
    /// # Panics
    ///
    /// Never in practice: only after 2³² texts.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = u32::try_from(self.files.len()).expect("fewer than 2^32 source files");
        let (name, text) = (name.into(), text.into());
        let newlines = text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n');
        let lines = newlines.map(|(_, next)| next).collect();
        self.files.push(SourceFile { name, text, is_quotable: true, lines });
        FileId(id)
    }

    /// From now on, findings name places in a text, and show none of its lines.
    pub fn hide(&mut self, id: FileId) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.is_quotable = false;
        }
    }

    /// The text behind an id that [`Sources::add`] of this value returned; for an id of another
    /// compilation there is none.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Where a span begins. `None` when the span is not of these sources.
    pub fn line_column(&self, span: Span) -> Option<LineColumn> {
        let file = self.get(span.file)?;
        let (line, start) = file.line(span.start as usize)?;
        let before = file.text.get(start..span.start as usize)?;
        Some(LineColumn { line, column: before.chars().count() + 1 })
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(span.range())
    }
}
