//! The mark: the first line of every exported file, with the backend, the Flow, and a digest of the
//! rest.
//!
//! Line ends and a byte order mark are ignored, because Git and editors change both.

use std::io::{self, BufRead as _, BufReader, Read};

use sha2::{Digest as _, Sha256};

use super::owner::Owner;

const BEGINNING: &str = "# Made by flowship for ";
const BEFORE_DIGEST: &str = "; edits are lost in the next export. sha256:";
/// The beginning of every file that any version of flowship wrote.
const FLOWSHIP: &[u8] = b"# Made by flowship";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The maximum length of a mark. A longer first line is not read to its end.
const MAX_MARK: u64 = 1024;

/// The state of a file according to its mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Written for this owner.
    Own {
        /// The digest in the mark. `None` if the mark itself was edited.
        stated: Option<Digest>,
        /// The digest of the current body.
        body: Digest,
    },
    /// Written for another owner; the body was not read.
    Other(Owner),
    /// Written by flowship, but the mark does not name a Flow.
    Nameless,
    /// Not written by flowship; the body was not read.
    Missing,
}

/// The SHA-256 of a body, all of whose lines end in `\n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(body: &str) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(body.as_bytes());
        hasher.finish()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// The mark of a body, and the end of its line.
pub(super) fn line(owner: &Owner, digest: Digest) -> String {
    let digits = digest.0.into_iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let digits: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    format!("{BEGINNING}{owner}{BEFORE_DIGEST}{digits}\n")
}

/// Reads the mark of a file, and the body only if the file belongs to `owner`.
pub(super) fn read(file: impl Read, owner: &Owner) -> io::Result<Mark> {
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    file.by_ref().take(MAX_MARK).read_until(b'\n', &mut line)?;
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line);
    if !line.starts_with(FLOWSHIP) {
        return Ok(Mark::Missing);
    }
    let Some((found, digest)) = std::str::from_utf8(line).ok().and_then(parse) else {
        return Ok(Mark::Nameless);
    };
    if found != *owner {
        return Ok(Mark::Other(found));
    }
    let mut hasher = Hasher::default();
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(Mark::Own { stated: digest, body: hasher.finish() });
        }
        hasher.update(bytes);
        let count = bytes.len();
        file.consume(count);
    }
}

fn parse(line: &str) -> Option<(Owner, Option<Digest>)> {
    let (owner, digest) = line.strip_prefix(BEGINNING)?.split_once(BEFORE_DIGEST)?;
    // Without a line end there is no body.
    let digest = digest
        .strip_suffix('\n')
        .and_then(|digest| Digest::parse(digest.strip_suffix('\r').unwrap_or(digest)));
    Some((Owner::parse(owner)?, digest))
}

/// Hashes text in pieces, with each `\r\n` as `\n`.
#[derive(Default)]
struct Hasher {
    sha256: Sha256,
    /// The last byte was a `\r`, which has not been hashed yet.
    is_held: bool,
}

impl Hasher {
    fn update(&mut self, bytes: &[u8]) {
        // Nearly always, and several times as fast as the search below.
        if !self.is_held && !bytes.contains(&b'\r') {
            self.sha256.update(bytes);
            return;
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\r') {
            if self.is_held && piece.first() != Some(&b'\n') {
                self.sha256.update(b"\r");
            }
            let (piece, is_held) = match piece.strip_suffix(b"\r") {
                Some(piece) => (piece, true),
                None => (piece, false),
            };
            self.sha256.update(piece);
            self.is_held = is_held;
        }
    }

