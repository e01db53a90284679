//! Values that are not shown.

/// Values of at least this length are replaced everywhere.
const LONG: usize = 8;

/// Values of at least this length are replaced as words; shorter ones only in quotes. Secrets are
/// longer, and replacing every `1` would make the output unreadable.
const SHORT: usize = 4;

/// Replaces values by the names of their variables in text from a platform.
#[derive(Clone, Default)]
pub struct Redactor {
    /// The texts to replace, the longest first, each with its replacement.
    patterns: Vec<(String, String)>,
}

/// Without values, which may be secrets.
impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} patterns)", self.patterns.len())
    }
}

impl Redactor {
    /// Hides values by the names of their variables.
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut patterns = Vec::new();
        for (name, value) in values {
            let placeholder = format!("${{{name}}}");
            for text in [value].into_iter().chain(lines(value)).chain(pieces(value)) {
                let text = text.trim();
                if text.len() < SHORT {
                    // A short part of a longer value reveals nothing, and is too common to replace.
                    if text == value && !text.is_empty() {
                        for quote in ['"', '\'', '`'] {
                            let quoted = format!("{quote}{text}{quote}");
                            patterns.push((quoted, format!("{quote}{placeholder}{quote}")));
                        }
                    }
                    continue;
                }
                for spelling in spellings(text) {
                    patterns.push((spelling, placeholder.clone()));
                }
            }
        }
        patterns.sort_by(|a, b| (b.0.len(), &a.0).cmp(&(a.0.len(), &b.0)));
        patterns.dedup_by(|a, b| a.0 == b.0);
        Self { patterns }
    }

    /// A text with the values replaced.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (pattern, placeholder) in &self.patterns {
            if text.contains(pattern.as_str()) {
                text = replace(&text, pattern, placeholder);
            }
        }
        text
    }
}

/// The lines of a value with several lines, which Docker may wrap or indent.
fn lines(value: &str) -> impl Iterator<Item = &str> {
    value.lines().filter(|_| value.contains('\n'))
}

/// The pieces of a value that contains others, such as JSON, a list or `a=b`. Compose writes them
/// in another order, with other spaces, or escaped more than once.
fn pieces(value: &str) -> impl Iterator<Item = &str> {
    let is_boundary =
        |c: char| c.is_whitespace() || c.is_control() || "\"'`\\{}[](),;=&<>$".contains(c);
    value.split(is_boundary).filter(|piece| piece.len() >= LONG)
}

/// A text as Compose may write it: itself, in a Compose file, in JSON or Go, in Python.
fn spellings(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).expect("text is written as JSON");
    let json = json.trim_matches('"').to_owned();
    let html = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let single = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
    let mut all = vec![
        text.to_owned(),
        text.replace('$', "$$"),
        json.replace('$', "$$"),
        json,
        html,
        single.replace('\'', "\\'"),
        single,
        text.replace('\'', "''"),
    ];
    all.sort();
    all.dedup();
    all
}

/// Replaces a pattern everywhere; a short one only if no letter or digit follows or precedes it.
fn replace(text: &str, pattern: &str, placeholder: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_long = pattern.len() >= LONG;
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(pattern) {
        let (before, found) = rest.split_at(at);
        let after = &found[pattern.len()..];
        let last = before.chars().next_back().or(out.chars().next_back());
        let goes_on = is_word(pattern.chars().next()) && is_word(last)
            || is_word(pattern.chars().next_back()) && is_word(after.chars().next());
        out.push_str(before);
        out.push_str(if is_long || !goes_on { placeholder } else { pattern });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    #[test]
    fn values_are_hidden_however_they_are_written() {
        let secret = "p\"a's$s\\w<ord>";
        let key = "-----BEGIN KEY-----\nabc/def+0123\n1\n-----END KEY-----\n";
        let json = r#"{"token": "tok-0123", "tags": ["a", "b"]}"#;
        let values = [
            ("PASSWORD", secret),
            ("KEY", key),
            ("ONE", "1"),
            ("TAG", "main"),
            ("JSON", json),
            ("PAIR", "name=pair-0123"),
        ];
        let redactor = Redactor::new(values);
        for (text, expected) in [
            (secret.to_owned(), "${PASSWORD}"),
            (format!("{secret:?}"), "\"${PASSWORD}\""),
            (serde_json::to_string(secret).unwrap_or_default(), "\"${PASSWORD}\""),
            (r#"'p"a\'s$s\\w<ord>'"#.to_owned(), "'${PASSWORD}'"),
            (r#"'p"a''s$s\w<ord>'"#.to_owned(), "'${PASSWORD}'"),
            (r#"p"a's$$s\w<ord>"#.to_owned(), "${PASSWORD}"),
            (r#""p\"a's$s\\w\u003cord\u003e""#.to_owned(), "\"${PASSWORD}\""),
            ("x abc/def+0123".to_owned(), "x ${KEY}"),
            (format!("{key:?}"), "\"${KEY}\\n\""),
            (
                r#"--uses-with "{\\\"token\\\":\\\"tok-0123\\\"}""#.to_owned(),
                r#"--uses-with "{\\\"token\\\":\\\"${JSON}\\\"}""#,
            ),
            ("name: pair-0123".to_owned(), "name: ${PAIR}"),
            ("Running 1/1, exit 1".to_owned(), "Running 1/1, exit 1"),
            ("A: '1'".to_owned(), "A: '${ONE}'"),
            ("a:main domain main".to_owned(), "a:${TAG} domain ${TAG}"),
        ] {
            assert_eq!(redactor.apply(&text), expected, "{text}");
        }
    }

    #[test]
    fn values_within_values_are_hidden_whole() {
        let redactor = Redactor::new([("A", "abcdefgh"), ("B", "xx-abcdefgh-yy")]);
        assert_eq!(redactor.apply("xx-abcdefgh-yy abcdefgh"), "${B} ${A}");
    }
}
