//! Addresses of servers.

/// The address of a server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// A DNS name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether the server uses TLS.
    pub tls: bool,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.tls { "grpcs" } else { "grpc" };
        // The colons of an IPv6 address do not separate a port.
        if self.host.contains(':') && !self.host.starts_with('[') {
            return write!(f, "{scheme}://[{}]:{}", self.host, self.port);
        }
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
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
