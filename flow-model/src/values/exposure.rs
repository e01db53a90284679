//! How clients outside the cluster reach the gateway.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::reader::{FromNode, Reader};
use super::{BadValue, Protocol, ToValue};
use crate::keys::nearest;
use crate::names::{DNS_SUBDOMAIN, is_annotation, is_dns_label, is_dns_subdomain};
use crate::source::Node;
use crate::span::{Span, Spanned};

/// How clients outside the cluster reach the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// What receives their calls.
    pub entrance: Entrance,
    /// Annotations of the objects that it consists of, in addition to those that are needed.
    pub annotations: IndexMap<String, Spanned<String>>,
}

/// What receives the calls of clients outside the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entrance {
    /// A controller that reads Ingresses.
    Ingress {
        /// The class; the cluster's default if it is `None`.
        class: Option<Spanned<DnsName>>,
        /// The hosts that clients call.
        hosts: ExposedHosts,
        /// The Secret with the certificate of the hosts.
        tls: Option<Spanned<DnsName>>,
    },
    /// A Gateway of the Gateway API.
    Gateway {
        /// The Gateway.
        gateway: Spanned<GatewayName>,
        /// The hosts that clients call.
        hosts: ExposedHosts,
    },
    /// A load balancer of the cloud, which forwards connections.
    LoadBalancer {
        /// The class; the cluster's default if it is `None`.
        class: Option<Spanned<ClassName>>,
        /// The name that its address gets, if the cluster runs `external-dns`.
        host: Option<Spanned<HostName>>,
    },
}

/// The hosts that clients call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExposedHosts {
    /// The same for every protocol.
    One(Spanned<HostName>),
    /// For each protocol; the others are not exposed.
    ByProtocol(Vec<(Spanned<Protocol>, Spanned<HostName>)>),
}

/// The name of an object in Kubernetes: a DNS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsName(String);

/// The class of a load balancer: `NAME`, or `PREFIX/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassName(String);

/// A host of the DNS, which may begin with `*.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName(String);

/// The name of a Gateway, and its namespace if that is not the Flow's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayName {
    namespace: Option<String>,
    name: DnsName,
}

const HOST: &str = "a host such as `search.example.com`, or `*.example.com`";
const CLASS: &str = "the name of a class";
const GATEWAY: &str = "`NAME` or `NAMESPACE/NAME` of a Gateway";

impl DnsName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ClassName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl HostName {
    /// The host.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl GatewayName {
    /// The namespace, if it is written.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name in its namespace.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }
}

impl FromStr for DnsName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let good = is_dns_subdomain(text);
        good.then(|| Self(text.to_owned())).ok_or_else(|| BadValue::new(text, DNS_SUBDOMAIN))
    }
}

impl FromStr for ClassName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let good = is_dns_subdomain(text) || is_annotation(text);
        good.then(|| Self(text.to_owned())).ok_or_else(|| BadValue::new(text, CLASS))
    }
}

impl FromStr for HostName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let rest = text.strip_prefix("*.").unwrap_or(text);
        // The API takes no addresses, nor a name of digits only.
        let is_name = rest
            .rsplit('.')
            .next()
            .is_some_and(|last| last.chars().any(|c| c.is_ascii_lowercase()));
        let good = is_dns_subdomain(rest) && is_name;
        good.then(|| Self(text.to_owned())).ok_or_else(|| BadValue::new(text, HOST))
    }
}

impl FromStr for GatewayName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let bad = || BadValue::new(text, GATEWAY);
        let (namespace, name) = match text.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, text),
        };
        if namespace.is_some_and(|namespace| !is_dns_label(namespace)) {
            return Err(bad());
        }
        let name = name.parse().map_err(|_| bad())?;
        Ok(Self { namespace: namespace.map(str::to_owned), name })
    }
}

impl fmt::Display for GatewayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}/{}", self.name.0),
            None => f.write_str(&self.name.0),
        }
    }
}

impl From<HostName> for ExposedHosts {
    fn from(host: HostName) -> Self {
        Self::One(Spanned::unwritten(host))
    }
}

impl From<Entrance> for Exposure {
    fn from(entrance: Entrance) -> Self {
        Self { entrance, annotations: IndexMap::new() }
    }
}

impl Entrance {
    /// An Ingress of the cluster's default class, without TLS.
    pub fn ingress(hosts: impl Into<ExposedHosts>) -> Self {
        Self::Ingress { class: None, hosts: hosts.into(), tls: None }
    }

    /// Routes of a Gateway.
    pub fn gateway(gateway: GatewayName, hosts: impl Into<ExposedHosts>) -> Self {
        Self::Gateway { gateway: Spanned::unwritten(gateway), hosts: hosts.into() }
    }

