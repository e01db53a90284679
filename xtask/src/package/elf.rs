//! The loader of a program, as its ELF file names it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

/// A segment that names the loader.
const INTERP: usize = 3;

/// The path of the loader; `None` for a static program. Only 64 bits, little-endian.
pub(super) fn loader(file: &Path) -> anyhow::Result<Option<String>> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let is_known = bytes.starts_with(b"\x7fELF\x02\x01");
    ensure!(is_known, "{} is not an ELF file of 64 bits", file.display());
    read(&bytes).with_context(|| format!("{} is cut off", file.display()))
}

/// Whether a program is linked to musl.
pub(super) fn is_musl(program: &Path) -> anyhow::Result<bool> {
    Ok(loader(program)?.is_some_and(|loader| loader.contains("ld-musl")))
}

fn read(bytes: &[u8]) -> anyhow::Result<Option<String>> {
    let (headers, size) = (number(bytes, 0x20, 8)?, number(bytes, 0x36, 2)?);
    for index in 0..number(bytes, 0x38, 2)? {
        let header = bytes.get(headers + index * size..).context("no header")?;
        if number(header, 0, 4)? == INTERP {
            let (start, length) = (number(header, 8, 8)?, number(header, 0x20, 8)?);
            let path = bytes.get(start..start + length).context("no path")?;
            return Ok(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Ok(None)
}

/// An integer of some bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> anyhow::Result<usize> {
    let bytes = bytes.get(at..at + length).context("no number")?;
    let number = bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte));
    Ok(usize::try_from(number)?)
}
