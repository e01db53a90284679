//! Files of lines `NAME=value`. What stands in them may be secret: no message shows it.

use std::cell::Cell;
use std::io;
use std::path::Path;

use anyhow::anyhow;
use dotenvy::Error;

use crate::input;

/// The variables of a file, in its order.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let input = input::read(path)?;
    pairs(&input.text).map_err(|line| {
        anyhow!(
            "{}:{line}: expected `NAME=value`, with a name of letters, digits, `_` and `.`, and quotes \
             around a value with spaces or quotes; the line is not shown, since it may hold a secret",
            input.name
        )
    })
}

/// The variables of a text, or the number of the line that is none.
fn pairs(text: &str) -> Result<Vec<(String, String)>, usize> {
    let given = Cell::new(0);
    let lines = Lines { rest: text.as_bytes(), given: &given };
    dotenvy::Iter::new(lines)
        .collect::<Result<_, _>>()
        // A value in quotes may go on over lines: what counts is where it begins.
        .map_err(|error| match error {
            Error::LineParse(text, _) => {
                let more = text.strip_suffix('\n').unwrap_or(&text).matches('\n').count();
                given.get().saturating_sub(more)
            }
            _ => given.get(),
        })
}

/// Hands out one line at a time, so that it is known how many were asked for.
struct Lines<'a> {
    rest: &'a [u8],
    given: &'a Cell<usize>,
}

impl io::Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.rest.iter().position(|byte| *byte == b'\n').map(|newline| newline + 1);
        let line = end.unwrap_or(self.rest.len());
        let count = line.min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest[..count]);
        self.rest = &self.rest[count..];
        if count > 0 && count == line {
            self.given.set(self.given.get() + 1);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_line_that_is_none_is_counted() {
        let long = format!("A={}\n\nB C\n", "x".repeat(100_000));
        for (text, expected) in [
            ("", Ok(0)),
            ("A=1\n# no\n\nexport B='2 3' # why\nC=\"4\n5\"", Ok(3)),
            ("A-B=1", Err(1)),
            ("A=1\n\n# no\nA-B=1\nC=2\n", Err(4)),
            ("A=\"1\n2\"\r\nB C\r\n", Err(3)),
            ("A=1\nB=\"2\n3\" x\nC=3\n", Err(2)),
            ("A=1\nB=\"2\nC=3\n\n", Err(2)),
            (long.as_str(), Err(3)),
        ] {
            let found = pairs(text).map(|pairs| pairs.len());
            assert_eq!(found, expected, "{}", &text[..text.len().min(40)]);
        }
    }
}
