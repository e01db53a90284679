//! Reads files, up to the size limit of a Flow.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use flow_model::source::{self, SYNTAX_ERROR, TOO_LARGE};
use flow_model::{Budget, Diagnostic, Diagnostics, FileId, Limits, RuleInfo, Sources, Span};

use crate::findings::Findings;
use crate::terminal;

/// A text and the name that findings show for it.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl<'a> From<&'a Input> for flow_validate::Input<'a> {
    fn from(input: &'a Input) -> Self {
        Self::Text { name: &input.name, text: &input.text }
    }
}

/// Why bytes are not a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadText {
    /// The file is larger than a Flow may be.
    TooLarge,
    /// The file begins with the byte order mark of UTF-16.
    Utf16,
    /// The file is not valid UTF-8 at this line, counted from 1, and this byte.
    NotUtf8 { line: usize, at: usize },
}

impl std::fmt::Display for BadText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => {
                write!(f, "the file is larger than {} MiB", Limits::default().bytes >> 20)
            }
            Self::Utf16 => f.write_str("the file is UTF-16, not UTF-8"),
            Self::NotUtf8 { line, .. } => write!(f, "line {line}: not valid UTF-8"),
        }
    }
}

impl BadText {
    /// As a finding about the file of a name. Its bytes are not shown: most often the wrong file was
    /// named.
    fn refused(self, name: &str, bytes: &[u8]) -> Findings {
        let mut sources = Sources::new();
        let (rule, text, at, help): (&'static RuleInfo, _, _, _) = match self {
            Self::TooLarge => (&TOO_LARGE, "".into(), 0, "name another file"),
            Self::Utf16 => (&SYNTAX_ERROR, "".into(), 0, "save the file as UTF-8"),
            Self::NotUtf8 { at, .. } => {
                (&SYNTAX_ERROR, String::from_utf8_lossy(bytes), at, "save the file as UTF-8")
            }
        };
        let file = sources.add(name, text);
        sources.hide(file);
        let finding = Diagnostic::new(rule, self.to_string()).at(place(file, at), "").help(help);
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(finding);
        Findings { diagnostics, sources }
    }
}

/// Before the place, text and bytes are the same.
fn place(file: FileId, at: usize) -> Option<Span> {
    let at = u32::try_from(at).ok()?;
    Some(Span::new(file, at, at))
}

/// Whether `-` was given.
static STDIN_IS_READ: AtomicBool = AtomicBool::new(false);

/// Reads a file that the user named, or stdin for `-`. It may be a pipe or a device.
pub(crate) fn read(path: &Path) -> anyhow::Result<Input> {
    let (name, bytes) = if path == Path::new("-") {
        let name = "<stdin>".to_owned();
        // A second reader would find nothing, and take it for an empty file.
        if STDIN_IS_READ.swap(true, Ordering::Relaxed) {
            bail!("stdin can be read once: `-` is given twice");
        }
        (name, limited(io::stdin().lock()).context("cannot read stdin")?)
    } else {
        let name = path.to_string_lossy().into_owned();
        let bytes = File::open(path).and_then(limited);
        let bytes = bytes.with_context(|| format!("cannot read {}", terminal::path(path)))?;
        (name, bytes)
    };
    match text(bytes) {
        Ok(text) => Ok(Input { name, text }),
        Err((why, bytes)) => Err(why.refused(&name, &bytes).into()),
    }
}

/// Reads the file of a Flow, and checks that it has the requested document.
pub(crate) fn flow(path: &Path, document: Option<usize>) -> anyhow::Result<Input> {
    let input = read(path)?;
    let Some(number) = document else { return Ok(input) };
    let file = Sources::new().add("", "");
    let (documents, found) = source::parse(file, &input.text, &mut Budget::new(&Limits::default()));
    let has_it = number > 0 && (number <= documents.len() || found.has_errors());
    if !has_it {
        let count = match documents.len() {
            1 => "1 document".to_owned(),
            count => format!("{count} documents"),
        };
        bail!("`--document` counts from 1; this file has {count}");
    }
    Ok(input)
}

/// Reads a file that was not named on the command line, such as one that a Flow refers to. Only
/// regular files: a pipe would make the program wait forever.
pub(crate) fn read_regular(path: &Path) -> io::Result<Result<String, BadText>> {
    // Even opening a pipe waits.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(text(limited(File::open(path)?)?).map_err(|(why, _)| why))
}

/// All bytes, but no more than one beyond the limit.
fn limited(file: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(Limits::default().bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, (BadText, Vec<u8>)> {
    if bytes.len() > Limits::default().bytes {
        return Err((BadText::TooLarge, bytes));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err((BadText::Utf16, bytes));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        (BadText::NotUtf8 { line, at }, error.into_bytes())
    })
}
