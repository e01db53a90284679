//! Places in source texts.

use std::ops::Range;

/// A source text among the [`Sources`](crate::Sources) of one compilation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in one source text.
///
/// Ordered by file, then by position: the order in which findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the range belongs to.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// First byte after the range; equal to `start` for a position between two characters.
    pub end: u32,
    /// Whether the value was substituted, so that the text at this place is not the value itself.
    /// Findings quote the text, never the value: it may be a secret.
    pub substituted: bool,
}

impl Span {
    /// The range `start..end` of `file`, as written.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end, substituted: false }
    }

    /// True if this range contains all of `other`.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The range as indices into the text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value with its place in the source, or `None` if it was built in code.
///
/// Equality ignores the span.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place in the source.
    pub span: Option<Span>,
}

impl<T> Spanned<T> {
    /// A value written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span: Some(span) }
    }

    /// A value that is not in any file.
    pub const fn unwritten(value: T) -> Self {
        Self { value, span: None }
    }

    /// The same place with a reference to the value.
    pub const fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

impl<T> Spanned<T> {
    /// True if the value was substituted; findings then do not quote it.
    pub fn is_substituted(&self) -> bool {
        self.span.is_some_and(|span| span.substituted)
    }
}

impl<T: Default> Default for Spanned<T> {
    fn default() -> Self {
        Self::unwritten(T::default())
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Spanned<T> {
    fn from(value: T) -> Self {
        Self::unwritten(value)
    }
}
