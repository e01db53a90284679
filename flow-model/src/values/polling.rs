//! The shards that take a request.

use indexmap::IndexMap;
use serde_json::Map;

use serde_json::Value;

use super::key_values::{EntryValue, entries};
use super::reader::{FromNode, Reader};
use super::{ArgumentValue, BadValue, ToArguments, ToValue};
use crate::source::Node;

/// One shard or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Poll {
    /// One shard, in turn.
    Any,
    /// All shards; their results are merged.
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

/// The shards that take a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polling {
    /// The same for every endpoint.
    Every(Poll),
    /// For each endpoint; `*` is every other endpoint.
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

impl Polling {
    /// The shards that take a request, by endpoint.
    ///
    /// # Errors
    ///
    /// For an endpoint that is not `*` and does not begin with `/`, and for one that comes twice.
    pub fn by_endpoint<T: Into<String>>(
        endpoints: impl IntoIterator<Item = (T, Poll)>,
    ) -> Result<Self, BadValue> {
        let mut polls = IndexMap::new();
        for (endpoint, poll) in endpoints {
            let endpoint = endpoint.into();
            if !is_endpoint(&endpoint) {
                return Err(BadValue::new(endpoint, "`*`, or an endpoint that begins with `/`"));
            }
            if polls.contains_key(&endpoint) {
                return Err(BadValue::new(format!("{endpoint}, {endpoint}"), "each endpoint once"));
            }
            polls.insert(endpoint, poll);
        }
        Ok(Self::ByEndpoint(polls))
    }
}

impl<T: Into<String>, const N: usize> TryFrom<[(T, Poll); N]> for Polling {
    type Error = BadValue;

    fn try_from(endpoints: [(T, Poll); N]) -> Result<Self, BadValue> {
        Self::by_endpoint(endpoints)
    }
}

/// True for an endpoint as clients call it, which begins with `/`, and for `*`, which means all
/// other endpoints.
fn is_endpoint(text: &str) -> bool {
    text == "*" || text.starts_with('/')
}

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
        let mut complete = true;
        for (endpoint, value) in entries(node, reader, EXPECTS)? {
            let at = endpoint.span.unwrap_or(node.span);
            if !is_endpoint(&endpoint) {
                let label = "expected `*`, or an endpoint that begins with `/`";
                if at.substituted {
                    reader.wrong_value(at, "has an endpoint without `/`", label);
                } else {
                    let why = format!("has the endpoint `{}` without `/`", endpoint.value);
                    let help = format!("write `/{}`", endpoint.value);
                    reader.wrong_value_with_help(at, &why, label, &help);
                }
                complete = false;
            }
            let (word, span) = match value {
                EntryValue::Text(text) => (Some(text), at),
                EntryValue::Node(value) => (reader.text(&value, "`ANY` or `ALL`"), value.span),
            };
            let Some(word) = word else {
                complete = false;
                continue;
            };
            let Some(poll) = Poll::of_word(word.trim()) else {
                let why = if span.substituted {
                    "has an unknown value".to_owned()
                } else {
                    format!("of `{}` cannot be `{word}`", endpoint.value)
                };
                reader.wrong_value(span, &why, "expected `ANY` or `ALL`");
                complete = false;
                continue;
            };
            endpoints.insert(endpoint.value, poll);
        }
        complete.then_some(Self::ByEndpoint(endpoints))
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
