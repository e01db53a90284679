//! The program to run instead of the image's own.

use serde_json::Value;

use super::ToValue;
use super::reader::{FromNode, Reader};
use crate::source::Node;

/// A program with its first arguments, at least one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(Vec<String>);

impl Command {
    /// A program with its arguments.
    pub fn new<T: Into<String>>(
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = T>,
    ) -> Self {
        let words = std::iter::once(program.into());
        Self(words.chain(arguments.into_iter().map(Into::into)).collect())
    }

    /// The program and its arguments.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl FromNode for Command {
    const EXPECTS: &'static str = "a program and its arguments: words, or a list of them";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let words = if node.as_sequence().is_some() {
            let items = reader.one_or_many(node);
            reader.each(&items, |item, reader| reader.text(item, "text"))?
        } else {
            let text = reader.text(node, Self::EXPECTS)?;
            if text.contains(['"', '\'', '\\']) {
                reader.wrong_value_with_help(
                    node.span,
                    "holds quotes, which different shells read differently",
                    "expected words between blanks",
                    "write a list of words, one for each argument",
                );
                return None;
            }
            let words = reader.listed(node.span, text.split_whitespace())?;
            words.into_iter().map(str::to_owned).collect()
        };
        if words.is_empty() {
            reader.wrong_value(node.span, "names no program", "expected at least one word");
            return None;
        }
        Some(Self(words))
    }
}

impl ToValue for Command {
    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}
