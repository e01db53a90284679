//! Edits of the source that cure a finding.

use crate::span::{Span, Spanned};

/// An edit of the source that cures a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the edit does, as an instruction: ``rename to `replicas` ``.
    pub title: String,
    /// What is replaced; the spans do not overlap.
    pub edits: Vec<Edit>,
    /// How sure it is that the edit is what the author meant.
    pub applicability: Applicability,
}

/// A piece of source text and what replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace; empty to insert.
    pub span: Span,
    /// The text to put there.
    pub text: String,
}

/// How sure it is that an edit is what the author meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Certain: a program may apply it without asking.
    Safe,
    /// Likely: a person should look at it before or after.
    Unsafe,
    /// It shows the way, but holds text that the author has to fill in.
    DisplayOnly,
}

impl Fix {
    /// Replaces a word of the source, as a rename does. `None` where the word does not stand in the
    /// source as it reads (it was substituted, built in code, or written with escapes), and where
    /// `word` needs quotes.
    pub fn rename(
        written: &Spanned<String>,
        word: &str,
        applicability: Applicability,
    ) -> Option<Self> {
        let span = written.span.filter(|span| !span.substituted)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !word.starts_with(|c: char| c.is_ascii_alphabetic()) || !word.chars().all(is_plain) {
            return None;
        }
        // Of a quoted word the quotes stay.
        let quote = match span.range().len().checked_sub(written.value.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return None,
        };
        let span = Span { start: span.start + quote, end: span.end - quote, ..span };
        Some(Self {
            title: format!("rename to `{word}`"),
            edits: vec![Edit { span, text: word.to_owned() }],
            applicability,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Applicability, Fix};
    use crate::span::{FileId, Span, Spanned};

    /// Applies the only edit of a rename to `text`, where `written` is the whole of it.
    fn renamed(text: &str, written: &str, word: &str) -> Option<String> {
        let span = Span::new(FileId(0), 0, u32::try_from(text.len()).ok()?);
        let fix =
            Fix::rename(&Spanned::new(written.to_owned(), span), word, Applicability::Unsafe)?;
        let [edit] = fix.edits.as_slice() else { return None };
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.text);
        Some(text)
    }

    #[test]
    fn a_rename_replaces_the_word_and_keeps_its_quotes() {
        for (text, written, word, expected) in [
            ("replica", "replica", "replicas", Some("replicas")),
            ("'replica'", "replica", "replicas", Some("'replicas'")),
            ("\"replica\"", "replica", "replicas", Some("\"replicas\"")),
            ("\"repl\\u0069ca\"", "replica", "replicas", None),
            ("${{ ENV.KEY }}", "replica", "replicas", None),
            ("[encodr]", "encodr", "a b", None),
            ("encodr", "encodr", "1a", None),
        ] {
            assert_eq!(renamed(text, written, word).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_was_substituted_or_never_written_has_no_rename() {
        let span = Span { substituted: true, ..Span::new(FileId(0), 0, 1) };
        let written = [Spanned::new("a".to_owned(), span), Spanned::unwritten("a".to_owned())];
        for written in written {
            assert_eq!(Fix::rename(&written, "b", Applicability::Safe), None);
        }
    }
}
