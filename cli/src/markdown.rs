//! Explanations, drawn for a terminal: wrapped text, code that stands out.

use std::io;

use anstyle::{AnsiColor, Style};

use crate::terminal::Terminal;

/// What most terminals show at least.
const WIDTH: usize = 80;

/// Draws a text in the Markdown that explanations are written in: paragraphs, lists, code. All that it
/// says can be read without colour.
pub(crate) fn draw(markdown: &str, terminal: &mut Terminal) -> io::Result<()> {
    let code = AnsiColor::Cyan.on_default();
    for block in blocks(markdown) {
        match block {
            Block::Code(lines) => {
                for line in lines {
                    terminal.styled(code, &format!("    {line}"))?;
                    writeln!(terminal)?;
                }
            }
            Block::Text { first, rest, words } => {
                for (index, line) in wrap(&words, WIDTH - rest.len()).iter().enumerate() {
                    write!(terminal, "{}", if index == 0 { first } else { rest })?;
                    for (piece, is_code) in pieces(line) {
                        terminal.styled(if is_code { code } else { Style::new() }, piece)?;
                    }
                    writeln!(terminal)?;
                }
            }
            Block::Blank => writeln!(terminal)?,
        }
    }
    Ok(())
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    Code(Vec<&'a str>),
    Text { first: &'static str, rest: &'static str, words: String },
    Blank,
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    let mut is_new = true;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            match code.take() {
                Some(lines) => blocks.push(Block::Code(lines)),
                None => code = Some(Vec::new()),
            }
            is_new = true;
        } else if let Some(lines) = &mut code {
            lines.push(line);
        } else if line.trim().is_empty() {
            blocks.push(Block::Blank);
            is_new = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            blocks.push(Block::Text { first: "- ", rest: "  ", words: item.to_owned() });
            is_new = false;
        } else {
            match blocks.last_mut() {
                Some(Block::Text { words, .. }) if !is_new => {
                    words.push(' ');
                    words.push_str(line.trim());
                }
                _ => blocks.push(Block::Text { first: "", rest: "", words: line.to_owned() }),
            }
            is_new = false;
        }
    }
    // A block of code without an end.
    blocks.extend(code.map(Block::Code));
    blocks
}

/// Lines of at most so many characters, unless a word is longer. Code is one word.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_code = false;
    for part in text.split(' ').filter(|part| !part.is_empty()) {
        match words.last_mut().filter(|_| is_code) {
            Some(code) => *code = format!("{code} {part}"),
            None => words.push(part.to_owned()),
        }
        is_code ^= part.matches('`').count() % 2 == 1;
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let has_room =
            |line: &&mut String| line.chars().count() + 1 + word.chars().count() <= width;
        match lines.last_mut().filter(has_room) {
            Some(line) => *line = format!("{line} {word}"),
            None => lines.push(word),
        }
    }
    lines
}

/// The pieces of a line, and which of them are code; the backticks stay.
fn pieces(line: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let Some(length) = rest[start + 1..].find('`') else { break };
        let end = start + length + 2;
        pieces.push((&rest[..start], false));
        pieces.push((&rest[start..end], true));
        rest = &rest[end..];
    }
    pieces.push((rest, false));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks, pieces, wrap};

    #[test]
    fn text_is_wrapped_and_code_is_kept() {
        assert_eq!(wrap("aa bb `c d` e", 7), ["aa bb", "`c d` e"]);
        assert_eq!(wrap("a `b c d e f` g", 6), ["a", "`b c d e f`", "g"]);
        assert_eq!(pieces("a `b` c"), [("a ", false), ("`b`", true), (" c", false)]);
        assert_eq!(pieces("a `b"), [("a `b", false)]);
        let text = |first, rest, words: &str| Block::Text { first, rest, words: words.to_owned() };
        assert_eq!(
            blocks("a\nb\n\n- c\n  d\n```yaml\ne:\n  f\n```\ng"),
            [
                text("", "", "a b"),
                Block::Blank,
                text("- ", "  ", "c d"),
                Block::Code(vec!["e:", "  f"]),
                text("", "", "g"),
            ]
        );
    }
}
