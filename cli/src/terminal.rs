//! The one door to whoever reads what the program says.
//!
//! Whatever is said passes here, and nothing that a terminal or a CI log would obey passes with it:
//! names, paths and messages of other programs may hold anything. Only findings bring colours of
//! their own, and [`report`] draws them with the same care. Data for other programs is escaped by
//! the rules of its format, and goes out by [`data`].
#![expect(clippy::disallowed_methods, reason = "this is the door")]

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use flow_model::report::{self, Style};
use flow_model::{Diagnostic, Sources, visible, visible_lines};

use crate::args::Color;

/// Colour is written always, and taken out again where the stream does not want it.
pub(crate) fn set_color(color: Color) {
    match color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// A stream for people. `write!` and `writeln!` take it.
pub(crate) struct Terminal {
    stream: Box<dyn Write>,
    /// Whether a text that cannot be written is a failure.
    must_arrive: bool,
}

/// Where results go that a person reads.
pub(crate) fn stdout() -> Terminal {
    Terminal { stream: Box::new(anstream::stdout().lock()), must_arrive: true }
}

/// Where all else goes that is said.
pub(crate) fn stderr() -> Terminal {
    Terminal { stream: Box::new(anstream::stderr().lock()), must_arrive: false }
}

impl Terminal {
    /// Called by `write!`.
    pub(crate) fn write_fmt(&mut self, words: fmt::Arguments<'_>) -> io::Result<()> {
        let words = words.to_string();
        self.write(visible_lines(&words).as_bytes())
    }

    /// A finding with the lines that it speaks of.
    pub(crate) fn finding(&mut self, finding: &Diagnostic, sources: &Sources) -> io::Result<()> {
        let drawn = report::render(finding, sources, Style::Colored);
        self.write(format!("{drawn}\n\n").as_bytes())
    }

    /// A failure of the program, not of its input.
    pub(crate) fn failure(&mut self, words: impl fmt::Display) -> io::Result<()> {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        self.write(format!("{red}error{red:#}: ").as_bytes())?;
        writeln!(self, "{words}")
    }

    /// Whoever stops reading has read enough; the run goes on, and its exit code says how it went.
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        match self.stream.write_all(text).and_then(|()| self.stream.flush()) {
            Err(error) if self.must_arrive => unless_closed(error),
            // A closed stderr leaves nobody to tell.
            _ => Ok(()),
        }
    }
}

/// Prints what other programs read.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).or_else(unless_closed)
}

fn unless_closed(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// A path in a sentence.
pub(crate) fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}
