//! The source texts of one compilation, and positions in them.

use crate::span::{FileId, Span};

/// The texts of a compilation, by [`FileId`].
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
    /// Whether findings may show lines of the text. False for a file that is not a Flow, a
    /// Deployment or an Executor: it may have been named by mistake and may contain secrets.
    pub is_quotable: bool,
    /// The starts of all lines except the first, in 32 bits, as in spans.
    lines: Vec<u32>,
}

impl SourceFile {
    /// The line of a byte, from 1, and the start of the line. `None` after the end of the text.
    pub(crate) fn line(&self, at: usize) -> Option<(usize, usize)> {
        if at > self.text.len() {
            return None;
        }
        let before = self.lines.partition_point(|start| *start as usize <= at);
        let start = before.checked_sub(1).map_or(0, |last| self.lines[last] as usize);
        Some((before + 1, start))
    }
}

/// A line and a column. Both are counted from 1, and columns count characters.
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

    /// Hides a text: findings then show places in it, but none of its lines.
    pub fn hide(&mut self, id: FileId) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.is_quotable = false;
        }
    }

    /// The text of an id that [`Sources::add`] returned; `None` for an id of another compilation.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The line and column of a span's start. `None` if the span does not belong to these sources.
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
