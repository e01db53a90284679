//! Findings drawn for people, in the manner of rustc.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Label, Level};
use crate::sources::Sources;
use crate::span::FileId;

/// How findings are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone; all that is said can be read without colour.
    Plain,
    /// With the escape sequences of a terminal.
    Colored,
}

/// Lines beyond this many bytes are not drawn: nobody reads them, and it takes long.
const LONGEST_LINE: usize = 64 * 1024;

/// A finding with the lines that it speaks of; in words alone where a line is very long.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    if is_too_long(diagnostic, sources) {
        let helps = diagnostic.helps.iter().map(|help| format!("\n  = help: {help}"));
        return render_concise(diagnostic, sources) + &helps.collect::<String>();
    }
    let title = match diagnostic.level {
        Level::Error | Level::Denied => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note => Title::NOTE,
    };
    let title = title.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.code);
    let mut group = Group::with_title(title).elements(snippets(diagnostic, sources));
    for note in &diagnostic.notes {
        group = group.element(Title::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.helps {
        group = group.element(Title::HELP.message(help.to_string()));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    renderer.render(&[group])
}

fn is_too_long(diagnostic: &Diagnostic, sources: &Sources) -> bool {
    diagnostic.labels.iter().any(|label| {
        let source = sources.get(label.span.file);
        let window = source.and_then(|s| Window::around(&s.text, std::iter::once(label)));
        window.is_some_and(|window| window.text.len() > LONGEST_LINE)
    })
}

/// One snippet a file, the primary label's first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let snippet = |file| {
        let source = sources.get(file)?;
        let labels = diagnostic.labels.iter().enumerate();
        let labels: Vec<_> = labels.filter(|(_, label)| label.span.file == file).collect();
        let window = Window::around(&source.text, labels.iter().map(|(_, label)| *label))?;
        let annotations = labels.into_iter().map(|(index, label)| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(window.range(label));
            if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
        });
        Some(
            Snippet::source(window.text)
                .line_start(window.line)
                .path(source.name.as_str())
                .annotations(annotations.collect::<Vec<_>>()),
        )
    };
    files.into_iter().filter_map(snippet).collect()
}

/// The lines that labels stand on. Handing over the whole text would make drawing a hundred
/// findings of a large file take seconds.
struct Window<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Window<'a> {
    /// `None` when a label does not lie in the text.
    fn around<'l>(text: &'a str, labels: impl Iterator<Item = &'l Label>) -> Option<Self> {
        let (mut first, mut last) = (usize::MAX, 0);
        for label in labels {
            let range = label.span.range();
            text.get(range.clone())?;
            first = first.min(range.start);
            // Of a label that spans lines only the first matters: the rest is what it holds.
            last = last.max(first_line_end(text, range.start, range.end));
        }
        let start = text.get(..first)?.rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline);
        let line = text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        Some(Self { text: &text[start..end], start, line })
    }

    fn range(&self, label: &Label) -> std::ops::Range<usize> {
        let start = label.span.start as usize - self.start;
        let end = (label.span.end as usize).saturating_sub(self.start).min(self.text.len());
        start..first_line_end(self.text, start, end)
    }
}

/// `end`, or where the line of `start` ends, if that is earlier.
fn first_line_end(text: &str, start: usize, end: usize) -> usize {
    text[start..end].find('\n').map_or(end, |newline| {
        let line = text[start..start + newline].trim_end();
        start + line.len()
    })
}

/// A finding in one line: `flow.yml:3:5: error[unknown-key]: …`.
pub fn render_concise(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut line = String::new();
    let place = diagnostic.span().and_then(|span| {
        let source = sources.get(span.file)?;
        Some((source.name.as_str(), sources.line_column(span)?))
    });
    if let Some((name, at)) = place {
        // Writing into a `String` does not fail.
        let _ = write!(line, "{name}:{}:{}: ", at.line, at.column);
    }
    line + &diagnostic.headline()
}

