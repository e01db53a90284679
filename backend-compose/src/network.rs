//! The network of a Flow.

/// The name of a network in a Compose file: letters, digits, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network(String);

/// Text that cannot be the name of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadNetwork(String);

impl Default for Network {
    /// The same network as in `jina export`.
    fn default() -> Self {
        Self("jina-network".to_owned())
    }
}

impl std::fmt::Display for BadNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` cannot be a network: expected letters, digits, `.`, `_` and `-`", self.0)
    }
}

impl std::error::Error for BadNetwork {}

impl std::str::FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let inside = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let good =
            text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(inside);
        if good { Ok(Self(text.to_owned())) } else { Err(BadNetwork(text.to_owned())) }
    }
}

impl Network {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn only_names_are_networks() {
        for (text, good) in [
            ("jina-network", true),
            ("My_Net.1", true),
            ("", false),
            ("-a", false),
            ("a b", false),
            ("$NET", false),
            ("é", false),
        ] {
            assert_eq!(text.parse::<Network>().is_ok(), good, "{text}");
        }
    }
}
