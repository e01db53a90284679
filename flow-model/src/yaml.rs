//! Writes objects as YAML.
//!
//! `serde-saphyr` quotes text so that readers of YAML 1.1 and 1.2 read it in the same way. Almost
//! all scalars of a manifest are plain words, numbers and JSON, for which calling it would take
//! most of the time of an export. These are written here, and a property tests that the text is the
//! same.

use std::fmt::Write as _;

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_saphyr::ser::Error;

use crate::visible::is_visible;

/// Appends a document that readers of YAML 1.1 and 1.2 read in the same way and that is safe to
/// print: characters that a terminal would obey are escaped.
pub(crate) fn write<T: Serialize + ?Sized>(text: &mut String, object: &T) -> Written {
    object.serialize(Yaml { text, depth: 0, position: Position::Document })
}

type Written = Result<(), Error>;

/// The position of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// As the document.
    Document,
    /// After `key:`.
    Entry,
    /// After `- `.
    Item,
    /// As a key.
    Key,
}

/// Why a collection or null is not a key.
const NO_KEY: &str = "a key is text";

/// Writes one value.
struct Yaml<'a> {
    text: &'a mut String,
    /// The depth of the collection that contains it.
    depth: usize,
    position: Position,
}

impl<'a> Yaml<'a> {
    fn scalar(self, write: impl FnOnce(&mut String) -> Written) -> Written {
        if self.position == Position::Entry {
            self.text.push(' ');
        }
        write(self.text)?;
        if self.position != Position::Key {
            self.text.push('\n');
        }
        Ok(())
    }

    fn word(self, word: &str) -> Written {
        self.scalar(|text| {
            text.push_str(word);
            Ok(())
        })
    }

    /// Writes what is not text. As a key it is text, as in JSON.
    fn literal(self, literal: impl std::fmt::Display) -> Written {
        if self.position == Position::Key {
            return self.serialize_str(&literal.to_string());
        }
        self.scalar(|text| {
            // Writing into a `String` does not fail.
            let _ = write!(text, "{literal}");
            Ok(())
        })
    }

    fn float(self, number: impl Serialize + Into<f64> + Copy) -> Written {
        if !number.into().is_finite() {
            return self.serialize_unit();
        }
        let mut literal = String::new();
        ask(&mut literal, &number)?;
        self.literal(literal)
    }

    fn mapping(self) -> Result<Collection<'a>, Error> {
        let depth = if self.position == Position::Document { self.depth } else { self.depth + 1 };
        self.collection(depth, "{}")
    }

    /// Begins a list, whose items have the same depth as its key.
    fn list(self) -> Result<Collection<'a>, Error> {
        let depth = if self.position == Position::Item { self.depth + 1 } else { self.depth };
        self.collection(depth, "[]")
    }

    fn collection(self, depth: usize, empty: &'static str) -> Result<Collection<'a>, Error> {
        if self.position == Position::Key {
            return Err(Error::custom(NO_KEY));
        }
        Ok(Collection { text: self.text, depth, position: self.position, empty: Some(empty) })
    }

    /// The value after the name of a variant.
    fn variant(self, variant: &'static str) -> Result<Yaml<'a>, Error> {
        let mut mapping = self.mapping()?;
        mapping.key(variant)?;
        Ok(Yaml { text: mapping.text, depth: mapping.depth, position: Position::Entry })
    }
}

/// What a line begins with.
const SPACES: &str = "                                ";

/// Writes entries or items.
struct Collection<'a> {
    text: &'a mut String,
    /// The depth of the entries or items.
    depth: usize,
    position: Position,
    /// The text of the collection while it is empty.
    empty: Option<&'static str>,
}