/// How many errors and warnings there are: `2 errors, 1 warning`. `None` where there are none.
pub fn summary(diagnostics: &Diagnostics) -> Option<String> {
    let counts = [(Level::Error, "error"), (Level::Warning, "warning")];
    let parts: Vec<_> = counts
        .into_iter()
        .filter_map(|(level, word)| match diagnostics.count(level) {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Style, render, render_concise, summary};
    use crate::{Diagnostic, Diagnostics, Level, RuleInfo, Sources, Span};

    static ERROR: RuleInfo =
        RuleInfo { code: "bad-thing", level: Level::Error, summary: "", explanation: "" };
    static WARNING: RuleInfo =
        RuleInfo { code: "odd-thing", level: Level::Warning, summary: "", explanation: "" };

    const TEXT: &str = "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://x\n  - name: a\n";

    fn drawn(build: impl FnOnce(&dyn Fn(&str, usize) -> Span) -> Diagnostic) -> String {
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", TEXT);
        let find = |word: &str, from: usize| {
            let start = from + TEXT[from..].find(word).unwrap();
            let bound = |at: usize| u32::try_from(at).unwrap();
            Span::new(file, bound(start), bound(start + word.len()))
        };
        let finding = build(&find);
        format!(
            "{}\n{}",
            render(&finding, &sources, Style::Plain),
            render_concise(&finding, &sources)
        )
    }

    #[test]
    fn findings_look_like_those_of_rustc() {
        insta::assert_snapshot!(drawn(|find| {
            Diagnostic::new(&ERROR, "two Executors are named `a`")
                .at(find("a\n", 60), "named again")
                .at(find("a\n", 30), "first named here")
                .note("names are unique")
                .help("rename one of them")
        }), @"
        error[bad-thing]: two Executors are named `a`
         --> flow.yml:5:11
          |
        3 |   - name: a
          |           - first named here
        4 |     uses: docker://x
        5 |   - name: a
          |           ^ named again
          |
          = note: names are unique
          = help: rename one of them
        flow.yml:5:11: error[bad-thing]: two Executors are named `a`
        ");
        insta::assert_snapshot!(drawn(|find| {
            let start = find("- name", 0);
            let end = find("docker://x", 0).end;
            Diagnostic::new(&WARNING, "a place of several lines").at(Span { end, ..start }, "this one")
        }), @"
        warning[odd-thing]: a place of several lines
         --> flow.yml:3:3
          |
        3 |   - name: a
          |   ^^^^^^^^^ this one
        flow.yml:3:3: warning[odd-thing]: a place of several lines
        ");
        insta::assert_snapshot!(drawn(|_| {
            Diagnostic::new(&WARNING, "a finding without a place").help("do something")
        }), @"
        warning[odd-thing]: a finding without a place
         |
         = help: do something
        warning[odd-thing]: a finding without a place
        ");
    }

    #[test]
    fn a_very_long_line_is_cut() {
        let mut sources = Sources::new();
        let text = format!("{{a: \"{}\", b: 1}}", "x".repeat(20_000));
        let file = sources.add("flow.yml", text.as_str());
        let at = u32::try_from(text.find("b:").unwrap()).unwrap();
        let finding = Diagnostic::new(&ERROR, "odd").at(Span::new(file, at, at + 1), "here");
        let drawn = render(&finding, &sources, Style::Plain);
        assert!(drawn.len() < 1_000, "{}", drawn.len());
        assert!(drawn.contains("b: 1"), "{drawn}");

        let text = format!("{{a: \"{}\", b: 1}}", "x".repeat(1_000_000));
        let file = sources.add("flow.yml", text.as_str());
        let at = u32::try_from(text.find("b:").unwrap()).unwrap();
        let finding = Diagnostic::new(&ERROR, "odd").at(Span::new(file, at, at + 1), "here");
        let drawn = render(&finding.help("mend it"), &sources, Style::Plain);
        assert_eq!(drawn, "flow.yml:1:1000009: error[bad-thing]: odd\n  = help: mend it");
    }

    #[test]
    fn counts_are_told_in_words() {
        let mut diagnostics = Diagnostics::new();
        assert_eq!(summary(&diagnostics), None);
        diagnostics.push(Diagnostic::new(&ERROR, ""));
        assert_eq!(summary(&diagnostics).as_deref(), Some("1 error"));
        diagnostics.push(Diagnostic::new(&WARNING, ""));
        diagnostics.push(Diagnostic::new(&WARNING, ""));
        assert_eq!(summary(&diagnostics).as_deref(), Some("1 error, 2 warnings"));
    }
}
