//! The first line of every file: who made it, and what the rest was then.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

const BEGINNING: &str = "# Made by flowship; edits would be lost at the next export. sha256:";

/// What a file's first line says about the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Made by an export, and as it was made.
    Intact,
    /// Made by an export, and edited since.
    Edited,
    /// Made by something else.
    Missing,
}

/// A body with its mark.
pub(super) fn marked(body: &str) -> String {
    format!("{BEGINNING}{}\n{body}", hash(body))
}

/// Reads the mark of a file.
pub(super) fn read(text: &[u8]) -> Mark {
    let Some(rest) = text.strip_prefix(BEGINNING.as_bytes()) else { return Mark::Missing };
    let newline = rest.iter().position(|byte| *byte == b'\n');
    let intact = newline.is_some_and(|newline| {
        std::str::from_utf8(&rest[newline + 1..])
            .is_ok_and(|body| hash(body).as_bytes() == &rest[..newline])
    });
    if intact { Mark::Intact } else { Mark::Edited }
}

fn hash(body: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(body.as_bytes()) {
        // Writing into a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Mark, marked, read};

    #[test]
    fn an_edit_is_seen() {
        let text = marked("a: 1\n");
        insta::assert_snapshot!(text, @"
        # Made by flowship; edits would be lost at the next export. sha256:37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae
        a: 1
        ");
        for (text, mark) in [
            (text.clone(), Mark::Intact),
            (text.replace("1\n", "2\n"), Mark::Edited),
            (text.replace("sha256:", "sha256:0"), Mark::Edited),
            (text.trim_end().to_owned(), Mark::Edited),
            (text.lines().next().unwrap().to_owned(), Mark::Edited),
            ("a: 1\n".to_owned(), Mark::Missing),
            (String::new(), Mark::Missing),
        ] {
            assert_eq!(read(text.as_bytes()), mark, "{text}");
        }
    }
}
