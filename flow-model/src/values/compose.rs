//! `compose`, the user's own settings of services on Docker Compose.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::keys::nearest;
use crate::source::Node;
use crate::span::{Span, Spanned};

/// A block `compose`: settings of the services of an entry on Docker Compose, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComposeBlock {
    /// Where Docker writes what containers print.
    pub logging: Option<Spanned<Logging>>,
    /// When Docker restarts containers.
    pub restart: Option<Spanned<Restart>>,
    /// The address of the machine on which ports are published.
    pub host_ip: Option<Spanned<IpAddr>>,
}

/// Where Docker writes what containers print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logging {
    /// The driver; Docker's default if it is `None`.
    pub driver: Option<Spanned<LogDriver>>,
    /// Options of the driver.
    pub options: IndexMap<String, Spanned<String>>,
}

/// The name of a logging driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDriver(String);

/// When Docker restarts a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Never.
    No,
    /// Whenever it ends.
    Always,
    /// Whenever it fails, at most as often as the number, if there is one.
    OnFailure(Option<u32>),
    /// Whenever it ends, unless somebody stopped it.
    UnlessStopped,
}

const DRIVER: &str = "the name of a logging driver, such as `json-file`";
const RESTART: &str = "`no`, `always`, `on-failure`, `on-failure:3` or `unless-stopped`";
const ADDRESS: &str = "an IP address such as `127.0.0.1`";

/// The words of a block.
const WORDS: [&str; 3] = ["logging", "restart", "host_ip"];

/// The words of `logging`.
const OF_LOGGING: [&str; 2] = ["driver", "options"];

/// The options of the drivers that every Docker Engine has.
const OPTIONS: [(&str, &[&str]); 3] = [
    (
        "json-file",
        &[
            "max-size",
            "max-file",
            "compress",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "mode",
            "max-buffer-size",
        ],
    ),
    ("local", &["max-size", "max-file", "compress", "mode", "max-buffer-size"]),
    ("none", &[]),
];

impl LogDriver {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogDriver {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let is_name = text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= 255
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c));
        is_name.then(|| Self(text.to_owned())).ok_or_else(|| BadValue::new(text, DRIVER))
    }
}

impl FromStr for Restart {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        Ok(match text {
            "no" => Self::No,
            "always" => Self::Always,
            "on-failure" => Self::OnFailure(None),
            "unless-stopped" => Self::UnlessStopped,
            _ => {
                let bad = || BadValue::new(text, RESTART);
                let times = text.strip_prefix("on-failure:").ok_or_else(bad)?;
                let is_number = times.bytes().all(|byte| byte.is_ascii_digit());
                let times = times.parse().ok().filter(|times| is_number && *times <= MOST_RESTARTS);
                Self::OnFailure(Some(times.ok_or_else(bad)?))
            }
        })
    }
}

/// The largest number of restarts that fits into an `int` of Docker on every machine.
const MOST_RESTARTS: u32 = i32::MAX.unsigned_abs();

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No => f.write_str("no"),
            Self::Always => f.write_str("always"),
            Self::OnFailure(None) => f.write_str("on-failure"),
            Self::OnFailure(Some(times)) => write!(f, "on-failure:{times}"),
            Self::UnlessStopped => f.write_str("unless-stopped"),
        }
    }
}

impl ComposeBlock {
    /// This block, with what it does not set from another one.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            logging: self.logging.or_else(|| other.logging.clone()),
            restart: self.restart.or(other.restart),
            host_ip: self.host_ip.or(other.host_ip),
        }
    }
}

impl FromNode for ComposeBlock {
    const EXPECTS: &'static str = "a mapping such as `{restart: unless-stopped}`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut block = Self::default();
        let is_complete = each(node, Self::EXPECTS, &WORDS, reader, |word, value, reader| {
            match word {
                "logging" => set(&mut block.logging, logging(value, reader), value),
                "restart" => {
                    // `no` may be a boolean in YAML, and means the same.
                    let text = value.as_scalar().map(|scalar| scalar.text.as_str());
                    let text = text.map(|text| if text == "false" { "no" } else { text });
                    set(&mut block.restart, parsed(value, text, RESTART, reader), value)
                }
                _ => {
                    let text = value.as_scalar().map(|scalar| scalar.text.as_str());
                    set(&mut block.host_ip, parsed(value, text, ADDRESS, reader), value)
                }
            }
        })?;
        is_complete.then_some(block)
    }
}

fn logging(node: &Node, reader: &mut Reader<'_>) -> Option<Logging> {
    const EXPECTS: &str = "a mapping such as `{driver: json-file, options: {max-size: 10m}}`";
    let mut logging = Logging::default();
    let mut places = IndexMap::new();
    let is_complete = each(node, EXPECTS, &OF_LOGGING, reader, |word, value, reader| match word {
        "driver" => {
            let text = value.as_scalar().map(|scalar| scalar.text.as_str());
            set(&mut logging.driver, parsed(value, text, DRIVER, reader), value)
        }
        _ => options(value, &mut logging.options, &mut places, reader),
    })?;
    let are_known = check_options(&logging, &places, &mut reader.inside("options"));
    (is_complete && are_known).then_some(logging)
}

