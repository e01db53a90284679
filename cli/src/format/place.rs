//! Places in files, as other programs want them.

use std::path::Path;

use flow_model::{LineColumn, Sources, Span};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The path from the current folder, with `/` between its parts.
    pub(super) path: String,
    /// The first character.
    pub(super) start: LineColumn,
    /// The first character after the place.
    pub(super) end: LineColumn,
}

/// What a span is of. `None` where the span is of no text.
pub(super) fn place(span: Span, sources: &Sources) -> Option<Place> {
    let path = path(&sources.get(span.file)?.name);
    let start = sources.line_column(span)?;
    let end = sources.line_column(Span { start: span.end, ..span })?;
    Some(Place { path, start, end })
}

/// The path of a file as CI services look for it: from the current folder, which is that of the
/// repository. A file elsewhere keeps its path.
pub(super) fn path(name: &str) -> String {
    let folder = std::env::current_dir().unwrap_or_default();
    relative(name, &folder)
}

fn relative(name: &str, folder: &Path) -> String {
    let path = Path::new(name);
    let path = path.strip_prefix(folder).unwrap_or(path);
    let path = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace('\\', "/") }
}

/// A path as the relative reference of a URI (RFC 3986): whatever is not plain is written as `%20`.
pub(super) fn uri(path: &str) -> String {
    use std::fmt::Write as _;

    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a `String` does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{relative, uri};

    #[test]
    fn paths_begin_at_the_current_folder() {
        for (name, expected) in [
            ("flow.yml", "flow.yml"),
            ("./a/flow.yml", "a/flow.yml"),
            ("/work/a/flow.yml", "a/flow.yml"),
            ("/other/flow.yml", "/other/flow.yml"),
            ("../flow.yml", "../flow.yml"),
            ("<stdin>", "<stdin>"),
        ] {
            assert_eq!(relative(name, Path::new("/work")), expected);
        }
    }

    #[test]
    fn uris_hold_plain_characters_only() {
        for (path, expected) in [
            ("a/flow-1_x.yml", "a/flow-1_x.yml"),
            ("a b/100%.yml", "a%20b/100%25.yml"),
            ("c:d#e?f.yml", "c%3Ad%23e%3Ff.yml"),
            ("ö\n.yml", "%C3%B6%0A.yml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
