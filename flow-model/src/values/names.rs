//! Lists of names.

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{ArgumentValue, ToArguments, ToValue};
use crate::source::Node;
use crate::span::Spanned;

/// One name or several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub Vec<Spanned<String>>);

impl FromNode for Names {
    const EXPECTS: &'static str = "text, or a list of text";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.one_or_many(node);
        let names = reader.each(&items, |item, reader| {
            reader.text(item, Self::EXPECTS).map(|name| Spanned::new(name, item.span))
        });
        names.map(Self)
    }
}

impl<T: Into<String>> FromIterator<T> for Names {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        Self(names.into_iter().map(|name| Spanned::unwritten(name.into())).collect())
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self::from_iter([name])
    }
}

from_lists!(Names of T where T: Into<String>);

impl ToArguments for Names {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::Words(self.0.iter().map(|name| name.value.clone()).collect())
    }
}

impl ToValue for Names {
    fn to_value(&self) -> Value {
        self.0.iter().map(|name| name.value.clone()).collect()
    }
}
