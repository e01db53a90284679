//! Where an external Executor is found.

use serde_json::Value;

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

/// A host, and what a URL says besides: `name`, `name:port`, or a URL with one of Jina's schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
    tls: Option<bool>,
}

impl std::str::FromStr for Host {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        Self::parse(written).map_err(|expected| BadValue::new(written, expected))
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

    /// Whether the URL's scheme asks for TLS; `None` where there is no scheme.
    pub fn tls(&self) -> Option<bool> {
        self.tls
    }

    /// Reads `name`, `name:port`, or a URL with one of Jina's schemes.
    fn parse(written: &str) -> Result<Self, &'static str> {
        let (tls, rest) = match written.split_once("://") {
            None => (None, written),
            Some(("grpc" | "http" | "ws", rest)) => (Some(false), rest),
            Some(("grpcs" | "https" | "wss", rest)) => (Some(true), rest),
            Some(_) => return Err("one of the schemes `grpc`, `grpcs`, `http`, `https`"),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let is_address = rest.matches(':').count() > 1 && !rest.starts_with('[');
        let (name, port) = match rest.rsplit_once(':') {
            Some((name, port)) if !is_address && !port.ends_with(']') => {
                let port = port.parse().ok().filter(|port| *port != 0);
                (name, Some(port.ok_or("a port between 1 and 65535 after `:`")?))
            }
            _ => (rest, None),
        };
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "/@?#,\"'".contains(c)) {
            return Err("a host name or an address");
        }
        Ok(Self { name: name.to_owned(), port, tls })
    }
}

impl FromNode for Hosts {
    const EXPECTS: &'static str = "a host, or a list of hosts";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut hosts = Vec::new();
        for item in reader.one_or_many(node) {
            let written = reader.text(item, Self::EXPECTS)?;
            for part in written.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                match Host::parse(part) {
                    Ok(host) => hosts.push(Spanned::new(host, item.span)),
                    Err(expected) => {
                        let why = format!("cannot be {}", reader.quoted(item.span, part));
                        reader.wrong_value(item.span, &why, &format!("expected {expected}"));
                        return None;
                    }
                }
            }
        }
        Some(Self(hosts))
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
            ("https://h/", Some(("h", None, Some(true)))),
            ("10.0.0.1", Some(("10.0.0.1", None, None))),
            ("::1", Some(("::1", None, None))),
            ("[::1]:80", Some(("[::1]", Some(80), None))),
            ("ftp://h", None),
            ("h:0", None),
            ("h:x", None),
            ("h:99999", None),
            ("grpc://", None),
            ("a b", None),
            ("h/path", None),
        ] {
            let host = Host::parse(written).ok();
            let host = host.as_ref().map(|host| (host.name.as_str(), host.port, host.tls));
            assert_eq!(host, expected, "{written}");
        }
    }
}