impl Collection<'_> {
    /// Begins a line, if none has begun.
    fn begin(&mut self) {
        let is_first = self.empty.take().is_some();
        match self.position {
            Position::Entry if is_first => self.text.push('\n'),
            Position::Item if is_first => return,
            _ => {}
        }
        let mut width = 2 * self.depth;
        while width > 0 {
            let spaces = &SPACES[..width.min(SPACES.len())];
            self.text.push_str(spaces);
            width -= spaces.len();
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.begin();
        key.serialize(Yaml { text: self.text, depth: self.depth, position: Position::Key })?;
        self.text.push(':');
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(Yaml { text: self.text, depth: self.depth, position: Position::Entry })
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Written {
        self.begin();
        self.text.push_str("- ");
        item.serialize(Yaml { text: self.text, depth: self.depth, position: Position::Item })
    }

    fn finish(self) -> Written {
        match self.empty {
            Some(empty) => {
                Yaml { text: self.text, depth: self.depth, position: self.position }.word(empty)
            }
            None => Ok(()),
        }
    }
}

impl<'a> Serializer for Yaml<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Collection<'a>;
    type SerializeTuple = Collection<'a>;
    type SerializeTupleStruct = Collection<'a>;
    type SerializeTupleVariant = Collection<'a>;
    type SerializeMap = Collection<'a>;
    type SerializeStruct = Collection<'a>;
    type SerializeStructVariant = Collection<'a>;

    fn serialize_bool(self, value: bool) -> Written {
        self.literal(value)
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.literal(value)
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.literal(value)
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.literal(value)
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.literal(value)
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.literal(value)
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.literal(value)
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.literal(value)
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.literal(value)
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.float(value)
    }

    fn serialize_f64(self, value: f64) -> Written {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        let write = if self.position == Position::Key { write_key } else { write_text };
        self.scalar(|text| write(text, value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        if self.position == Position::Key {
            return Err(Error::custom(NO_KEY));
        }
        self.word("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Collection<'a>, Error> {
        self.list()
    }

    fn serialize_tuple(self, _: usize) -> Result<Collection<'a>, Error> {
        self.list()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Collection<'a>, Error> {
        self.list()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collection<'a>, Error> {
        self.variant(variant)?.list()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Collection<'a>, Error> {
        self.mapping()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Collection<'a>, Error> {
        self.mapping()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collection<'a>, Error> {
        self.variant(variant)?.mapping()
    }
}

impl SerializeMap for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.value(value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

/// Implements structures, which are written as mappings.
macro_rules! structures {
    ($($Trait:ident)+) => { $(
        impl $Trait for Collection<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
                self.begin();
                write_key(self.text, key)?;
                self.text.push(':');
                self.value(value)
            }

            fn end(self) -> Written {
                self.finish()
            }
        }
    )+ };
}

/// Implements sequences and tuples, which are written as lists.
macro_rules! lists {
    ($($Trait:ident $serialize:ident)+) => { $(
        impl $Trait for Collection<'_> {
            type Ok = ();
            type Error = Error;

            fn $serialize<T: Serialize + ?Sized>(&mut self, item: &T) -> Written {
                self.item(item)
            }

            fn end(self) -> Written {
                self.finish()
            }
        }
    )+ };
}

structures!(SerializeStruct SerializeStructVariant);
lists!(
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
);

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

/// Appends a value as `serde-saphyr` writes it.
fn ask(text: &mut String, value: &impl Serialize) -> Written {
    // Folded and literal blocks would spread JSON arguments over lines.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_fmt_writer_with_options(text, value, options)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(())
}

/// True if a text contains no character that a terminal would obey and `serde-saphyr` would not
/// escape; it escapes those of ASCII.
fn is_shown(text: &str) -> bool {
    text.is_ascii() || text.chars().all(is_visible)
}

/// Appends a text in double quotes, the only style in which characters can be escaped.
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