    /// A load balancer of the cluster's default class.
    pub fn load_balancer() -> Self {
        Self::LoadBalancer { class: None, host: None }
    }

    /// The hosts by protocol, where they are set.
    pub fn hosts(&self) -> Option<&ExposedHosts> {
        match self {
            Self::Ingress { hosts, .. } | Self::Gateway { hosts, .. } => Some(hosts),
            Self::LoadBalancer { .. } => None,
        }
    }
}

impl ExposedHosts {
    /// The host of a protocol; `None` if the protocol is not exposed.
    pub fn of(&self, protocol: Protocol) -> Option<&Spanned<HostName>> {
        match self {
            Self::One(host) => Some(host),
            Self::ByProtocol(hosts) => {
                let mut found = hosts.iter().filter(|(known, _)| known.value == protocol);
                found.next().map(|(_, host)| host)
            }
        }
    }
}

const KEYS: [&str; 6] = ["annotations", "class", "gateway", "host", "tls", "type"];

/// What was read of a mapping.
#[derive(Default)]
struct Fields {
    kind: Option<Spanned<Kind>>,
    class: Option<Spanned<ClassName>>,
    gateway: Option<Spanned<GatewayName>>,
    tls: Option<Spanned<DnsName>>,
    host: Option<ExposedHosts>,
    annotations: IndexMap<String, Spanned<String>>,
    /// Where each key is written.
    at: IndexMap<String, Span>,
    is_complete: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ingress,
    LoadBalancer,
}

impl FromNode for Exposure {
    const EXPECTS: &'static str = "a mapping such as `{host: search.example.com, class: nginx}`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let fields = Fields::read(node, reader)?;
        let entrance = fields.entrance(node, reader)?;
        fields.is_complete.then_some(Self { entrance, annotations: fields.annotations })
    }
}

impl Fields {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(mapping) = node.as_mapping() else {
            reader.wrong_type(node, Exposure::EXPECTS);
            return None;
        };
        let mut fields = Self { is_complete: true, ..Self::default() };
        for entry in mapping.iter() {
            let key = entry.key.value.as_str();
            let at = entry.key.span.unwrap_or(node.span);
            let value = &*entry.value;
            if !KEYS.contains(&key) {
                let why = if at.substituted {
                    "has an unknown key".to_owned()
                } else {
                    format!("has an unknown key `{key}`")
                };
                let known = format!("expected one of {}", KEYS.join(", "));
                match nearest(key, KEYS).filter(|_| !at.substituted) {
                    Some(near) => {
                        let help = format!("write `{near}`");
                        reader.wrong_value_with_help(at, &why, &known, &help);
                    }
                    None => reader.wrong_value(at, &why, &known),
                }
                fields.is_complete = false;
                continue;
            }
            if value.is_null() {
                continue;
            }
            fields.at.insert(key.to_owned(), at);
            let mut reader = reader.inside(key);
            let is_read = match key {
                "type" => set(&mut fields.kind, kind(value, &mut reader), value),
                "class" => set(&mut fields.class, parsed(value, &mut reader, CLASS), value),
                "gateway" => set(&mut fields.gateway, parsed(value, &mut reader, GATEWAY), value),
                "tls" => set(&mut fields.tls, parsed(value, &mut reader, DNS_SUBDOMAIN), value),
                "host" => {
                    fields.host = hosts(value, &mut reader);
                    fields.host.is_some()
                }
                _ => {
                    let annotations = annotations(value, &mut reader);
                    let is_read = annotations.is_some();
                    fields.annotations = annotations.unwrap_or_default();
                    is_read
                }
            };
            fields.is_complete &= is_read;
        }
        Some(fields)
    }

    /// What the keys mean together.
    fn entrance(&self, node: &Node, reader: &mut Reader<'_>) -> Option<Entrance> {
        let at = |key: &str| self.at.get(key).copied();
        if let (Some(gateway), Some(other)) = (at("gateway"), at("class").or_else(|| at("type"))) {
            let name = if at("class").is_some() { "class" } else { "type" };
            reader.wrong_value_with_help(
                gateway.max(other),
                &format!("has both `{name}` and `gateway`"),
                "expected one of them",
                &format!("remove `{name}` for routes of a Gateway, or `gateway` for an Ingress"),
            );
            return None;
        }
        // A type that could not be read was reported.
        if at("type").is_some() && self.kind.is_none() {
            return None;
        }
        let is_load_balancer =
            self.kind.as_ref().is_some_and(|kind| kind.value == Kind::LoadBalancer);
        if let Some(tls) = at("tls").filter(|_| is_load_balancer || at("gateway").is_some()) {
            let (label, help) = if is_load_balancer {
                ("it forwards connections as they are", "set `ssl_certfile` and `ssl_keyfile`")
            } else {
                ("the Gateway has the certificate", "set the Secret in the listener of the Gateway")
            };
            let why = if is_load_balancer {
                "has `tls` for a load balancer"
            } else {
                "has `tls` for routes of a Gateway"
            };
            reader.wrong_value_with_help(tls, why, label, &format!("remove `tls`, and {help}"));
            return None;
        }
        if is_load_balancer {
            let host = match &self.host {
                Some(ExposedHosts::One(host)) => Some(host.clone()),
                Some(ExposedHosts::ByProtocol(_)) => {
                    let span = at("host").unwrap_or(node.span);
                    let label = "a load balancer has one address for all protocols";
                    reader.wrong_value(span, "has several hosts for a load balancer", label);
                    return None;
                }
                None => None,
            };
            return Some(Entrance::LoadBalancer { class: self.class.clone(), host });
        }
        let Some(hosts) = &self.host else {
            // A host that could not be read was reported.
            if at("host").is_none() {
                let why = match at("tls") {
                    Some(_) => "has `tls` without `host`",
                    None => "has no `host`",
                };
                let span = at("tls").unwrap_or(node.span);
                let help = "add `host: search.example.com`, or `type: LoadBalancer`";
                reader.wrong_value_with_help(
                    span,
                    why,
                    "expected the name that clients call",
                    help,
                );
            }
            return None;
        };
        let hosts = hosts.clone();
        match (&self.gateway, at("gateway")) {
            (Some(gateway), _) => Some(Entrance::Gateway { gateway: gateway.clone(), hosts }),
            (None, Some(_)) => None,
            (None, None) => {
                let class = match &self.class {
                    Some(class) => Some(ingress_class(class, reader)?),
                    None => None,
                };
                Some(Entrance::Ingress { class, hosts, tls: self.tls.clone() })
            }
        }
    }
}

