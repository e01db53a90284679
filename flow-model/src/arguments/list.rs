//! Flags and their words.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::span::{Span, Spanned};

/// What stands behind a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentValue {
    /// The flag alone, or nothing at all.
    Switch(bool),
    /// The flag and these words.
    Words(Vec<String>),
}

impl ArgumentValue {
    /// One word.
    pub fn word(word: impl Into<String>) -> Self {
        Self::Words(vec![word.into()])
    }

    /// A mapping as one word of JSON.
    pub fn json(map: &Map<String, Value>) -> Self {
        Self::word(to_json(map))
    }
}

/// JSON with a blank behind `,` and `:`, which people can read in a manifest.
pub(super) fn to_json(value: &impl serde::Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    // Values of `serde_json` and text cannot fail to serialise into memory.
    let written = value.serialize(&mut serializer);
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
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

/// A subcommand and its flags, each at most once, in the order in which they were first set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    subcommand: &'static str,
    flags: IndexMap<&'static str, Spanned<ArgumentValue>>,
}

impl Arguments {
    /// No flags yet.
    pub fn new(subcommand: &'static str) -> Self {
        Self { subcommand, flags: IndexMap::new() }
    }

    /// Sets a flag; an earlier value of the same flag is replaced where it stands, and keeps its
    /// span.
    pub fn set(&mut self, flag: &'static str, value: ArgumentValue) {
        let span = self.flags.get(flag).and_then(|earlier| earlier.span);
        self.set_at(flag, value, span);
    }

    /// Sets a flag to a value that was written at `span`.
    pub fn set_at(&mut self, flag: &'static str, value: ArgumentValue, span: Option<Span>) {
        self.flags.insert(flag, Spanned { value, span });
    }

    /// The words of the command line, each with the span of the value that it comes from.
    pub fn into_words(self) -> Vec<Spanned<String>> {
        let mut words = vec![Spanned::unwritten(self.subcommand.to_owned())];
        for (flag, Spanned { value, span }) in self.flags {
            let spanned = |value| Spanned { value, span };
            match value {
                ArgumentValue::Switch(false) => {}
                ArgumentValue::Switch(true) => words.push(spanned(flag.to_owned())),
                ArgumentValue::Words(values) => match values.as_slice() {
                    // argparse takes a word that begins with a dash for a flag, numbers apart.
                    [only] if only.starts_with('-') && only.parse::<f64>().is_err() => {
                        words.push(spanned(format!("{flag}={only}")));
                    }
                    _ => {
                        words.push(spanned(flag.to_owned()));
                        words.extend(values.into_iter().map(spanned));
                    }
                },
            }
        }
        words
    }
}
