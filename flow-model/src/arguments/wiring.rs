//! What only a backend knows about a container.

use serde_json::{Map, Value};

use crate::plan::Callee;

/// Addresses, ports and names that a backend gives to a container of the Plan.
pub struct Wiring<'a> {
    /// Told to the process as its namespace.
    pub namespace: Option<&'a str>,
    /// Which of several replicas the process is, where each is told its own arguments.
    pub replica: Option<u32>,
    /// The ports that the process listens on, one a protocol.
    pub ports: Vec<u16>,
    /// The port of its metrics.
    pub monitoring_port: u16,
    /// Where a callee of the Plan is found: at least one address.
    pub addresses: &'a dyn Fn(Callee) -> Vec<Address>,
    /// What the mesh wants the process to be told.
    pub options: RuntimeOptions,
}

/// Where a server is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// A DNS name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether the server wants TLS.
    pub tls: bool,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.tls { "grpcs" } else { "grpc" };
        // The colons of an address of IPv6 are no beginning of a port.
        if self.host.contains(':') && !self.host.starts_with('[') {
            return write!(f, "{scheme}://[{}]:{}", self.host, self.port);
        }
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

/// Settings of Jina's processes beyond those of the Flow. What the Flow itself says of gRPC wins.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RuntimeOptions {
    /// Options of the channels that the process opens.
    pub channel_options: Map<String, Value>,
    /// Options of the gRPC server that the process runs.
    pub server_options: Map<String, Value>,
    /// How often the process tries a failed call again, whatever the Flow says: one of all that
    /// could retry a call owns it, and the others are switched off.
    pub retries: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_urls() {
        for (host, port, tls, url) in [
            ("h.example.com", 443, true, "grpcs://h.example.com:443"),
            ("10.0.0.1", 80, false, "grpc://10.0.0.1:80"),
            ("::1", 80, false, "grpc://[::1]:80"),
            ("[::1]", 80, false, "grpc://[::1]:80"),
        ] {
            let address = Address { host: host.to_owned(), port, tls };
            assert_eq!(address.to_string(), url);
        }
    }
}
