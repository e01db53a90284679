//! The hosts of an external Executor.

use std::net::Ipv6Addr;

use serde_json::Value;

use super::number::Port;
use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue, one_or_list};
use crate::source::Node;
use crate::span::Spanned;

/// One host or several: text, a list, or text such as `a,b`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts(pub Vec<Spanned<Host>>);

impl FromIterator<Host> for Hosts {
    fn from_iter<I: IntoIterator<Item = Host>>(hosts: I) -> Self {
        Self(hosts.into_iter().map(Spanned::unwritten).collect())
    }
}

from_lists!(Hosts of Host);

impl From<Host> for Hosts {
    fn from(host: Host) -> Self {
        Self::from_iter([host])
    }
}

/// A host, optionally with the scheme and port of a URL: `name`, `name:port`, `grpc://name:port` or
/// `grpcs://name:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
    tls: Option<bool>,
}

impl std::str::FromStr for Host {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        Self::parse(written).map_err(|why| BadValue::new(written, why.expected))
    }
}

impl Host {
    /// A DNS name or an address.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL's port.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// True if the URL's scheme requires TLS; `None` without a scheme.
    pub fn tls(&self) -> Option<bool> {
        self.tls
    }

    /// Reads `name`, `name:port`, or a URL with a scheme that a gateway dials.
    fn parse(written: &str) -> Result<Self, BadHost> {
        let bad = |expected, help| Err(BadHost { expected, help });
        let (tls, rest) = match written.split_once("://") {
            None => (None, written),
            Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
                "grpc" => (Some(false), rest),
                "grpcs" => (Some(true), rest),
                "https" | "wss" => return bad(GRPC, "write `grpcs://HOST:PORT`"),
                _ => return bad(GRPC, "write `grpc://HOST:PORT`"),
            },
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (name, port) = split_port(rest);
        let port = match port {
            None => None,
            Some(port) => match port.parse::<Port>() {
                Ok(port) => Some(port.get()),
                Err(_) => return bad("a port between 1 and 65535 after `:`", HOST_PORT),
            },
        };
        if !is_host(name) {
            return bad("a host name or an IP address", HOST_PORT);
        }
        Ok(Self { name: name.to_owned(), port, tls })
    }
}

/// The reason why text is not a host, and what to write instead.
struct BadHost {
    expected: &'static str,
    help: &'static str,
}

const GRPC: &str = "the scheme `grpc` or `grpcs`: a gateway dials Executors over gRPC";
const HOST_PORT: &str = "write `HOST`, `HOST:PORT`, or an IPv6 address as `[::1]:PORT`";

/// Splits `host:port`. An IPv6 address contains colons itself.
fn split_port(text: &str) -> (&str, Option<&str>) {
    if let Some(end) = text.find(']').filter(|_| text.starts_with('[')) {
        return match text[end + 1..].strip_prefix(':') {
            Some(port) => (&text[..=end], Some(port)),
            None => (text, None),
        };
    }
    match text.split_once(':') {
        Some((name, port)) if !port.contains(':') => (name, Some(port)),
        _ => (text, None),
    }
}

/// Whether it is a DNS name (RFC 1123, and `_`, which names of services may hold) or an IP address.
fn is_host(name: &str) -> bool {
    if let Some(inner) = name.strip_prefix('[') {
        return inner.strip_suffix(']').is_some_and(is_ipv6);
    }
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= 253 && name.split('.').all(is_label) || is_ipv6(name)
}

/// True for an IPv6 address, optionally with a zone.
fn is_ipv6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

impl FromNode for Hosts {
    const EXPECTS: &'static str = "a host, or a list of hosts";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.one_or_many(node);
        let hosts = reader.each(&items, |item, reader| {
            let written = reader.text(item, Self::EXPECTS)?;
            let parts = written.split(',').map(str::trim).filter(|part| !part.is_empty());
            let hosts: Vec<_> = reader
                .listed(item.span, parts)?
                .into_iter()
                .map(|part| match Host::parse(part) {
                    Ok(host) => Some(Spanned::new(host, item.span)),
                    Err(why) => {
                        let what = format!("cannot be {}", reader.quoted(item.span, part));
                        let label = format!("expected {}", why.expected);
                        reader.wrong_value_with_help(item.span, &what, &label, why.help);
                        None
                    }
                })
                .collect();
            hosts.into_iter().collect::<Option<Vec<_>>>()
        })?;
        Some(Self(hosts.into_iter().flatten().collect()))
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.tls {
            None => {}
            Some(false) => f.write_str("grpc://")?,
            Some(true) => f.write_str("grpcs://")?,
        }
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl ToValue for Hosts {
    fn to_value(&self) -> Value {
        one_or_list(self.0.iter().map(|host| host.to_string().into()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn reads_every_form_of_a_host() {
        for (written, expected) in [
            ("h", Some(("h", None, None))),
            ("h:9", Some(("h", Some(9), None))),
            ("grpc://h:9", Some(("h", Some(9), Some(false)))),
            ("grpcs://h.example.com:443", Some(("h.example.com", Some(443), Some(true)))),
            ("GRPC://h:9/", Some(("h", Some(9), Some(false)))),
            ("10.0.0.1", Some(("10.0.0.1", None, None))),
            ("my_service", Some(("my_service", None, None))),
            ("h.example.com.", Some(("h.example.com.", None, None))),
            ("::1", Some(("::1", None, None))),
            ("[::1]", Some(("[::1]", None, None))),
            ("[::1]:80", Some(("[::1]", Some(80), None))),
            ("grpc://[fe80::1%eth0]:80", Some(("[fe80::1%eth0]", Some(80), Some(false)))),
            ("https://h/", None),
            ("http://h:80", None),
            ("ws://h:80", None),
            ("wss://h:80", None),
            ("ftp://h", None),
            ("h:0", None),
            ("h:x", None),
            ("h:", None),
            ("h:99999", None),
            ("grpc://", None),
            ("[::1", None),
            ("grpc://[::1", None),
            ("::1]", None),
            ("[h]", None),
            ("[::1]x", None),
            ("a:b:c", None),
            ("a..b", None),
            ("a b", None),
            ("h/path", None),
            ("user@h", None),
            ("é", None),
        ] {
            let host = Host::parse(written).ok();
            let host = host.as_ref().map(|host| (host.name.as_str(), host.port, host.tls));
            assert_eq!(host, expected, "{written}");
        }
    }
}
