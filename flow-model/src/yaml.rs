//! Values written as YAML.
//!
//! `serde-saphyr` knows what has to be quoted so that readers of YAML 1.1 and 1.2 understand it alike.
//! Almost all scalars of a manifest are plain words, numbers and JSON, for which asking it takes most
//! of the time of an export; these are written here, and the text is the same, as a property shows.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::visible::is_visible;

/// Appends a document that readers of YAML 1.1 and 1.2 understand alike, and that can be looked at:
/// characters that a terminal would obey are escaped.
pub(crate) fn write(text: &mut String, value: &Value) -> Result<(), serde_saphyr::ser::Error> {
    match value {
        Value::Object(entries) if !entries.is_empty() => mapping(text, entries, 0, false),
        Value::Array(items) if !items.is_empty() => list(text, items, 0, false),
        other => scalar(text, other).map(|()| text.push('\n')),
    }
}

type Written = Result<(), serde_saphyr::ser::Error>;

/// The entries of a mapping. `is_begun` says that the first one stands on a line that has begun.
fn mapping(
    text: &mut String,
    entries: &Map<String, Value>,
    depth: usize,
    mut is_begun: bool,
) -> Written {
    for (key, value) in entries {
        if !std::mem::take(&mut is_begun) {
            indent(text, depth);
        }
        write_key(text, key)?;
        text.push(':');
        match value {
            Value::Object(entries) if !entries.is_empty() => {
                text.push('\n');
                mapping(text, entries, depth + 1, false)?;
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                list(text, items, depth, false)?;
            }
            other => {
                text.push(' ');
                scalar(text, other)?;
                text.push('\n');
            }
        }
    }
    Ok(())
}

/// The items of a list, which are as deep as the key that they belong to.
fn list(text: &mut String, items: &[Value], depth: usize, mut is_begun: bool) -> Written {
    for item in items {
        if !std::mem::take(&mut is_begun) {
            indent(text, depth);
        }
        text.push_str("- ");
        match item {
            Value::Object(entries) if !entries.is_empty() => {
                mapping(text, entries, depth + 1, true)?;
            }
            Value::Array(items) if !items.is_empty() => list(text, items, depth + 1, true)?,
            other => {
                scalar(text, other)?;
                text.push('\n');
            }
        }
    }
    Ok(())
}

fn indent(text: &mut String, depth: usize) {
    (0..depth).for_each(|_| text.push_str("  "));
}

fn scalar(text: &mut String, value: &Value) -> Written {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) if !number.is_f64() => {
            // Writing into a `String` does not fail.
            let _ = write!(text, "{number}");
        }
        Value::String(string) => return write_text(text, string),
        Value::Object(_) => text.push_str("{}"),
        Value::Array(_) => text.push_str("[]"),
        Value::Number(_) => return ask(text, value),
    }
    Ok(())
}

fn write_text(text: &mut String, string: &str) -> Written {
    if is_plain(string) {
        text.push_str(string);
    } else if !string.is_empty() && string.bytes().all(|byte| byte.is_ascii_digit()) {
        text.push('"');
        text.push_str(string);
        text.push('"');
    } else if is_better_single_quoted(string) {
        text.push('\'');
        for (index, part) in string.split('\'').enumerate() {
            if index > 0 {
                text.push_str("''");
            }
            text.push_str(part);
        }
        text.push('\'');
    } else if is_shown(string) {
        return ask(text, &string);
    } else {
        return escaped(text, string);
    }
    Ok(())
}

fn write_key(text: &mut String, key: &str) -> Written {
    if is_plain(key) && !key.contains(':') {
        text.push_str(key);
        return Ok(());
    }
    if !is_shown(key) {
        return escaped(text, key);
    }
    let mut entry = String::new();
    ask(&mut entry, &std::collections::BTreeMap::from([(key, 0)]))?;
    text.push_str(entry.strip_suffix(": 0").unwrap_or(&entry));
    Ok(())
}

/// Appends what `serde-saphyr` writes.
fn ask(text: &mut String, value: &impl Serialize) -> Written {
    // Folded and literal blocks would spread JSON arguments over lines.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_fmt_writer_with_options(text, value, options)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(())
}

/// Whether nothing in a text is obeyed by a terminal and left as it is by `serde-saphyr`, which escapes
/// what ASCII has of it.
fn is_shown(text: &str) -> bool {
    text.is_ascii() || text.chars().all(is_visible)
}

