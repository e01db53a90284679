//! Ports.

use serde_json::Value;

use super::number::Port;
use super::reader::{FromNode, Reader};
use super::{ToValue, one_or_list};
use crate::source::Node;
use crate::span::Spanned;

/// One port or several: an integer, a list, or text such as `8080,8081`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports(Vec<Spanned<u16>>);

impl std::ops::Deref for Ports {
    type Target = [Spanned<u16>];

    fn deref(&self) -> &[Spanned<u16>] {
        &self.0
    }
}

impl FromIterator<Port> for Ports {
    fn from_iter<I: IntoIterator<Item = Port>>(ports: I) -> Self {
        Self(ports.into_iter().map(|port| Spanned::unwritten(port.get())).collect())
    }
}

from_lists!(Ports of Port);

impl From<Port> for Ports {
    fn from(port: Port) -> Self {
        Self::from_iter([port])
    }
}

const EXPECTS: &str = "a port between 1 and 65535, or a list of ports";

impl FromNode for Ports {
    const EXPECTS: &'static str = EXPECTS;

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.one_or_many(node);
        let ports = reader.each(&items, |item, reader| {
            let written = item.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
            if !written.contains(',') {
                let port = reader.integer_in(item, Port::RANGE, EXPECTS)?;
                return Some(vec![Spanned::new(port, item.span)]);
            }
            let parts: Vec<_> = reader
                .listed(item.span, written.split(','))?
                .into_iter()
                .map(|part| {
                    let port = part.parse::<Port>();
                    if port.is_err() {
                        let why = format!("cannot be {}", reader.quoted(item.span, part.trim()));
                        reader.wrong_value(item.span, &why, &format!("expected {EXPECTS}"));
                    }
                    port.ok().map(|port| Spanned::new(port.get(), item.span))
                })
                .collect();
            parts.into_iter().collect::<Option<Vec<_>>>()
        })?;
        Some(Self(ports.into_iter().flatten().collect()))
    }
}

impl ToValue for Ports {
    fn to_value(&self) -> Value {
        one_or_list(self.0.iter().map(|port| port.value.into()).collect())
    }
}
