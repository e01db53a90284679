//! Words of commands that the user may copy.

use std::path::Path;

/// A path as one word of a shell.
pub(crate) fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
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
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
