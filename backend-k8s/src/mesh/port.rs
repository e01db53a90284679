//! Ports of Services.

use flow_model::plan::METRICS_PORT;
use flow_model::values::Protocol;

/// A port of a Service, before the mesh names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServicePort {
    /// The protocol.
    pub usage: PortUse,
    /// Its number in the Service.
    pub number: u16,
    /// True for a port that the user chose, in addition to the one that Jina's process listens on.
    pub chosen: bool,
}

/// The protocol of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortUse {
    /// gRPC without TLS.
    Grpc,
    /// HTTP/1.1.
    Http,
    /// HTTP/1.1 that becomes a WebSocket.
    WebSocket,
    /// Metrics in Prometheus' own format, over HTTP/1.1.
    Metrics,
    /// A protocol inside TLS that the container terminates, so no proxy can inspect it.
    Tls(Protocol),
}

impl PortUse {
    /// The protocol as port names spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::Metrics => "http-metrics",
            Self::Tls(Protocol::Grpc) => "tls-grpc",
            Self::Tls(Protocol::Http) => "https",
            Self::Tls(Protocol::WebSocket) => "https-ws",
        }
    }
}

impl ServicePort {
    /// `grpc`, or `grpc-12345` for a port that the user chose: the form `PROTOCOL[-SUFFIX]` that
    /// Istio reads, at most 15 characters, unique within a Service.
    pub fn conventional_name(self) -> String {
        let word = self.usage.word();
        match self.usage {
            // Containers of one Pod offer their metrics at this port and the next ones.
            PortUse::Metrics if self.number > METRICS_PORT => {
                format!("{word}-{}", self.number - METRICS_PORT)
            }
            _ if self.chosen => format!("{word}-{}", self.number),
            _ => word.to_owned(),
        }
    }
}

/// The name and `appProtocol` of a Service port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortShape {
    /// 15 characters at most (`IANA_SVC_NAME`).
    pub name: String,
    /// `appProtocol`, where the mesh wants one.
    pub app_protocol: Option<String>,
}
