//! Reads values from nodes of the source tree, and collects all findings.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{DUPLICATE_KEY, Node, NodeValue, ScalarValue};
use crate::span::Span;

use super::rules::{WRONG_TYPE, WRONG_VALUE};

const HOLDS_NUL: &str = "contains the character NUL, which cannot be passed to a process";

/// A type of value that can be read from a node.
pub trait FromNode: Sized {
    /// The expected value, with an article, as in `expected {EXPECTS}`.
    const EXPECTS: &'static str;

    /// Reads a node that is not null. `None` if it is invalid; `reader` then contains the finding.
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
}

/// Reports what is wrong with the value of one key.
#[derive(Debug)]
pub struct Reader<'a> {
    key: &'a str,
    diagnostics: &'a mut Diagnostics,
}

/// The maximum number of values in one text.
const MOST_LISTED: usize = 10_000;

impl<'a> Reader<'a> {
    /// A reader of the value of `key` that adds its findings to `diagnostics`.
    pub fn new(key: &'a str, diagnostics: &'a mut Diagnostics) -> Self {
        Self { key, diagnostics }
    }

    /// A reader of a key inside the value.
    pub(super) fn inside<'b>(&'b mut self, key: &'b str) -> Reader<'b> {
        Reader { key, diagnostics: &mut *self.diagnostics }
    }

    /// Reports every text below `node` with a NUL character, which ends text in the kernel:
    /// arguments, variables and names cannot contain it.
    pub(crate) fn check_text(&mut self, node: &Node) {
        match &node.value {
            NodeValue::Scalar(scalar) if scalar.text.contains('\0') => {
                self.wrong_value(node.span, HOLDS_NUL, "remove `\\0` from this text");
            }
            NodeValue::Scalar(_) => {}
            NodeValue::Sequence(items) => items.iter().for_each(|item| self.check_text(item)),
            NodeValue::Mapping(mapping) => {
                for entry in mapping.iter() {
                    if entry.key.contains('\0') {
                        let at = entry.key.span.unwrap_or(node.span);
                        self.wrong_value(at, HOLDS_NUL, "remove `\\0` from this key");
                    }
                    self.check_text(&entry.value);
                }
            }
        }
    }

    /// The findings so far.
    pub(super) fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// The key.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// Reports a node that is not `expected`.
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        let message = format!("`{}` takes {expected}, not {}", self.key, node.kind());
        let mut finding =
            Diagnostic::new(&WRONG_TYPE, message).at(node.span, format!("expected {expected}"));
        if let NodeValue::Scalar(scalar) = &node.value
            && !node.span.substituted
            && matches!(scalar.resolve(), ScalarValue::Bool(_) | ScalarValue::Null)
            && expected.contains("text")
        {
            finding = finding.help(format!("quote it to mean the text: \"{}\"", scalar.text));
        }
        self.diagnostics.push(finding);
    }

    /// Reports a value that the key cannot have; `why` continues "`key` …".
    pub fn wrong_value(&mut self, span: Span, why: &str, label: &str) {
        let message = format!("`{}` {why}", self.key);
        self.diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(span, label));
    }

    /// Reports a value that the key cannot have, with what to write instead.
    pub fn wrong_value_with_help(&mut self, span: Span, why: &str, label: &str, help: &str) {
        let message = format!("`{}` {why}", self.key);
        self.diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(span, label).help(help));
    }

    /// Splits a text into its values. Reports a text with too many values: a few megabytes can
    /// contain millions, each of which takes many times its own bytes.
    pub(super) fn listed<'t>(
        &mut self,
        span: Span,
        parts: impl Iterator<Item = &'t str>,
    ) -> Option<Vec<&'t str>> {
        let listed: Vec<_> = parts.take(MOST_LISTED + 1).collect();
        if listed.len() > MOST_LISTED {
            let label = format!("expected at most {MOST_LISTED}");
            self.wrong_value(span, "lists too many values in one text", &label);
            return None;
        }
        Some(listed)
    }

    /// Reports a duplicate key of a list or a JSON text. The last value wins.
    pub(super) fn twice(&mut self, key: &str, before: Span, again: Span) {
        let message = if again.substituted || before.substituted {
            format!("`{}` has one of its keys twice", self.key)
        } else {
            format!("`{}` has `{key}` twice", self.key)
        };
        let mut finding = Diagnostic::new(&DUPLICATE_KEY, message).at(again, "written again");
        if before != again {
            finding = finding.at(before, "first written here");
        }
        self.diagnostics.push(finding.help("remove one of them"));
    }

    /// Reads every item, and reports all invalid ones.
    pub(super) fn each<T>(
        &mut self,
        items: &[&Node],
        mut read: impl FnMut(&Node, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = items.iter().map(|item| read(item, self)).collect();
        read.into_iter().collect()
    }

    /// A value as findings show it; a substituted value is not shown, because it may be a secret.
    pub fn quoted(&self, span: Span, value: &str) -> String {
        if span.substituted { "this value".to_owned() } else { format!("`{value}`") }
    }

    /// A scalar as text. Numbers are kept as written, because `1.10` may be a version. Booleans are
    /// refused, because programs spell them differently.
    pub fn text(&mut self, node: &Node, expected: &str) -> Option<String> {
        if let Some(scalar) = node.as_scalar()
            && !matches!(scalar.resolve(), ScalarValue::Null | ScalarValue::Bool(_))
        {
            return Some(scalar.text.clone());
        }
        self.wrong_type(node, expected);
        None
    }

    /// An integer; quoted digits count as one.
    pub fn integer(&mut self, node: &Node, expected: &str) -> Option<i64> {
        if let Some(scalar) = node.as_scalar() {
            match scalar.resolve() {
                ScalarValue::Int(value) => return Some(value),
                ScalarValue::String(text) => {
                    if let Ok(value) = text.trim().parse() {
                        return Some(value);
                    }
                }
                _ => {}
            }
        }
        self.wrong_type(node, expected);
        None
    }

    /// An integer in the range of its type.
    pub fn integer_in<T: TryFrom<i64>>(
        &mut self,
        node: &Node,
        range: std::ops::RangeInclusive<i64>,
        expected: &str,
    ) -> Option<T> {
        let value = self.integer(node, expected)?;
        let converted = if range.contains(&value) { T::try_from(value).ok() } else { None };
        if converted.is_none() {
            self.wrong_value(
                node.span,
                &format!("cannot be {}", self.quoted(node.span, &value.to_string())),
                &format!("expected {expected}"),
            );
        }
        converted
    }

    /// The items of a list, or the node itself as the only item.
    pub fn one_or_many<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match node.as_sequence() {
            Some(items) => items.iter().map(AsRef::as_ref).collect(),
            None => vec![node],
        }
    }
}
