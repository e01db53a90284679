//! Values that an entry sets in place of those that it would inherit.

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::flow::REPLACED_SETTING;
use crate::span::{Span, Spanned};
use crate::values::ToValue;

/// A mapping or a list of `with:`, of which an entry's own value drops a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaced {
    /// The key.
    key: &'static str,
    /// The entry's own value.
    own: Option<Span>,
    /// The value under `with:`.
    common: Option<Span>,
    /// What the entry would have inherited; empty where it must not be shown.
    lost: Vec<String>,
}

/// Lists of things that all are needed; other lists are choices.
const LISTS: &[&str] = &["image_pull_secrets", "volumes"];

impl Replaced {
    /// `None` where nothing is lost.
    pub(crate) fn new<T: ToValue>(
        key: &'static str,
        own: &Spanned<T>,
        common: &Spanned<T>,
    ) -> Option<Self> {
        // An alias says the same twice.
        if own.span == common.span {
            return None;
        }
        let lost: Vec<String> = match (own.value.to_value(), common.value.to_value()) {
            (Value::Object(own), Value::Object(common)) => common
                .into_iter()
                .map(|(name, _)| name)
                .filter(|name| !own.contains_key(name))
                .collect(),
            (Value::Array(own), Value::Array(common)) if LISTS.contains(&key) => {
                let lost = common.into_iter().filter(|item| !own.contains(item));
                lost.map(|item| item.as_str().map_or(item.to_string(), str::to_owned)).collect()
            }
            _ => return None,
        };
        if lost.is_empty() {
            return None;
        }
        let lost = if common.is_substituted() { Vec::new() } else { lost };
        Some(Self { key, own: own.span, common: common.span, lost })
    }

    /// The finding about it; `of` is the entry.
    pub(crate) fn finding(&self, of: &str) -> Diagnostic {
        let Self { key, own, common, lost } = self;
        let shown = match lost.as_slice() {
            [] => "a part of these".to_owned(),
            [first] => format!("`{first}`"),
            [first, second] => format!("`{first}` and `{second}`"),
            [first, .., _] => format!("`{first}` and {} more", lost.len() - 1),
        };
        let message = format!("`{key}` of {of} replaces the Flow's value");
        Diagnostic::new(&REPLACED_SETTING, message)
            .at(*own, format!("without {shown}"))
            .at(*common, "not inherited here")
            .help("add what the entry needs from the Flow's value")
    }
}