/// The class of an Ingress, which has no prefix.
fn ingress_class(class: &Spanned<ClassName>, reader: &mut Reader<'_>) -> Option<Spanned<DnsName>> {
    let name = class.as_str().parse().ok();
    if let (None, Some(span)) = (&name, class.span) {
        let why = format!("cannot be {}", reader.quoted(span, class.as_str()));
        let label = format!("expected {DNS_SUBDOMAIN}");
        reader.inside("class").wrong_value(span, &why, &label);
    }
    name.map(|value| Spanned { value, span: class.span })
}

/// Sets a field to what was read. Returns false if nothing was.
fn set<T>(field: &mut Option<Spanned<T>>, read: Option<T>, node: &Node) -> bool {
    *field = read.map(|value| Spanned::new(value, node.span));
    field.is_some()
}

fn kind(node: &Node, reader: &mut Reader<'_>) -> Option<Kind> {
    const EXPECTS: &str = "`Ingress` or `LoadBalancer`";
    let text = reader.text(node, EXPECTS)?;
    match text.as_str() {
        "Ingress" => Some(Kind::Ingress),
        "LoadBalancer" => Some(Kind::LoadBalancer),
        _ => {
            let why = format!("cannot be {}", reader.quoted(node.span, &text));
            let help = "for routes of the Gateway API, set `gateway: NAME` instead";
            reader.wrong_value_with_help(node.span, &why, &format!("expected {EXPECTS}"), help);
            None
        }
    }
}

fn parsed<T: FromStr>(node: &Node, reader: &mut Reader<'_>, expected: &str) -> Option<T> {
    let text = reader.text(node, "text")?;
    let value = text.parse().ok();
    if value.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {expected}"));
    }
    value
}

