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
    /// The number of characters before each block of the text, so that a column far into a line is
    /// found without reading the line.
    characters: Vec<u32>,
}

/// Number of bytes of a block of [`SourceFile::characters`].
const BLOCK: usize = 1024;

impl SourceFile {
    fn new(name: String, text: String) -> Self {
        let newlines = text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n');
        let lines = newlines.map(|(_, next)| next).collect();
        let blocks = text.as_bytes().chunks(BLOCK).scan(0, |before, block| {
            let start = *before;
            *before += characters(block);
            Some(start)
        });
        let characters = blocks.collect();
        Self { name, text, is_quotable: true, lines, characters }
    }

    /// The line of a byte, from 1, and the start of the line. `None` after the end of the text.
    pub(crate) fn line(&self, at: usize) -> Option<(usize, usize)> {
        if at > self.text.len() {
            return None;
        }
        let before = self.lines.partition_point(|start| *start as usize <= at);
        let start = before.checked_sub(1).map_or(0, |last| self.lines[last] as usize);
        Some((before + 1, start))
    }

    /// The end of the line of a byte, before its line feed.
    #[cfg(any(test, feature = "report"))]
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let before = self.lines.partition_point(|start| *start as usize <= at);
        self.lines.get(before).map_or(self.text.len(), |next| *next as usize - 1)
    }

    /// The number of characters before a byte of the text.
    fn characters_before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        let before = self.characters.get(block).copied().unwrap_or(0);
        (before + characters(&self.text.as_bytes()[block * BLOCK..at])) as usize
    }
}

/// The number of characters that begin in a part of a text.
fn characters(part: &[u8]) -> u32 {
    part.iter().map(|byte| u32::from(!(0x80..0xc0).contains(byte))).sum()
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
        self.files.push(SourceFile::new(name.into(), text.into()));
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
        let at = span.start as usize;
        if !file.text.is_char_boundary(at) {
            return None;
        }
        let column = file.characters_before(at) - file.characters_before(start) + 1;
        Some(LineColumn { line, column })
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(span.range())
    }
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, Sources};
    use crate::span::Span;

    /// Lines longer and shorter than a block, with characters of one to four bytes: every place is
    /// what counting the characters of its line gives.
    #[test]
    fn places_are_those_of_counted_characters() {
        let long: String = "aö☃🚢".chars().cycle().take(3_000).collect();
        for text in
            ["", "a", "\n", "é\n", &long, &format!("x\n{long}\n\r\n{long}"), &"\n".repeat(3_000)]
        {
            let mut sources = Sources::new();
            let file = sources.add("flow.yml", text);
            let mut expected = LineColumn { line: 1, column: 1 };
            let bounds = text.char_indices().map(|(at, c)| (at, Some(c)));
            for (at, c) in bounds.chain([(text.len(), None)]) {
                let start = u32::try_from(at).unwrap();
                let place = sources.line_column(Span::new(file, start, start));
                assert_eq!(place, Some(expected), "{at} of {text:.20}");
                let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
                assert_eq!(sources.get(file).unwrap().line_end(at), line_end);
                match c {
                    Some('\n') => {
                        expected = LineColumn { line: expected.line + 1, column: 1 };
                    }
                    _ => expected.column += 1,
                }
            }
            let after = u32::try_from(text.len()).unwrap() + 1;
            assert_eq!(sources.line_column(Span::new(file, after, after)), None);
        }
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", "ö");
        assert_eq!(sources.line_column(Span::new(file, 1, 2)), None, "within a character");
    }
}
