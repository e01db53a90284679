//! Quoting for commands that the user may copy.

use std::fmt::Write as _;
use std::path::Path;

use flow_model::visible;

/// A path as one word of a shell.
pub(crate) fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    if *visible(&text) != *text {
        // Bash, Zsh and Ksh read escapes in these quotes.
        return format!("$'{}'", escaped(&text));
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text for `$'…'`, with all characters escaped that a terminal would obey.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\'' | '\\' => escaped.extend(['\\', c]),
            '#' => escaped.push_str(r"\x23"),
            c if *visible(c.encode_utf8(&mut [0; 4])) == *c.encode_utf8(&mut [0; 4]) => {
                escaped.push(c);
            }
            // Writing into a `String` does not fail.
            c => drop(write!(escaped, r"\U{:08x}", u32::from(c))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::word;

    #[test]
    fn only_what_a_shell_would_read_is_quoted() {
        for (path, expected) in [
            ("out", "out"),
            ("/srv/größe/k8s-1_a.yml", "/srv/größe/k8s-1_a.yml"),
            ("out dir", "'out dir'"),
            ("~out", "'~out'"),
            ("$(x)", "'$(x)'"),
            ("it's", r"'it'\''s'"),
            ("a\n'b\u{1b}", r"$'a\U0000000a\'b\U0000001b'"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
