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
        self.files.push(SourceFile { name: name.into(), text: text.into(), is_quotable: true });
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
        let text = &self.get(span.file)?.text;
        let before = text.get(..span.start as usize)?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Some(LineColumn {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        })
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(span.range())
    }
}