    fn finish(mut self) -> Digest {
        if self.is_held {
            self.sha256.update(b"\r");
        }
        Digest(self.sha256.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use sha2::{Digest as _, Sha256};

    use super::{Digest, Hasher, Mark, line, read};
    use crate::folder::Owner;

    fn owner(flow: &str) -> Owner {
        Owner::parse(&format!("Kubernetes from Flow shop/{flow}")).unwrap()
    }

    /// The state of a file, in a word.
    fn state(text: &[u8]) -> &'static str {
        match read(text, &owner("search")).unwrap() {
            Mark::Own { stated, body } if stated == Some(body) => "intact",
            Mark::Own { .. } => "edited",
            Mark::Other(other) => {
                assert_eq!(other, owner("other"));
                "other"
            }
            Mark::Nameless => "nameless",
            Mark::Missing => "missing",
        }
    }

    #[test]
    fn an_edit_is_seen_and_line_ends_are_not() {
        let body = "a: 1\nb: 2\n";
        let make = |flow| line(&owner(flow), Digest::of(body)) + body;
        let text = make("search");
        insta::assert_snapshot!(text, @"
        # Made by flowship for Kubernetes from Flow shop/search; edits are lost in the next export. sha256:d02b8bb58aa82e872f709035f39b734b9f28dde0c3d305698a95d04aec594cfa
        a: 1
        b: 2
        ");
        let first = text.lines().next().unwrap().to_owned();
        for (text, expected) in [
            (text.clone(), "intact"),
            (text.replace('\n', "\r\n"), "intact"),
            (text.replace("1\n", "1\r\n"), "intact"),
            (format!("\u{feff}{text}"), "intact"),
            (text.replace("1\n", "2\n"), "edited"),
            (text.replace("1\n", "1\n\n"), "edited"),
            (text.replace("1\n", "1\r\r\n"), "edited"),
            (text.replace("sha256:", "sha256:0"), "edited"),
            (text.replace("sha256:d", "sha256:+"), "edited"),
            (text.trim_end().to_owned(), "edited"),
            (first.clone(), "edited"),
            (format!("{first}\n"), "edited"),
            (make("other"), "other"),
            (make("other").replace("1\n", "2\n"), "other"),
            (first.replace(" from Flow", ""), "nameless"),
            (first.replace("shop/search", "shop/a b"), "nameless"),
            (
                "# Made by flowship; edits would be lost at the next export. sha256:37".into(),
                "nameless",
            ),
            (format!("\n{text}"), "missing"),
            (format!(" {text}"), "missing"),
            ("a: 1\n".into(), "missing"),
            (String::new(), "missing"),
        ] {
            assert_eq!(state(text.as_bytes()), expected, "{text}");
        }
    }

    /// However much follows: a file may be larger than memory, or without an end.
    #[test]
    fn no_more_is_read_of_a_foreign_file_than_a_mark_needs() {
        struct Endless(&'static [u8], u64);
        impl std::io::Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                assert!(self.1 < 64 * 1024, "it reads on");
                buffer.fill(b'x');
                let begin = std::mem::take(&mut self.0);
                buffer[..begin.len()].copy_from_slice(begin);
                self.1 += buffer.len() as u64;
                Ok(buffer.len())
            }
        }
        let other: &[u8] = b"# Made by flowship for Kubernetes from Flow shop/other; edits are lost in the next export. sha256:0\n";
        for begin in [&b"x"[..], b"a: 1\n", b"# Made by flowship", other] {
            let mark = read(Endless(begin, 0), &owner("search")).unwrap();
            assert!(!matches!(mark, Mark::Own { .. }));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Any bytes are read to an answer, and what is ours by the answer begins as ours does.
        #[test]
        fn any_bytes_have_a_mark(
            begin in prop_oneof![
                Just(String::new()), Just("# Made by flowship".to_owned()),
                Just("# Made by flowship for Kubernetes from Flow shop/search; edits are lost in the next export. sha256:".to_owned()),
                Just("\u{feff}# Made by flowship for Kubernetes from Flow ".to_owned()),
            ],
            rest in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let text = [begin.as_bytes(), &rest].concat();
            let mark = read(&*text, &owner("search")).unwrap();
            prop_assert_eq!(mark == Mark::Missing, !begin.contains("# Made by flowship"));
            let is_own = matches!(mark, Mark::Own { .. });
            prop_assert!(!is_own || begin.contains("search"));
        }

        /// Hashing in pieces is hashing the text with its line ends replaced.
        #[test]
        fn pieces_do_not_matter(pieces in prop::collection::vec("[\r\na]{0,4}", 0..8)) {
            let mut hasher = Hasher::default();
            for piece in &pieces {
                hasher.update(piece.as_bytes());
            }
            let text = pieces.concat().replace("\r\n", "\n");
            prop_assert!(hasher.finish() == Digest(Sha256::digest(text.as_bytes()).into()));
        }
    }
}