/// True if every reader reads a text as text without quotes: it begins with a letter, `/`, or `--`
/// and a letter, contains no YAML syntax, and is not a word for another value.
fn is_plain(text: &str) -> bool {
    let bytes = match text.as_bytes() {
        [b'-', b'-', rest @ ..] => rest,
        all => all,
    };
    let begins_well = match bytes.first() {
        Some(b'/') => bytes.len() == text.len(),
        Some(first) => first.is_ascii_alphabetic(),
        None => false,
    };
    let is_harmless = |byte: &u8| HARMLESS[usize::from(*byte)];
    // A colon is harmless before a part of a word.
    let is_harmless_there = |(at, byte): (usize, &u8)| match byte {
        b':' => bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'/'),
        byte => is_harmless(byte),
    };
    // Most texts have no colon, and need nothing but a look at each byte.
    begins_well
        && (bytes.iter().all(is_harmless) || bytes.iter().enumerate().all(is_harmless_there))
        && !is_word_of_yaml(text)
}

/// Which bytes mean nothing to YAML, wherever they are in a text that begins well.
const HARMLESS: [bool; 256] = {
    let bytes = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=@";
    let mut harmless = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        harmless[bytes[at] as usize] = true;
        at += 1;
    }
    harmless
};

/// True for words that some readers read as a boolean, null or a number.
fn is_word_of_yaml(text: &str) -> bool {
    let words: &[&str] = match text.len() {
        1 => &["y", "n"],
        2 => &["no", "on"],
        3 => &["yes", "off", "nan", "inf"],
        4 => &["true", "null"],
        5 => &["false"],
        _ => return false,
    };
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// True if single quotes are better: the text is one line of printable characters and contains
/// double quotes, as JSON does, which double quotes would have to escape.
fn is_better_single_quoted(text: &str) -> bool {
    text.contains('"') && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
    use serde_json::{Value, json};

    /// A value as `serde-saphyr` writes it, except that text with double quotes is written in
    /// single quotes.
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

    #[derive(serde::Serialize)]
    enum Every {
        Unit,
        Newtype(u8),
        Tuple(char, f32),
        Struct { none: Option<u8>, some: Option<&'static str> },
    }

    #[derive(serde::Serialize)]
    struct Typed {
        every: Vec<Every>,
        one: Every,
        nested: Vec<Vec<Every>>,
        empty: Vec<u8>,
        by_number: BTreeMap<u8, (bool, ())>,
        not_finite: f64,
    }

    #[test]
    fn types_are_written_as_their_values_are() {
        let every = || {
            let both = Every::Struct { none: None, some: Some("yes") };
            vec![Every::Unit, Every::Newtype(1), Every::Tuple('~', 0.5), both]
        };
        let typed = Typed {
            every: every(),
            one: Every::Newtype(5),
            nested: vec![every(), Vec::new(), every()],
            empty: Vec::new(),
            by_number: [(7, (true, ()))].into(),
            not_finite: f64::NAN,
        };
        let (mut text, mut expected) = (String::new(), String::new());
        super::write(&mut text, &typed).unwrap();
        super::write(&mut expected, &serde_json::to_value(&typed).unwrap()).unwrap();
        assert!(text.contains("by_number:\n"), "{text}");
        assert_eq!(text, expected);
        assert!(super::write(&mut text, &BTreeMap::from([([1], 2)])).is_err());
        assert!(super::write(&mut text, &BTreeMap::from([((), 2)])).is_err());
    }

    #[test]
    fn keys_are_text_as_in_json() {
        fn written<K: Serialize + Ord>(key: K) -> (String, String) {
            let map = BTreeMap::from([(key, 1)]);
            let value = serde_json::to_value(&map).unwrap();
            let (mut text, mut expected) = (String::new(), String::new());
            super::write(&mut text, &map).unwrap();
            super::write(&mut expected, &value).unwrap();
            (text, expected)
        }

        for ((text, expected), shown) in [
            (written(9090_u16), "\"9090\": 1\n"),
            (written(-1_i64), "\"-1\": 1\n"),
            (written(true), "\"true\": 1\n"),
            (written('y'), "\"y\": 1\n"),
        ] {
            assert_eq!((text.as_str(), expected.as_str()), (shown, shown));
        }
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
