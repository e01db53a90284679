//! Makes text from outside safe to show to a person.
//!
//! A name, a path or a source line may hold characters that move a terminal's cursor, hide or
//! reorder what is shown, or begin a command of a CI log. They are shown as escapes instead.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes `text` as one line: every character that a terminal or a CI log would obey is
/// shown as an escape, such as `\n` or `\u{1b}`.
///
/// ```
/// assert_eq!(flow_model::visible("a\n::error::\u{1b}[2J"), r"a\n::error::\u{1b}[2J");
/// assert_eq!(flow_model::visible("naïve 日本"), "naïve 日本");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// [`visible`], but with the line breaks and tabs of `text` kept. No line of the result is a
/// command of a CI log.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let escaped = escape(text, |c| c == '\n' || c == '\t');
    if !escaped.lines().any(begins_command) {
        return escaped;
    }
    let lines = escaped.split_inclusive('\n').map(|line| {
        if begins_command(line) { line.replacen(':', r"\u{3a}", 1) } else { line.to_owned() }
    });
    Cow::Owned(lines.collect())
}

/// True if GitHub reads the line as a command, such as `::error::text`, with or without leading
/// space.
fn begins_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Escapes characters that are not visible, except those for which `keeps` is true.
fn escape(text: &str, keeps: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_kept = |at, c| is_shown(text, at, c) || keeps(c);
    if text.char_indices().all(|(at, c)| is_kept(at, c)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            c if is_kept(at, c) => escaped.push(c),
            '\n' => escaped.push_str(r"\n"),
            '\r' => escaped.push_str(r"\r"),
            '\t' => escaped.push_str(r"\t"),
            // Writing into a `String` does not fail.
            c => drop(write!(escaped, "{}", c.escape_unicode())),
        }
    }
    Cow::Owned(escaped)
}

/// True if the character at `at` in a text is shown unchanged: it [`is_visible`], and does not
/// begin a command of a CI log, as `##[` and `##vso[` do anywhere in a line (GitHub, Azure).
pub(crate) fn is_shown(text: &str, at: usize, c: char) -> bool {
    is_visible(c)
        && !(c == '#' && text[..at].ends_with('#') && is_word_and_bracket(&text[at + 1..]))
}

fn is_word_and_bracket(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_ascii_lowercase()).starts_with('[')
}

/// False for characters that are obeyed instead of shown: control characters, line and paragraph
/// separators, those that reorder text (Unicode's `Bidi_Control`), and those without width. True
/// for joiners, because scripts and emoji need them.
pub(crate) fn is_visible(c: char) -> bool {
    !matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::{is_visible, visible, visible_lines};

    #[test]
    fn what_would_be_obeyed_is_shown() {
        for (text, line, lines) in [
            ("", "", ""),
            ("a b", "a b", "a b"),
            ("é 日本 👩\u{200d}💻", "é 日本 👩\u{200d}💻", "é 日本 👩\u{200d}💻"),
            ("a\u{1b}[31m", r"a\u{1b}[31m", r"a\u{1b}[31m"),
            ("a\u{9b}31m", r"a\u{9b}31m", r"a\u{9b}31m"),
            ("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}"),
            ("\u{feff}a\u{ad}", r"\u{feff}a\u{ad}", r"\u{feff}a\u{ad}"),
            ("a\r\nb\tc", r"a\r\nb\tc", "a\\r\nb\tc"),
            ("a\n::error::x", r"a\n::error::x", "a\n\\u{3a}:error::x"),
            ("a\n \t::error::x", r"a\n \t::error::x", "a\n \t\\u{3a}:error::x"),
            ("a::b", "a::b", "a::b"),
            ("x ##[error]y", r"x #\u{23}[error]y", r"x #\u{23}[error]y"),
            ("##vso[task]", r"#\u{23}vso[task]", r"#\u{23}vso[task]"),
            ("###[group]", r"##\u{23}[group]", r"##\u{23}[group]"),
            ("## a [b]", "## a [b]", "## a [b]"),
        ] {
            assert_eq!(visible(text), line, "{text:?}");
            assert_eq!(visible_lines(text), lines, "{text:?}");
        }
    }

    #[test]
    fn every_control_character_is_escaped() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert!(!(c.is_control() && is_visible(c)), "{c:?}");
        }
    }
}