/// Reads options of a driver, which are text; a number or a boolean is taken as it is written.
fn options(
    node: &Node,
    options: &mut IndexMap<String, Spanned<String>>,
    places: &mut IndexMap<String, Span>,
    reader: &mut Reader<'_>,
) -> bool {
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, "a mapping of names to text");
        return false;
    };
    let mut is_complete = true;
    for entry in mapping.iter() {
        let value = &entry.value;
        let Some(scalar) = value.as_scalar().filter(|_| !value.is_null()) else {
            reader.wrong_type(value, "text");
            is_complete = false;
            continue;
        };
        let name = entry.key.value.clone();
        places.insert(name.clone(), entry.key.span.unwrap_or(node.span));
        options.insert(name, Spanned::new(scalar.text.clone(), value.span));
    }
    is_complete
}

/// Reports options that Docker would refuse when it creates the container.
fn check_options(
    logging: &Logging,
    places: &IndexMap<String, Span>,
    reader: &mut Reader<'_>,
) -> bool {
    let driver = logging.driver.as_ref().map(|driver| driver.value.as_str());
    let known = OPTIONS.iter().find(|(name, _)| driver == Some(name));
    let Some((driver, known)) = known else { return true };
    let mut is_right = true;
    for (name, value) in &logging.options {
        let span = places.get(name).copied();
        if let Some(span) = span.filter(|_| !known.contains(&name.as_str())) {
            let why = format!("has {}, which `{driver}` does not know", reader.quoted(span, name));
            let label = if known.is_empty() {
                "this driver has no options".to_owned()
            } else {
                format!("expected one of {}", known.join(", "))
            };
            match nearest(name, known.iter().copied()).filter(|_| !span.substituted) {
                Some(near) => {
                    reader.wrong_value_with_help(span, &why, &label, &format!("write `{near}`"));
                }
                None => reader.wrong_value(span, &why, &label),
            }
            is_right = false;
            continue;
        }
        let text = value.value.as_str();
        let expected = match name.as_str() {
            "max-size" if !is_size(text) => "a size such as `10m`",
            "max-file" if text.parse::<u32>().map_or(true, |files| files == 0) => {
                "a number from 1 on"
            }
            "compress" if text.parse::<bool>().is_err() => "`true` or `false`",
            _ => continue,
        };
        if let Some(span) = value.span {
            let why = format!("cannot be {}", reader.quoted(span, text));
            reader.inside(name).wrong_value(span, &why, &format!("expected {expected}"));
        }
        is_right = false;
    }
    is_right
}

/// A size as Docker reads it: digits, with a unit of one or two letters if any.
fn is_size(text: &str) -> bool {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default().to_ascii_lowercase();
    let is_number = number.len() <= 15 && number.starts_with(|c: char| c.is_ascii_digit());
    is_number
        && number.parse().is_ok_and(|number: f64| number > 0.0)
        && ["", "b", "k", "kb", "m", "mb", "g", "gb", "t", "tb"].contains(&unit.as_str())
}

/// Reads each word of a mapping that is not null. Returns whether all of them could be read.
fn each(
    node: &Node,
    expected: &str,
    words: &[&str],
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&str, &Node, &mut Reader<'_>) -> bool,
) -> Option<bool> {
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, expected);
        return None;
    };
    let mut is_complete = true;
    for entry in mapping.iter() {
        let word = entry.key.value.as_str();
        if !words.contains(&word) {
            let span = entry.key.span.unwrap_or(node.span);
            let why = format!("has no {}", reader.quoted(span, word));
            let listed: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            let label = format!("expected {}", listed.join(", "));
            let near = nearest(word, words.iter().copied()).filter(|_| !span.substituted);
            let help = match (near, word) {
                (Some(near), _) => format!("write `{near}`"),
                (None, "ports") => "set `port` of the gateway, and `host_ip` here".to_owned(),
                (None, "mem_limit" | "cpus" | "mem_reservation" | "deploy" | "shm_size") => {
                    "set `kubernetes: {container: {resources: …}, sharedMemory: …}`".to_owned()
                }
                (None, "max-size" | "max-file") => "write it under `options`".to_owned(),
                (None, _) => format!("write one of {}", listed.join(", ")),
            };
            reader.wrong_value_with_help(span, &why, &label, &help);
            is_complete = false;
        } else if !entry.value.is_null() {
            is_complete &= read(word, &entry.value, &mut reader.inside(word));
        }
    }
    Some(is_complete)
}

/// Sets a field to what was read. Returns false if nothing was.
fn set<T>(field: &mut Option<Spanned<T>>, read: Option<T>, node: &Node) -> bool {
    *field = read.map(|value| Spanned::new(value, node.span));
    field.is_some()
}

fn parsed<T: FromStr>(
    node: &Node,
    text: Option<&str>,
    expected: &str,
    reader: &mut Reader<'_>,
) -> Option<T> {
    let Some(text) = text else {
        reader.wrong_type(node, expected);
        return None;
    };
    let value = text.parse().ok();
    if value.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, text));
        reader.wrong_value(node.span, &why, &format!("expected {expected}"));
    }
    value
}

impl ToValue for ComposeBlock {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        if let Some(logging) = &self.logging {
            let mut inner = Map::new();
            if let Some(driver) = &logging.driver {
                inner.insert("driver".to_owned(), driver.as_str().into());
            }
            if !logging.options.is_empty() {
                let options = logging.options.iter();
                let options =
                    options.map(|(name, text)| (name.clone(), Value::from(text.value.as_str())));
                inner.insert("options".to_owned(), Value::Object(options.collect()));
            }
            map.insert("logging".to_owned(), Value::Object(inner));
        }
        if let Some(restart) = &self.restart {
            map.insert("restart".to_owned(), restart.value.to_string().into());
        }
        if let Some(address) = &self.host_ip {
            map.insert("host_ip".to_owned(), address.value.to_string().into());
        }
        Value::Object(map)
    }
}
