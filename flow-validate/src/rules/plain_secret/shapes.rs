//! Text that has the form of a secret, whatever its name.

/// A description of the secret in a text, which does not show it; `None` if there is no known
/// secret.
pub(super) fn secret_shape(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    if has_password(text) {
        return Some("the password in a URL");
    }
    let is_edge = |c: char| c.is_whitespace() || "\"'=,;&?()[]{}<>`".contains(c);
    let mut words = text.split(is_edge);
    words.any(is_token).then_some("an access token")
}

/// True if text is the path of a file.
pub(super) fn is_path(text: &str) -> bool {
    let path = text.strip_prefix("file://").unwrap_or(text);
    ["/", "./", "../", "~/"].iter().any(|start| path.starts_with(start))
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-~ ".contains(c))
}

/// `scheme://user:password@host`, with a password that is not a placeholder.
fn has_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, separator)| {
        let is_scheme = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let rest = &text[at + separator.len()..];
        let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'".contains(c));
        let Some((user, _)) = rest[..end.unwrap_or(rest.len())].rsplit_once('@') else {
            return false;
        };
        let password = user.split_once(':').map_or("", |(_, password)| password);
        let is_placeholder =
            password.starts_with(['$', '{', '<', '*', '%']) && !password.starts_with("%2");
        is_scheme && !password.is_empty() && !is_placeholder
    })
}

/// Prefixes of the tokens of well-known services, each with the minimum number of letters, digits,
/// `_`, `-` and `.` that follow. Sources: the documentation of these services, and gitleaks' rules.
const TOKENS: &[(&str, usize)] = &[
    ("AIza", 30),
    ("AKIA", 12),
    ("ASIA", 12),
    ("SG.", 20),
    ("dckr_pat_", 16),
    ("dop_v1_", 16),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghr_", 16),
    ("ghs_", 16),
    ("ghu_", 16),
    ("github_pat_", 16),
    ("glpat-", 16),
    ("gsk_", 20),
    ("hf_", 20),
    ("jina_", 32),
    ("npm_", 30),
    ("pypi-", 30),
    ("r8_", 30),
    ("rk_live_", 16),
    ("sk-", 16),
    ("sk_live_", 16),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxe-", 10),
    ("xoxo-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("ya29.", 20),
];

/// The bytes that the shortest token has.
const SHORTEST: usize = {
    let (mut shortest, mut at) = (usize::MAX, 0);
    while at < TOKENS.len() {
        let (prefix, least) = TOKENS[at];
        if prefix.len() + least < shortest {
            shortest = prefix.len() + least;
        }
        at += 1;
    }
    shortest
};

fn is_token(word: &str) -> bool {
    // Most words are shorter, and a JSON Web Token is longer.
    if word.len() < SHORTEST {
        return false;
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let has_prefix = TOKENS.iter().any(|(prefix, least)| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() >= *least
                && rest.chars().all(is_inside)
                && rest.chars().any(|c| c.is_ascii_digit())
        })
    });
    has_prefix || is_jwt(word)
}

/// True for three parts in base64 of which the first two are JSON objects.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_part = |part: &str| {
        part.len() >= 10 && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-=".contains(c))
    };
    matches!(parts.as_slice(), [header, payload, signature]
        if header.starts_with("eyJ") && payload.starts_with("eyJ")
            && [header, payload, signature].into_iter().all(|part| is_part(part)))
}

#[cfg(test)]
mod tests {
    use super::{is_path, secret_shape};

    #[test]
    fn secrets_are_told_by_their_form() {
        let digits = "0123456789abcdef0123456789abcdef0123";
        for (text, secret) in [
            ("postgres://user:hunter2@db:5432/app".to_owned(), true),
            ("redis://:hunter2@cache".to_owned(), true),
            ("url=https://user:hunter2@example.com/x".to_owned(), true),
            ("postgres://user@db:5432/app".to_owned(), false),
            ("postgres://user:$PASSWORD@db".to_owned(), false),
            ("https://user:<password>@example.com".to_owned(), false),
            ("https://example.com/a:b@c".to_owned(), false),
            ("docker://example/encoder:1.0@sha256:abc".to_owned(), false),
            (format!("sk-{digits}"), true),
            (format!("Bearer sk-proj-{digits}"), true),
            (format!("--token=ghp_{digits}"), true),
            (format!("github_pat_{digits}"), true),
            (format!("hf_{digits}"), true),
            ("AKIAIOSFODNN7EXAMPLE".to_owned(), true),
            (format!("xoxb-{digits}"), true),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXRleHQ".to_owned(), true),
            ("eyJhbGciOiJIUzI1NiJ9.c2lnbmF0dXJlLXRleHQ.c2lnbmF0dXJlLXRleHQ".to_owned(), false),
            ("c2lnbmF0dXJlLXRleHQ.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXRleHQ".to_owned(), false),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln".to_owned(), false),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII".to_owned(), true),
            ("-----BEGIN CERTIFICATE-----\nMII".to_owned(), false),
            ("sk-learn".to_owned(), false),
            ("hf_internal_testing_tiny_model_name".to_owned(), false),
            ("jina_embeddings_v2_base".to_owned(), false),
            ("ViT-B-32::openai".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(secret_shape(&text).is_some(), secret, "{text}");
        }
    }

    #[test]
    fn paths_are_told_from_passwords() {
        for (text, path) in [
            ("/path", true),
            ("/var/run/secrets/key.json", true),
            ("./key.pem", true),
            ("~/.aws/credentials", true),
            ("file:///key.json", true),
            ("/u8hdK+3=", false),
            ("hunter2", false),
            ("", false),
        ] {
            assert_eq!(is_path(text), path, "{text}");
        }
    }
}
