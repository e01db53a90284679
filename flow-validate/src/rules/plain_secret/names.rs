//! Names that people give to secrets.

/// True if a value with this name is a secret: the last words of the name decide, for some names
/// also the value.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    match kind(name) {
        Kind::Secret => true,
        // A number is a count of tokens, not a token.
        Kind::Token => value.parse::<f64>().is_err(),
        // The value distinguishes `OPENAI_KEY` from `SORT_KEY`.
        Kind::Key => is_random(value),
        Kind::Other => false,
    }
}

/// True if a name belongs to a secret, whatever the value is.
pub(super) fn is_secret_name(name: &str) -> bool {
    matches!(kind(name), Kind::Secret | Kind::Token)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Secret,
    /// A token, or many.
    Token,
    /// An unknown key.
    Key,
    Other,
}

/// Last words of the names of secrets.
const SECRETS: &[&str] =
    &["authorization", "credential", "credentials", "jwt", "pass", "passwort", "pat", "pwd", "pw"];

/// Ends of the names of secrets: `PASSWORD`, `PGPASSWORD`, `clientsecret`.
const ENDINGS: &[&str] = &[
    "apikey",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "secretkey",
    "accesskey",
    "privatekey",
];

/// Words before `key` in the names of secrets.
const OF_KEYS: &[&str] = &[
    "access",
    "account",
    "admin",
    "anthropic",
    "api",
    "auth",
    "azure",
    "cohere",
    "consumer",
    "encryption",
    "gemini",
    "groq",
    "hmac",
    "huggingface",
    "license",
    "master",
    "mistral",
    "openai",
    "pinecone",
    "private",
    "replicate",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "ssh",
    "storage",
    "stripe",
    "subscription",
    "token",
    "wandb",
];

/// Words before `key` in names that are not secrets.
const OF_FIELDS: &[&str] = &[
    "cache",
    "field",
    "foreign",
    "index",
    "object",
    "partition",
    "primary",
    "public",
    "routing",
    "sort",
];

/// Words before `token` in names that are not secrets but markers or counts of text.
const OF_TEXT: &[&str] = &[
    "begin", "bos", "chunk", "cls", "context", "end", "eos", "image", "input", "mask", "max",
    "min", "n", "new", "num", "output", "pad", "per", "prefix", "sep", "special", "start", "stop",
    "suffix", "text", "total", "unk",
];

/// Words before `tokens` in the names of secrets; other tokens are parts of text.
const OF_TOKENS: &[&str] = &["access", "api", "auth", "bearer", "refresh"];

fn kind(name: &str) -> Kind {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [.., before, "token"] if OF_TEXT.contains(before) => Kind::Other,
        [.., "token"] => Kind::Token,
        [.., before, "tokens"] if OF_TOKENS.contains(before) => Kind::Token,
        [.., before, "key" | "keys"] if OF_KEYS.contains(before) => Kind::Secret,
        [.., before, "key"] if OF_FIELDS.contains(before) => Kind::Other,
        [.., _, "key"] => Kind::Key,
        [.., "basic" | "http" | "redis", "auth"] => Kind::Secret,
        [.., last] if SECRETS.contains(last) => Kind::Secret,
        // `passwords` and `secretary` are other words.
        [.., last] if ENDINGS.iter().any(|ending| last.ends_with(ending)) => Kind::Secret,
        [.., last] if last.len() > 5 && last.ends_with("token") => Kind::Token,
        _ => Kind::Other,
    }
}

/// True if text looks random: one long word of letters and digits.
fn is_random(value: &str) -> bool {
    value.len() >= 16
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_+/=.".contains(c))
        && value.chars().any(|c| c.is_ascii_digit())
        && value.chars().any(|c| c.is_ascii_alphabetic())
}

/// `HfToken`, `hf-token`, `HF_TOKEN` and `hf_token_2` are the same two words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    for word in &mut words {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        word.truncate(letters);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_of_secrets_are_told_from_others() {
        for (name, secret) in [
            ("PASSWORD", true),
            ("POSTGRES_PASSWORD", true),
            ("PGPASSWORD", true),
            ("REDIS_PASS", true),
            ("GITHUB_PAT", true),
            ("TLS_KEY_PASSWORD", true),
            ("ssl_keyfile_password", true),
            ("SSH_PASSPHRASE", true),
            ("PASSWORD_2", true),
            ("hf_token", true),
            ("hfToken", true),
            ("AUTHTOKEN", true),
            ("REFRESH_TOKENS", true),
            ("OPENAI_API_KEY", true),
            ("OPENAI_KEY", true),
            ("x-api-key", true),
            ("apiKey", true),
            ("aws_secret_access_key", true),
            ("AZURE_STORAGE_KEY", true),
            ("client-secret", true),
            ("CLIENTSECRET", true),
            ("REDIS_AUTH", true),
            ("authorization", true),
            ("api_keys", true),
            ("tokenizer", false),
            ("TOKENIZER", false),
            ("MAX_TOKENS", false),
            ("max_token", false),
            ("pad_token", false),
            ("token_type", false),
            ("secret_name", false),
            ("SECRET_FILE", false),
            ("SSH_KEY_PATH", false),
            ("KEY_FIELD", false),
            ("PRIMARY_KEY", false),
            ("key", false),
            ("sort_key", false),
            ("WEATHER_KEY", false),
            ("passwords", false),
            ("compass", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(is_secret(name, "some text"), secret, "{name}");
        }
    }

    #[test]
    fn what_a_value_holds_decides_where_the_name_does_not() {
        for (name, value, secret) in [
            ("WEATHER_KEY", "0f6ad1b2c3d4e5f60718", true),
            ("WEATHER_KEY", "temperature", false),
            ("PRIMARY_KEY", "0f6ad1b2c3d4e5f60718", false),
            ("token", "512", false),
            ("token", "abc", true),
            ("password", "1234", true),
        ] {
            assert_eq!(is_secret(name, value), secret, "{name}: {value}");
        }
    }
}
