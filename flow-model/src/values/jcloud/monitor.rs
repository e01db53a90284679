//! Where traces and metrics are sent.

use serde_json::{Map, Value};

use super::OtherKey;
use super::fields::{each, number, put, set, toggle};
use crate::source::Node;
use crate::span::Spanned;
use crate::values::reader::Reader;

/// Where traces and metrics of an entry are sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Monitor {
    /// Its traces.
    pub traces: Option<Spanned<Collector>>,
    /// Its metrics.
    pub metrics: Option<Spanned<Collector>>,
}

/// The collector of traces or metrics.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collector {
    /// Whether anything is sent.
    pub enable: bool,
    /// The collector's host; Jina's cloud had one of its own.
    pub host: Option<Spanned<String>>,
    /// Its port.
    pub port: Option<Spanned<u32>>,
}

/// Reads `monitor`. Returns false if something is wrong.
pub(super) fn read(
    node: &Node,
    monitor: &mut Monitor,
    others: &mut Vec<OtherKey>,
    reader: &mut Reader<'_>,
) -> bool {
    const EXPECTS: &str = "a mapping such as `{metrics: {enable: true}}`";
    let is_complete = each(node, EXPECTS, reader, |key, at, value, reader| {
        let field = match key {
            "traces" => &mut monitor.traces,
            "metrics" => &mut monitor.metrics,
            _ => {
                let path = format!("monitor.{key}");
                others.push(OtherKey { path, span: at, value: value.to_json() });
                return true;
            }
        };
        set(field, collector(key, value, others, reader), value)
    });
    is_complete.unwrap_or(false)
}

fn collector(
    name: &str,
    node: &Node,
    others: &mut Vec<OtherKey>,
    reader: &mut Reader<'_>,
) -> Option<Collector> {
    const EXPECTS: &str = "a mapping such as `{enable: true}`";
    let (mut enable, mut host, mut port) = (None, None, None);
    let is_complete = each(node, EXPECTS, reader, |key, at, value, reader| match key {
        "enable" => set(&mut enable, toggle(value, reader), value),
        "host" => set(&mut host, reader.text(value, "the name of a host"), value),
        "port" => {
            let expected = "a port from 1 to 65535";
            set(&mut port, number(value, 1..=65_535, expected, reader), value)
        }
        _ => {
            let path = format!("monitor.{name}.{key}");
            others.push(OtherKey { path, span: at, value: value.to_json() });
            true
        }
    })?;
    let enable = enable.is_none_or(|enable| enable.value);
    is_complete.then_some(Collector { enable, host, port })
}

impl Monitor {
    /// The keys that are set, as they are written.
    pub(super) fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        for (name, collector) in [("traces", &self.traces), ("metrics", &self.metrics)] {
            let Some(collector) = collector else { continue };
            let mut inner = Map::new();
            inner.insert("enable".to_owned(), collector.enable.into());
            put(&mut inner, "host", collector.host.as_ref().map(|host| host.as_str().into()));
            put(&mut inner, "port", collector.port.map(|port| port.value.into()));
            map.insert(name.to_owned(), Value::Object(inner));
        }
        map
    }
}
