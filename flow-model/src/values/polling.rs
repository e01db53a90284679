//! Which shards take a request.

use indexmap::IndexMap;
use serde_json::Map;

use serde_json::Value;

use super::key_values::{EntryValue, entries};
use super::reader::{FromNode, Reader};
use super::{BadValue, ToArguments, ToValue};
use crate::arguments::ArgumentValue;
use crate::source::Node;

/// One shard or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Poll {
    /// The next one in turn.
    Any,
    /// Every one; their results are merged.
    All,
}

impl Poll {
    /// The word as Jina spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "ANY",
            Self::All => "ALL",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Any, Self::All].into_iter().find(|poll| poll.word().eq_ignore_ascii_case(word))
    }
}

/// Which shards take a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polling {
    /// The same for every endpoint.
    Every(Poll),
    /// By endpoint; `*` stands for all others.
    ByEndpoint(IndexMap<String, Poll>),
}

impl std::str::FromStr for Poll {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        Self::of_word(written.trim()).ok_or_else(|| BadValue::new(written, "`ANY` or `ALL`"))
    }
}

impl From<Poll> for Polling {
    fn from(poll: Poll) -> Self {
        Self::Every(poll)
    }
}

impl<T: Into<String>> FromIterator<(T, Poll)> for Polling {
    fn from_iter<I: IntoIterator<Item = (T, Poll)>>(endpoints: I) -> Self {
        let endpoints = endpoints.into_iter().map(|(endpoint, poll)| (endpoint.into(), poll));
        Self::ByEndpoint(endpoints.collect())
    }
}

from_lists!(Polling of (T, Poll) where T: Into<String>);

const EXPECTS: &str = "`ANY`, `ALL`, or a mapping of endpoints to one of them";

impl FromNode for Polling {
    const EXPECTS: &'static str = EXPECTS;

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(poll) = node.as_scalar().and_then(|scalar| Poll::of_word(&scalar.text)) {
            return Some(Self::Every(poll));
        }
        if let Some(scalar) = node.as_scalar()
            && !scalar.text.contains(['=', ':'])
        {
            let why = format!("cannot be {}", reader.quoted(node.span, &scalar.text));
            reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
            return None;
        }
        let mut endpoints = IndexMap::new();
        for (endpoint, value) in entries(node, reader, EXPECTS)? {
            let (word, span) = match value {
                EntryValue::Text(text) => (text, node.span),
                EntryValue::Node(value) => (reader.text(&value, "`ANY` or `ALL`")?, value.span),
            };
            let Some(poll) = Poll::of_word(&word) else {
                let why = if span.substituted {
                    "holds a word that it does not know".to_owned()
                } else {
                    format!("of `{}` cannot be `{word}`", endpoint.value)
                };
                reader.wrong_value(span, &why, "expected `ANY` or `ALL`");
                return None;
            };
            endpoints.insert(endpoint.value, poll);
        }
        Some(Self::ByEndpoint(endpoints))
    }
}

impl ToArguments for Polling {
    fn to_arguments(&self) -> ArgumentValue {
        match self {
            Self::Every(poll) => ArgumentValue::Words(vec![poll.word().to_owned()]),
            Self::ByEndpoint(endpoints) => {
                let pairs = endpoints.iter();
                let map: Map<_, _> =
                    pairs.map(|(endpoint, poll)| (endpoint.clone(), poll.word().into())).collect();
                ArgumentValue::json(&map)
            }
        }
    }
}

impl ToValue for Polling {
    fn to_value(&self) -> Value {
        match self {
            Self::Every(poll) => poll.word().into(),
            Self::ByEndpoint(endpoints) => {
                let pairs = endpoints.iter();
                Value::Object(
                    pairs.map(|(name, poll)| (name.clone(), poll.word().into())).collect(),
                )
            }
        }
    }
}
