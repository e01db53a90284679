//! Names of networks, clusters and shells.

/// The maximum length of a DNS label (RFC 1035, section 2.3.4).
pub const LABEL_LENGTH: usize = 63;

/// The maximum length of a DNS name in Kubernetes.
const SUBDOMAIN_LENGTH: usize = 253;

/// A description of the names that [`is_dns_label`] accepts.
pub const DNS_LABEL: &str =
    "lower-case letters, digits and `-`, at most 63, a letter or a digit first and last";

/// A description of the names that [`is_dns_subdomain`] accepts.
pub const DNS_SUBDOMAIN: &str = "lower-case letters, digits, `-` and `.`, at most 253";

/// A description of the names that [`is_secret_key`] accepts.
pub const SECRET_KEY: &str = "letters, digits, `-`, `_` and `.`, at most 253";

/// A description of the names that [`is_variable`] accepts.
pub const VARIABLE: &str = "letters, digits and `_`, no digit first";

/// True if Kubernetes accepts the text as a DNS label (RFC 1123): the name of a namespace.
pub fn is_dns_label(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=LABEL_LENGTH).contains(&text.len())
        && text.chars().all(inside)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// True if Kubernetes accepts the text as a DNS name (RFC 1123): the name of a Secret, of a storage
/// class. Between dots it may be longer than a label.
pub fn is_dns_subdomain(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_part = |part: &str| {
        !(part.is_empty() || part.starts_with('-') || part.ends_with('-'))
            && part.chars().all(inside)
    };
    text.len() <= SUBDOMAIN_LENGTH && text.split('.').all(is_part)
}

/// True if Kubernetes accepts the text as a key of a Secret: the name of a file.
pub fn is_secret_key(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=SUBDOMAIN_LENGTH).contains(&text.len())
        && text.chars().all(inside)
        && text != "."
        && !text.starts_with("..")
}

/// True if Kubernetes accepts the text as the name of an annotation: `NAME`, or `PREFIX/NAME`.
pub fn is_annotation(text: &str) -> bool {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    let is_edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    // The API server compares prefixes in lower case.
    prefix.is_none_or(|prefix| is_dns_subdomain(&prefix.to_lowercase()))
        && (1..=LABEL_LENGTH).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && is_edge(name.chars().next())
        && is_edge(name.chars().next_back())
}

/// True if a shell, and Kubernetes' `envFrom` in every release, accept the text as the name of a
/// variable (`C_IDENTIFIER`).
pub fn is_variable(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The DNS label for a name: lower case, with `-` for `_` and `/`, as in Jina.
///
/// Not every name gives a valid label; the rule `bad-name` reports the others.
pub fn dns_label(name: &str) -> String {
    let mut label = name.replace(['_', '/'], "-");
    if !label.is_ascii() {
        return label.to_lowercase();
    }
    label.make_ascii_lowercase();
    label
}

/// The DNS label nearest to any text: lower case, `-` for everything else, no `-` at either end, at
/// most 63 characters. Empty if nothing is left.
pub fn nearest_label(name: &str) -> String {
    if is_dns_label(name) {
        return name.to_owned();
    }
    let dashed =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let dashed: String = dashed.take(LABEL_LENGTH).collect();
    dashed.trim_matches('-').to_owned()
}

/// The name that identifies a Flow: its own, else the name of its file without the extension, as
/// the nearest DNS label; `flow` if neither gives a label.
pub fn flow_name(own: Option<&str>, file: Option<&str>) -> String {
    let mut labels = [own, file].into_iter().flatten().map(nearest_label);
    labels.find(|label| !label.is_empty()).unwrap_or_else(|| "flow".to_owned())
}

/// The number of characters of a path that [`volume_label`] keeps before the hash.
const SHOWN: usize = 40;

/// The DNS label for the path of a volume. It depends only on the path, so data stay with their
/// path when other volumes are added, removed or reordered; no two paths have the same label.
///
/// `/data` is `data`. A path that is not a label keeps its letters and digits, and gets a hash of
/// the whole path: `/b/c` and `/b-c` are `b-c-` and ten digits, not the same ten.
pub fn volume_label(path: &str) -> String {
    let plain = path.strip_prefix('/').filter(|rest| {
        (1..=SHOWN).contains(&rest.len())
            && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    });
    if let Some(plain) = plain {
        return plain.to_owned();
    }
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    slug.truncate(SHOWN);
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "volume" } else { slug };
    format!("{slug}-{:010x}", hash(path))
}

/// FNV-1a of 64 bits, folded to 40. Names of volumes must never change, but the hashes of the
/// standard library may change with any release.
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (hash >> 40) ^ (hash & 0xff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::{nearest_label, volume_label};

    #[test]
    fn names_become_labels() {
        for (name, expected) in
            [("My_Flow", "my-flow"), ("_a b_", "a-b"), ("été", "t"), ("é", ""), ("123", "123")]
        {
            assert_eq!(nearest_label(name), expected);
        }
    }

    /// Existing volumes have these names: a change here loses data.
    #[test]
    fn volumes_keep_their_names() {
        let long = format!("/{}", "long/".repeat(20));
        for (path, label) in [
            ("/data", "data"),
            ("/v1", "v1"),
            ("/b/c", "b-c-9ca5d94160"),
            ("/b-c", "b-c-9ca5a31d7e"),
            ("/b_c", "b-c-9ca5ec5150"),
            ("/Data", "data-28e41f0a54"),
            ("/root/.cache/huggingface", "root-cache-huggingface-11acf8e432"),
            ("/häuser", "h-user-1273d673ee"),
            ("/…", "volume-9a2f27d6f7"),
            (&long, "long-long-long-long-long-long-long-long-40d3bfac88"),
        ] {
            assert_eq!(volume_label(path), label, "{path}");
        }
    }
}
