//! Container images.

use super::BadValue;

/// A reference to a container image that a container runtime can pull.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image(String);

/// Why text is no reference to an image.
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
    /// `github.com/distribution/reference`.
    ///
    /// # Errors
    ///
    /// With what is wrong about it.
    pub fn parse(written: &str) -> Result<Self, BadImage> {
        let bad = |why| Err(BadImage(why));
        if written.is_empty() {
            return bad("it is empty");
        }
        if written.contains(char::is_whitespace) {
            return bad("it holds a blank");
        }
        let (name, digest) = match written.split_once('@') {
            None => (written, None),
            Some((name, digest)) => (name, Some(digest)),
        };
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return bad("what follows `@` is no digest such as `sha256:…`");
        }
        let last_slash = name.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match name[last_slash..].split_once(':') {
            None => (name, None),
            Some((last, tag)) => (&name[..last_slash + last.len()], Some(tag)),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return bad("a tag is made of letters, digits, `_`, `.` and `-`, 128 at most");
        }
        let path = match name.split_once('/') {
            Some((host, path)) if is_host(host) => path,
            _ => name,
        };
        if path.chars().any(|c| c.is_ascii_uppercase()) {
            return bad("its name holds a capital letter");
        }
        if !path.split('/').all(is_path_component) {
            return bad("its name is not made of lower-case letters, digits and single separators");
        }
        Ok(Self(written.to_owned()))
    }

    /// The reference as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Image {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        let expected = |why: BadImage| format!("a reference to an image ({why})");
        Self::parse(written).map_err(|why| BadValue::new(written, expected(why)))
    }
}

impl std::fmt::Display for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first part of a name is a host when it cannot be a path: it holds a dot or a port, is
/// `localhost`, or has a capital letter.
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

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
            && hex.len() >= 32
            && hex.chars().all(|c| c.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn tells_references_from_other_text() {
        let digest = format!("a@sha256:{}", "0".repeat(64));
        for (written, good) in [
            ("a", true),
            ("jinaai/jina:3.34.0-py311-standard", true),
            ("registry.example.com:5000/team/encoder:v1", true),
            ("localhost/encoder", true),
            ("localhost:5000/encoder", true),
            ("a/b_c/d__e/f-g.h:1", true),
            (digest.as_str(), true),
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
