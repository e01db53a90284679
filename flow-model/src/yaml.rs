//! Values written as YAML.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

/// Appends a document that readers of YAML 1.1 and 1.2 understand alike.
pub(crate) fn write(text: &mut String, value: &Value) -> Result<(), serde_saphyr::ser::Error> {
    // Folded and literal blocks would spread JSON arguments over lines.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_fmt_writer_with_options(text, &Readable(value), options)
}

/// A value in which text that holds quotes, such as JSON, stands in single quotes: without it
/// every quote would be escaped.
struct Readable<'a>(&'a Value);

impl Serialize for Readable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) if is_better_single_quoted(text) => {
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
        numbers:
        - 1
        - 1.5
        - true
        - null
        "##);
    }
}