fn hosts(node: &Node, reader: &mut Reader<'_>) -> Option<ExposedHosts> {
    let Some(mapping) = node.as_mapping() else {
        if node.as_scalar().is_none() {
            reader.wrong_type(node, "a host, or a mapping of protocols to hosts");
            return None;
        }
        let host = parsed(node, reader, HOST)?;
        return Some(ExposedHosts::One(Spanned::new(host, node.span)));
    };
    let mut hosts: Vec<(Spanned<Protocol>, Spanned<HostName>)> = Vec::new();
    let mut is_complete = true;
    for entry in mapping.iter() {
        let at = entry.key.span.unwrap_or(node.span);
        let protocol = entry.key.value.parse::<Protocol>().ok();
        if protocol.is_none() {
            let shown = reader.quoted(at, &entry.key.value);
            let label = format!("expected {}", Protocol::EXPECTS);
            reader.wrong_value(
                at,
                &format!("has a host for {shown}, which is not a protocol"),
                &label,
            );
        }
        let host = parsed(&entry.value, reader, HOST);
        match protocol.zip(host) {
            Some((protocol, _)) if hosts.iter().any(|(known, _)| known.value == protocol) => {
                let why = format!("names {} twice", protocol.word());
                reader.wrong_value(at, &why, "named before");
                is_complete = false;
            }
            Some((protocol, host)) => {
                hosts.push((Spanned::new(protocol, at), Spanned::new(host, entry.value.span)));
            }
            None => is_complete = false,
        }
    }
    if is_complete && hosts.is_empty() {
        reader.wrong_value(node.span, "is an empty mapping", "expected at least one host");
        return None;
    }
    is_complete.then_some(ExposedHosts::ByProtocol(hosts))
}

fn annotations(node: &Node, reader: &mut Reader<'_>) -> Option<IndexMap<String, Spanned<String>>> {
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, "a mapping of names to text");
        return None;
    };
    let mut annotations = IndexMap::new();
    let mut is_complete = true;
    for entry in mapping.iter() {
        let at = entry.key.span.unwrap_or(node.span);
        let is_good = is_annotation(&entry.key.value);
        if !is_good {
            let why = format!("cannot have {}", reader.quoted(at, &entry.key.value));
            reader.wrong_value(at, &why, "expected the name of an annotation: `PREFIX/NAME`");
        }
        // Kubernetes takes only text, and people write `"true"` without its quotes.
        let text = entry.value.as_scalar().map(|scalar| scalar.text.clone());
        if text.is_none() {
            reader.wrong_type(&entry.value, "text");
        }
        is_complete &= is_good && text.is_some();
        let text = text.map(|text| Spanned::new(text, entry.value.span));
        annotations.extend(text.map(|text| (entry.key.value.clone(), text)));
    }
    is_complete.then_some(annotations)
}

impl ToValue for Exposure {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            map.extend(value.map(|value| (name.to_owned(), value)));
        };
        let name = |name: &Option<Spanned<DnsName>>| {
            name.as_ref().map(|name| Value::from(name.value.as_str()))
        };
        match &self.entrance {
            Entrance::Ingress { class, hosts, tls } => {
                put("host", Some(hosts.to_value()));
                put("class", name(class));
                put("tls", name(tls));
            }
            Entrance::Gateway { gateway, hosts } => {
                put("host", Some(hosts.to_value()));
                put("gateway", Some(gateway.value.to_string().into()));
            }
            Entrance::LoadBalancer { class, host } => {
                put("type", Some("LoadBalancer".into()));
                put("class", class.as_ref().map(|class| class.as_str().into()));
                put("host", host.as_ref().map(|host| host.value.as_str().into()));
            }
        }
        let annotations = self.annotations.iter();
        let annotations: Map<_, _> =
            annotations.map(|(name, text)| (name.clone(), text.value.clone().into())).collect();
        put("annotations", (!annotations.is_empty()).then_some(Value::Object(annotations)));
        Value::Object(map)
    }
}

impl ToValue for ExposedHosts {
    fn to_value(&self) -> Value {
        match self {
            Self::One(host) => host.value.as_str().into(),
            Self::ByProtocol(hosts) => {
                let hosts = hosts.iter();
                let hosts = hosts.map(|(protocol, host)| {
                    (protocol.value.word().to_lowercase(), host.value.as_str().into())
                });
                Value::Object(hosts.collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GatewayName, HostName};

    #[test]
    fn only_names_of_the_dns_are_hosts() {
        for (text, good) in [
            ("search.example.com", true),
            ("*.example.com", true),
            ("localhost", true),
            ("1.example.com", true),
            ("10.0.0.1", false),
            ("Search.example.com", false),
            ("*", false),
            ("*example.com", false),
            ("a.*.com", false),
            ("https://a.example.com", false),
            ("a.example.com:443", false),
            ("a.example.com/x", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<HostName>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn a_gateway_may_be_in_another_namespace() {
        for (text, expected) in [
            ("public", Some((None, "public"))),
            ("infra/public", Some((Some("infra"), "public"))),
            ("infra/", None),
            ("/public", None),
            ("a/b/c", None),
            ("In/public", None),
        ] {
            let read = text.parse::<GatewayName>().ok();
            let read = read.as_ref().map(|gateway| (gateway.namespace(), gateway.name()));
            assert_eq!(read, expected, "{text}");
        }
    }
}