/// Appends a text in double quotes, in which alone characters can be escaped.
fn escaped(text: &mut String, string: &str) -> Written {
    let mut quoted = String::new();
    ask(&mut quoted, &serde_saphyr::DoubleQuoted(string))?;
    for c in quoted.chars() {
        if is_visible(c) {
            text.push(c);
        } else {
            // Writing into a `String` does not fail.
            let _ = write!(text, "\\U{:08X}", u32::from(c));
        }
    }
    Ok(())
}

/// Whether a text is a word that every reader takes for text: it begins with a letter, `/` or `--`
/// and a letter, holds nothing that means something to YAML, and is no other value's word.
fn is_plain(text: &str) -> bool {
    let bytes = text.strip_prefix("--").unwrap_or(text).as_bytes();
    let begins_well = match bytes.first() {
        Some(b'/') => bytes.len() == text.len(),
        Some(first) => first.is_ascii_alphabetic(),
        None => false,
    };
    let is_harmless = |(at, byte): (usize, &u8)| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b'=' | b'@' => true,
        b':' => bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'/'),
        _ => false,
    };
    begins_well && bytes.iter().enumerate().all(is_harmless) && !is_word_of_yaml(text)
}

/// Words that some reader takes for a boolean, null or a number.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 11] =
        ["y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Single quotes hold printable text of one line alone; there, nothing but `'` is escaped. Without
/// them, every quote of JSON would be escaped.
fn is_better_single_quoted(text: &str) -> bool {
    text.contains('"') && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
    use serde_json::{Value, json};

    /// A value as `serde-saphyr` writes it, except that text which holds quotes stands in single
    /// ones.
    struct Readable<'a>(&'a Value);

    impl Serialize for Readable<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                Value::String(text) if super::is_better_single_quoted(text) => {
                    serde_saphyr::SingleQuoted(text).serialize(serializer)
                }
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
                        map.serialize_entry(key, &Readable(value))?;
                    }
                    map.end()
                }
                other => other.serialize(serializer),
            }
        }
    }

    /// Text that means something to YAML, or nearly, and anything else.
    fn any_text() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "y",
            "Yes",
            "NO",
            "on",
            "Off",
            "true",
            "null",
            "~",
            "nan",
            ".inf",
            "Inf",
            "-",
            "--",
            "---",
            "--a",
            "--name",
            "--5",
            "-5",
            "5",
            "0755",
            "0x1f",
            "1e5",
            "e5",
            "1:30",
            "a:b",
            "a: b",
            "a:",
            "a #b",
            "a#b",
            "docker.io/x/y:1",
            "k=v",
            "=",
            "<<",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{}",
            "[]",
            ",",
            "|",
            ">",
            "?",
            "'",
            "\"",
            "{\"a\": 'b'}",
            " ",
            "a b",
            "\n",
            "\t",
            "\u{85}",
            "\u{feff}",
            "é",
            "日本",
            "2020-01-01",
            "_",
            ".",
            "/",
            "/a",
            "--/",
            "a.b",
            "a_b",
            "1_000",
            "http://x:80/",
            "a:/",
            "a:-",
            "\\",
        ]);
        // What a terminal obeys is escaped here, and left as it is there.
        let shown = "\\PC{0,8}".prop_filter("escaped", |text| super::is_shown(text));
        let joined = prop::collection::vec(words, 0..4).prop_map(|words| words.concat());
        prop_oneof![joined, "[ -~]{0,12}", "[a-zA-Z0-9_./:=@-]{0,6}", shown]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
        ];
        let leaf = prop_oneof![
            6 => any_text().prop_map(Value::from),
            1 => number,
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::Null),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any_text(), inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn the_text_is_that_of_serde_saphyr(value in any_value()) {
            let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
            let mut expected = String::new();
            serde_saphyr::to_fmt_writer_with_options(&mut expected, &Readable(&value), options)
                .unwrap();
            let mut text = String::new();
            super::write(&mut text, &value).unwrap();
            prop_assert_eq!(text, expected);
        }
    }

    #[test]
    fn text_stays_text_for_every_reader() {
        let value = json!({
            "json": r#"{"a": "it's"}"#,
            "yes": ["yes", "on", "1:30", "0755", "1_000", "~", "", "=", "<<", "2020-01-01", "1.10", "é", "a: b", "# x", "- x", "*x", "!x", "%x", "@x", "`x", "|", "{}", "[]"],
            "lines": "one\ntwo\n",
            "tab": "a\tb",
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
