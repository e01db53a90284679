//! Edits of the source that fix a finding.

use crate::span::{Span, Spanned};

/// An edit of the source that fixes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the edit does, as an instruction: ``rename to `replicas` ``.
    pub title: String,
    /// The replacements; their spans do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the edit can be applied automatically.
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

/// Whether an edit can be applied automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The edit is certain and may be applied without asking.
    Safe,
    /// The edit is likely; a person should review it.
    Unsafe,
    /// The edit contains text that the author must fill in.
    DisplayOnly,
}

impl Fix {
    /// Renames a word in the source. `None` if the word is not in the source literally (it was
    /// substituted, built in code, or written with escapes), or if `word` needs quotes.
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
        // Keep the quotes of a quoted word.
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
