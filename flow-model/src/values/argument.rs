//! The values of flags.

use serde_json::{Map, Value};

/// The value of a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArgumentValue {
    /// The flag without a value, or nothing.
    Switch(bool),
    /// The flag and these words.
    Words(Vec<String>),
}

impl ArgumentValue {
    /// One word.
    pub(crate) fn word(word: impl Into<String>) -> Self {
        Self::Words(vec![word.into()])
    }

    /// A mapping as one word of JSON.
    pub(crate) fn json(map: &Map<String, Value>) -> Self {
        Self::word(to_json(map))
    }
}

/// JSON with a space after `,` and `:`, which is readable in a manifest.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    value.serialize(&mut serializer).expect("values are written as JSON, and memory takes them");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
    ) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}
