//! Container images.

use std::net::Ipv6Addr;

use super::BadValue;
use super::number::Port;

/// A reference to a container image that a container runtime can pull.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image(String);

/// The reason why text is not a reference to an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadImage(&'static str);

impl std::fmt::Display for BadImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BadImage {}

impl Image {
    /// Reads `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, the grammar of
    /// `github.com/distribution/reference`, optionally after `docker://`, as in a Flow.
    ///
    /// # Errors
    ///
    /// With the reason if the text is not a reference.
    pub fn parse(written: &str) -> Result<Self, BadImage> {
        Self::parse_reference(written.strip_prefix(SCHEME).unwrap_or(written))
    }

    /// Reads a reference without `docker://`.
    pub(super) fn parse_reference(written: &str) -> Result<Self, BadImage> {
        let bad = |why| Err(BadImage(why));
        if written.is_empty() {
            return bad("it is empty");
        }
        if written.contains(char::is_whitespace) {
            return bad("it contains a space");
        }
        let (name, digest) = match written.split_once('@') {
            None => (written, None),
            Some((name, digest)) => (name, Some(digest)),
        };
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return bad(
                "the text after `@` is not a digest such as `sha256:` and 64 hexadecimal digits",
            );
        }
        let last_slash = name.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match name[last_slash..].split_once(':') {
            None => (name, None),
            Some((last, tag)) => (&name[..last_slash + last.len()], Some(tag)),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return bad("a tag consists of at most 128 letters, digits, `_`, `.` and `-`");
        }
        let (host, path) = match name.split_once('/') {
            Some((host, path)) if is_host(host) => (Some(host), path),
            _ => (None, name),
        };
        if host.is_some_and(|host| !is_registry(host)) {
            return bad("the text before the first `/` is not a registry host");
        }
        if path.chars().any(|c| c.is_ascii_uppercase()) {
            return bad("its name contains a capital letter");
        }
        if !path.split('/').all(is_path_component) {
            return bad(
                "its name does not consist of lower-case letters, digits and single separators",
            );
        }
        if name.len() > NAME_LENGTH {
            return bad("its name is longer than 255 characters");
        }
        if host.is_none() && is_identifier(path) {
            return bad("64 hexadecimal digits are an image ID, not a name");
        }
        Ok(Self(written.to_owned()))
    }

    /// The tag, if there is one: `1.2` of `example/encoder:1.2`.
    pub fn tag(&self) -> Option<&str> {
        let name = self.0.split_once('@').map_or(self.0.as_str(), |(name, _)| name);
        let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
        last.split_once(':').map(|(_, tag)| tag)
    }

    /// True if the name may refer to another image later: it has no digest, and the tag is `latest`
    /// or absent.
    pub fn is_moving(&self) -> bool {
        !self.0.contains('@') && self.tag().is_none_or(|tag| tag == "latest")
    }

    /// The reference as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Image {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        let expected = |why: BadImage| format!("an image reference ({why})");
        Self::parse(written).map_err(|why| BadValue::new(written, expected(why)))
    }
}

impl std::fmt::Display for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The prefix of an image reference in a Flow.
pub(super) const SCHEME: &str = "docker://";

/// `NameTotalLengthMax` of distribution/reference.
const NAME_LENGTH: usize = 255;

/// True if the first part of a name is a host: it contains a dot or a port, is `localhost`, or has
/// a capital letter.
fn is_host(part: &str) -> bool {
    part == "localhost" || part.contains(['.', ':']) || part.chars().any(|c| c.is_ascii_uppercase())
}

fn is_path_component(component: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separator = String::new();
    for c in component.chars() {
        if is_alphanumeric(c) {
            if !matches!(separator.as_str(), "" | "." | "_" | "__")
                && !separator.chars().all(|c| c == '-')
            {
                return false;
            }
            separator.clear();
        } else if "._-".contains(c) {
            separator.push(c);
        } else {
            return false;
        }
    }
    separator.is_empty() && component.starts_with(is_alphanumeric)
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// `HOST` or `HOST:PORT`: a name, an address of IPv4, or one of IPv6 in brackets.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    if port.is_some_and(|port| port.parse::<Port>().is_err() || port.starts_with('+')) {
        return false;
    }
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.strip_suffix(']');
        return address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let is_part = |part: &str| {
        !(part.is_empty() || part.starts_with('-') || part.ends_with('-'))
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    host.split('.').all(is_part)
}

/// The registered digest algorithms, each with its number of digits.
const ALGORITHMS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

fn is_digest(digest: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    digest.split_once(':').is_some_and(|(algorithm, digits)| {
        ALGORITHMS.contains(&(algorithm, digits.len())) && digits.chars().all(is_digit)
    })
}

/// True for text that Docker reads as the identifier of an image.
fn is_identifier(name: &str) -> bool {
    name.len() == 64 && name.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn tells_references_from_other_text() {
        let digest =
            |algorithm: &str, digits: usize| format!("a@{algorithm}:{}", "0".repeat(digits));
        for (written, good) in [
            ("a", true),
            ("jinaai/jina:3.34.0-py311-standard", true),
            ("registry.example.com:5000/team/encoder:v1", true),
            ("localhost/encoder", true),
            ("localhost:5000/encoder", true),
            ("a/b_c/d__e/f-g.h:1", true),
            ("a__b/c", true),
            ("a..b/c", false),
            (&digest("sha256", 64), true),
            (&digest("sha512", 128), true),
            (&digest("sha256", 40), false),
            (&digest("sha256", 65), false),
            (&digest("sha512", 64), false),
            (&digest("md5", 32), false),
            (&digest("sha256", 64).replace('0', "A"), false),
            (&format!("registry.example.com/a:1{}", &digest("sha256", 64)[1..]), true),
            ("docker://example/encoder:1.0", true),
            ("docker://docker://a", false),
            ("docker://", false),
            ("REGISTRY/encoder", true),
            ("[::1]:5000/encoder", true),
            ("[::1/encoder", false),
            ("127.0.0.1:5000/encoder", true),
            ("foo!.com:abc/x", false),
            ("foo!.com/x", false),
            ("foo.com:abc/x", false),
            ("foo.com:0/x", false),
            ("foo.com:99999/x", false),
            ("-foo.com/x", false),
            ("foo..com/x", false),
            (&"a".repeat(255), true),
            (&"a".repeat(300), false),
            (&format!("{}/x", "a/".repeat(200)), false),
            (&"0".repeat(64), false),
            (&format!("a:{}", "t".repeat(128)), true),
            (&format!("a:{}", "t".repeat(129)), false),
            ("", false),
            ("a b", false),
            ("Encoder", false),
            ("example/Encoder:1", false),
            ("a/", false),
            ("/a", false),
            ("a//b", false),
            ("-a", false),
            ("a:", false),
            ("a:tag:tag", false),
            ("a@sha256:12", false),
            ("a/docker://b", false),
            ("é", false),
        ] {
            assert_eq!(Image::parse(written).is_ok(), good, "{written}");
        }
    }
}
