//! Values written as YAML.

use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use crate::visible::is_visible;

/// Appends a document that readers of YAML 1.1 and 1.2 understand alike, and that can be looked at:
/// characters that a terminal would obey are escaped.
pub(crate) fn write(text: &mut String, value: &Value) -> Result<(), serde_saphyr::ser::Error> {
    // Folded and literal blocks would spread JSON arguments over lines.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let start = text.len();
    serde_saphyr::to_fmt_writer_with_options(&mut *text, &Readable(value), options)?;
    if !text[start..].is_ascii() && text[start..].contains(is_hidden) {
        let written = text.split_off(start);
        written.split_inclusive('\n').for_each(|line| push_line(text, line));
    }
    Ok(())
}

/// What the writer leaves as it is, though a terminal obeys it.
fn is_hidden(c: char) -> bool {
    c != '\n' && !is_visible(c)
}

/// Appends a line in which such characters are escaped. Values that hold them stand in double quotes,
/// see [`ReadableText`]; keys, of which the writer takes the text alone, are put in quotes here.
fn push_line(text: &mut String, line: &str) {
    let at = line.find(|c| c != ' ' && c != '-').unwrap_or(0);
    let (before, rest) = line.split_at(at);
    text.push_str(before);
    let end = rest.find(": ").or_else(|| rest.find(":\n"));
    let plain_key = end.filter(|_| !rest.starts_with('"')).map(|end| rest.split_at(end));
    let rest = match plain_key {
        Some((key, rest)) if key.contains(is_hidden) => {
            // What plain text may hold has a meaning of its own in double quotes.
            let quoted = key.replace('\\', r"\\").replace('"', r#"\""#);
            text.push('"');
            push_escaped(text, &quoted);
            text.push('"');
            rest
        }
        _ => rest,
    };
    push_escaped(text, rest);
}

fn push_escaped(text: &mut String, written: &str) {
    for c in written.chars() {
        if is_hidden(c) {
            // Writing into a `String` does not fail.
            let _ = write!(text, "\\U{:08X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
}

/// A value in which text that holds quotes, such as JSON, stands in single quotes: without it
/// every quote would be escaped.
struct Readable<'a>(&'a Value);

impl Serialize for Readable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => ReadableText(text).serialize(serializer),
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Readable(item))?;
                }
                list.end()
            }
            Value::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&ReadableText(key), &Readable(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}

/// Text in the quotes that it needs, where the writer would choose others.
struct ReadableText<'a>(&'a str);

impl Serialize for ReadableText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0;
        if is_better_single_quoted(text) {
            serde_saphyr::SingleQuoted(text).serialize(serializer)
        } else if !text.is_ascii() && !text.chars().all(is_visible) {
            // Only there can a character be escaped.
            serde_saphyr::DoubleQuoted(text).serialize(serializer)
        } else {
            text.serialize(serializer)
        }
    }
}

/// Single quotes hold printable text of one line alone; there, nothing but `'` is escaped.
fn is_better_single_quoted(text: &str) -> bool {
    text.contains('"') && text.chars().all(|c| (' '..='~').contains(&c))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn text_stays_text_for_every_reader() {
        let value = json!({
            "json": r#"{"a": "it's"}"#,
            "yes": ["yes", "on", "1:30", "0755", "1_000", "~", "", "=", "<<", "2020-01-01", "1.10", "é", "a: b", "# x", "- x", "*x", "!x", "%x", "@x", "`x", "|", "{}", "[]"],
            "lines": "one\ntwo\n",
            "tab": "a\tb",
            "k\u{200b}\"\\": "a key",
            "obeyed": ["\u{1b}[2J", "a\rb", "a\u{7f}", "a\u{9b}b", "a\u{202e}b", "a\u{2028}b", "\u{feff}a", "\"a\u{200b}", "a\u{e0041}"],
            "key\u{202e}": "a\u{200d}b",
            "in": [{"\u{200b}-a": {"\u{202e}": "b: \u{202e}", "c: \u{202e}": ["\u{202e}"]}}],
            "numbers": [1, 1.5, true, null],
        });
        let mut text = String::new();
        super::write(&mut text, &value).unwrap();
        insta::assert_snapshot!(text, @r##"
        json: '{"a": "it''s"}'
        "yes":
        - "yes"
        - "on"
        - "1:30"
        - "0755"
        - "1_000"
        - "~"
        - ""
        - "="
        - "<<"
        - "2020-01-01"
        - "1.10"
        - é
        - "a: b"
        - "# x"
        - "- x"
        - "*x"
        - "!x"
        - "%x"
        - "@x"
        - "`x"
        - "|"
        - "{}"
        - "[]"
        lines: "one\ntwo\n"
        tab: "a\tb"
        "k\U0000200B\"\\": a key
        obeyed:
        - "\e[2J"
        - "a\rb"
        - "a\x7F"
        - "a\x9Bb"
        - "a\U0000202Eb"
        - "a\Lb"
        - "\uFEFFa"
        - "\"a\U0000200B"
        - "a\U000E0041"
        "key\U0000202E": a‍b
        in:
        - "\U0000200B-a":
            "\U0000202E": "b: \U0000202E"
            "c: \U0000202E":
            - "\U0000202E"
        numbers:
        - 1
        - 1.5
        - true
        - null
        "##);
    }
}
