//! Prints everything that people read.
//!
//! All output goes through this module, which escapes characters that a terminal or a CI log would
//! obey: names, paths and messages of other programs may contain anything. Only findings contain
//! colours, and [`report`] escapes them in the same way. Data for other programs is escaped by the
//! rules of its format, and is printed by [`data`].
#![expect(clippy::disallowed_methods, reason = "this is the door")]

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use flow_model::report::{self, Style};
use flow_model::{Diagnostic, Sources, visible, visible_lines};

use crate::args::Color;

/// Sets when to use colour. Colour is always written, and removed if the stream does not support
/// it.
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
    /// Whether it is an error if text cannot be written.
    must_arrive: bool,
}

/// The stream for results that people read.
pub(crate) fn stdout() -> Terminal {
    Terminal { stream: Box::new(anstream::stdout().lock()), must_arrive: true }
}

/// The stream for all other messages.
pub(crate) fn stderr() -> Terminal {
    Terminal { stream: Box::new(anstream::stderr().lock()), must_arrive: false }
}

impl Terminal {
    /// Called by `write!`.
    pub(crate) fn write_fmt(&mut self, words: fmt::Arguments<'_>) -> io::Result<()> {
        let words = words.to_string();
        self.write(visible_lines(&words).as_bytes())
    }

    /// Prints a finding with its source lines.
    pub(crate) fn finding(&mut self, finding: &Diagnostic, sources: &Sources) -> io::Result<()> {
        let drawn = report::render(finding, sources, Style::Colored);
        self.write(format!("{drawn}\n\n").as_bytes())
    }

    /// Words in a style.
    pub(crate) fn styled(&mut self, style: anstyle::Style, words: &str) -> io::Result<()> {
        let words = visible_lines(words);
        self.write(format!("{style}{words}{style:#}").as_bytes())
    }

    /// Replaces the last lines by others. Only for a terminal.
    pub(crate) fn redraw(&mut self, last: usize, lines: &[String]) -> io::Result<()> {
        if last > 0 {
            self.write(format!("\u{1b}[{last}A\u{1b}[J").as_bytes())?;
        }
        lines.iter().try_for_each(|line| writeln!(self, "{line}"))
    }

    /// A failure of the program, not of its input.
    pub(crate) fn failure(&mut self, words: impl fmt::Display) -> io::Result<()> {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        self.write(format!("{red}error{red:#}: ").as_bytes())?;
        writeln!(self, "{words}")
    }

    /// Writes text. A closed pipe is not an error: the run continues, and its exit code tells the
    /// result.
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        match self.stream.write_all(text).and_then(|()| self.stream.flush()) {
            Err(error) if self.must_arrive => unless_closed(error),
            // If stderr is closed, the message is lost.
            _ => Ok(()),
        }
    }
}

/// Whether messages go to a terminal, on which lines can be replaced.
pub(crate) fn is_live() -> bool {
    io::IsTerminal::is_terminal(&io::stderr())
}

/// Prints data for other programs.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).or_else(unless_closed)
}

/// Prints what other programs read on stderr, where stdout holds something else.
pub(crate) fn data_beside(text: &str) {
    let mut stderr = io::stderr().lock();
    // A closed stderr leaves nobody to tell.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

fn unless_closed(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// A path in a sentence.
pub(crate) fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}
