//! What a run has found, until it is shown.

use std::io;
use std::path::Path;

use flow_model::{Advice, Diagnostic, Diagnostics, Level, Sources};

use crate::advice;
use crate::config::Settings;
use crate::format::Format;

/// Findings, and the texts that they are about.
///
/// As an error: a file with errors, found before there is a Flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    pub(crate) diagnostics: Diagnostics,
    pub(crate) sources: Sources,
}

impl std::error::Error for Findings {}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.diagnostics.fmt(f)
    }
}

/// Where findings go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// `check` has no other output.
    Stdout,
    /// For commands whose stdout is data.
    Stderr,
}

/// The findings of one step of a run.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    findings: Findings,
    /// The file that was checked when they were found.
    about: Option<String>,
}

/// The findings of all files of a run, shown together.
#[derive(Debug)]
pub(crate) struct Report {
    parts: Vec<Part>,
    /// The files that were checked, in their order; names as findings show them.
    checked: Vec<String>,
    /// The format of the first Flow's settings; `None` until they are read.
    format: Option<Format>,
    /// Lighter findings are left out.
    least: Level,
    stream: Stream,
    is_shown: bool,
    /// Words advice about options.
    word: fn(&Advice) -> String,
}

impl Report {
    /// No findings yet.
    pub(crate) fn new(least: Level, stream: Stream) -> Self {
        Self {
            parts: Vec::new(),
            checked: Vec::new(),
            format: None,
            least,
            stream,
            is_shown: false,
            word: advice::flag,
        }
    }

    /// The same, in this format.
    pub(crate) fn written_as(self, format: Format) -> Self {
        Self { format: Some(format), ..self }
    }

    /// The settings for the Flow at `path`: those of the command line over those of its
    /// configuration. Those of the first Flow have the format of the findings, also of those of the
    /// configuration itself.
    pub(crate) fn settings(
        &mut self,
        of_command_line: Settings,
        path: &Path,
    ) -> anyhow::Result<Settings> {
        let written = of_command_line.compile.format;
        let settings = of_command_line.of_flow(path);
        let format = settings.as_ref().map_or(written, |settings| settings.compile.format);
        self.format.get_or_insert(format.unwrap_or_default());
        settings
    }

    /// How the findings are written.
    pub(crate) fn format(&self) -> Format {
        self.format.unwrap_or_default()
    }

    /// No findings yet, and none will be shown: the caller words and takes them.
    pub(crate) fn unshown(word: fn(&Advice) -> String) -> Self {
        Self { is_shown: true, word, ..Self::new(Level::Note, Stream::Stderr) }
    }

    /// The findings that were added.
    pub(crate) fn into_findings(self) -> impl Iterator<Item = Findings> {
        self.parts.into_iter().map(|part| part.findings)
    }

    /// A report in the same format, without findings.
    pub(crate) fn emptied(&self) -> Self {
        let mut report = Self::new(self.least, self.stream).written_as(self.format());
        report.checked.clone_from(&self.checked);
        report
    }

    /// Whether [`Report::show`] was called.
    pub(crate) fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Adds findings. Those of a file that is read for several Flows are kept once.
    pub(crate) fn add(&mut self, diagnostics: Diagnostics, sources: Sources) {
        let least = self.least;
        let word = self.word;
        let shown = diagnostics.into_iter().filter(|finding| finding.level >= least);
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(shown.map(|finding: Diagnostic| finding.worded(word)));
        let findings = Findings { diagnostics, sources };
        let is_known = self.parts.iter().any(|part| part.findings == findings);
        if !findings.diagnostics.is_empty() && !is_known {
            self.parts.push(Part { findings, about: self.checked.last().cloned() });
        }
    }

    /// Adds a file to those that were checked.
    pub(crate) fn checked(&mut self, name: impl Into<String>) {
        self.checked.push(name.into());
    }

    /// The names of the files that were checked.
    pub(crate) fn files(&self) -> &[String] {
        &self.checked
    }

    /// All findings, each with the texts that it is about.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Diagnostic, &Sources)> {
        self.iter_about().map(|(finding, sources, _)| (finding, sources))
    }

    /// All findings, each with its texts and the file that was checked: a finding without a place is
    /// about this file.
    pub(crate) fn iter_about(&self) -> impl Iterator<Item = (&Diagnostic, &Sources, Option<&str>)> {
        self.parts.iter().flat_map(|Part { findings, about }| {
            let diagnostics = findings.diagnostics.iter();
            diagnostics.map(|finding| (finding, &findings.sources, about.as_deref()))
        })
    }

    /// Whether only errors are shown.
    pub(crate) fn is_quiet(&self) -> bool {
        self.least.is_error()
    }

    /// Whether anything but the findings may be said: not where another program reads them.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format().is_for_people()
    }

    /// `2 errors, 1 warning`; `None` where there are none.
    pub(crate) fn summary(&self) -> Option<String> {
        let mut all = Diagnostics::new();
        all.extend(self.iter().map(|(finding, _)| {
            let level = finding.level;
            Diagnostic { level, ..Diagnostic::new(finding.rule, "") }
        }));
        flow_model::report::summary(&all)
    }

    /// Shows what was found, once.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_shown, true) {
            return Ok(());
        }
        self.format().write(self, self.stream)
    }
}

/// Runs a command that reports findings, and shows them, also where the run fails.
pub(crate) fn reported<T>(
    mut report: Report,
    refused: T,
    run: impl FnOnce(&mut Report) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let result = match run(&mut report) {
        Err(error) => match error.downcast::<Findings>() {
            Ok(Findings { diagnostics, sources }) => {
                report.add(diagnostics, sources);
                Ok(refused)
            }
            Err(error) => Err(error),
        },
        result => result,
    };
    report.show()?;
    result
}
