//! Draws findings for people, in the style of rustc.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Label, Level};
use crate::sources::{SourceFile, Sources};
use crate::span::FileId;
use crate::visible::{is_shown, visible, visible_lines};

/// How findings are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// With the escape sequences of a terminal.
    Colored,
}

/// The maximum length of a line that is drawn, in bytes: drawing longer lines takes long.
const LONGEST_LINE: usize = 64 * 1024;

/// A finding with its source lines; without them if a line is very long.
///
/// Whatever the texts contain, the output has no control characters except line breaks (and, with
/// [`Style::Colored`], the escape sequences of colours), and no line of it is a command of a CI
/// log.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let Some(snippets) = snippets(diagnostic, sources) else {
        let helps = diagnostic
            .helps
            .iter()
            .map(|help| format!("\n  = help: {}", visible(&help.to_string())));
        return render_concise(diagnostic, sources) + &helps.collect::<String>();
    };
    let title = match diagnostic.level {
        Level::Error | Level::Denied => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note => Title::NOTE,
    };
    let title = title.primary_title(visible(&diagnostic.message)).id(diagnostic.rule.code);
    let mut group = Group::with_title(title);
    for snippet in snippets {
        group = match snippet {
            Drawn::Lines(snippet) => group.element(snippet),
            Drawn::Place(origin) => group.element(origin),
            Drawn::Words(text) => group.element(Title::NOTE.message(text)),
        };
    }
    for note in &diagnostic.notes {
        group = group.element(Title::NOTE.message(visible(note)));
    }
    for help in &diagnostic.helps {
        group = group.element(Title::HELP.message(visible(&help.to_string()).into_owned()));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    renderer.render(&[group])
}

/// Number of bytes of the source lines that [`render`] draws for a finding: the time for drawing it
/// grows with them.
pub fn extent(diagnostic: &Diagnostic, sources: &Sources) -> usize {
    let mut files: Vec<FileId> = diagnostic.labels.iter().map(|label| label.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let windows = files.into_iter().filter_map(|file| {
        let labels = diagnostic.labels.iter().filter(|label| label.span.file == file);
        Window::around(sources.get(file)?, labels)
    });
    windows.map(|window| window.text.len()).sum()
}

/// The parts of a finding below its title.
enum Drawn<'a> {
    /// Lines of a file.
    Lines(Snippet<'a, annotate_snippets::Annotation<'a>>),
    /// A place in a file that is not quoted.
    Place(Origin<'a>),
    /// The words of a label there.
    Words(Cow<'a, str>),
}

/// The snippets of each file, starting with the file of the primary label. `None` if lines are too
/// long.
fn snippets<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Option<Vec<Drawn<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let mut all = Vec::new();
    for file in files {
        let Some(source) = sources.get(file) else { continue };
        let labels = diagnostic.labels.iter().enumerate();
        let labels: Vec<_> = labels.filter(|(_, label)| label.span.file == file).collect();
        let name = visible(&source.name);
        if !source.is_quotable {
            let place = labels.first().and_then(|(_, label)| sources.line_column(label.span));
            all.extend(
                place.map(|at| {
                    Drawn::Place(Origin::path(name).line(at.line).char_column(at.column))
                }),
            );
            let words = labels.iter().map(|(_, label)| visible(&label.text));
            all.extend(words.filter(|text| !text.is_empty()).map(Drawn::Words));
            continue;
        }
        let window = Window::around(source, labels.iter().map(|(_, label)| *label));
        let Some(window) = window else { continue };
        let mut ranges: Vec<_> = labels.iter().map(|(_, label)| window.range(label)).collect();
        let text = visible_window(window.text, &mut ranges);
        if text.len() > LONGEST_LINE {
            return None;
        }
        let annotations = labels.into_iter().zip(ranges).map(|((index, label), range)| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(range);
            if label.text.is_empty() { annotation } else { annotation.label(visible(&label.text)) }
        });
        let snippet = Snippet::source(text).line_start(window.line).path(name);
        all.push(Drawn::Lines(snippet.annotations(annotations.collect::<Vec<_>>())));
    }
    Some(all)
}

/// Source lines in which characters that a terminal would obey are replaced, with adjusted
/// `ranges`. Each character is replaced by one character, so columns stay the same.
fn visible_window<'a>(text: &'a str, ranges: &mut [Range<usize>]) -> Cow<'a, str> {
    let is_kept = |at, c| is_shown(text, at, c) || c == '\n' || c == '\t';
    if text.char_indices().all(|(at, c)| is_kept(at, c)) {
        return Cow::Borrowed(text);
    }
    let mut bounds: Vec<&mut usize> =
        ranges.iter_mut().flat_map(|range| [&mut range.start, &mut range.end]).collect();
    bounds.sort_unstable();
    let mut bounds = bounds.into_iter().peekable();
    let mut shown = String::with_capacity(text.len() + 16);
    let mut move_bounds = |until: usize, to: usize| {
        while let Some(bound) = bounds.next_if(|bound| **bound <= until) {
            *bound = to;
        }
    };
    for (at, c) in text.char_indices() {
        move_bounds(at, shown.len());
        match c {
            // The end of a line, as Windows writes it.
            '\r' if text[at + 1..].starts_with('\n') => {}
            c if is_kept(at, c) => shown.push(c),
            c => shown.push(picture(c)),
        }
    }
    move_bounds(text.len(), shown.len());
    Cow::Owned(shown)
}

/// The replacement for a character that is not shown: `␛` for an escape.
fn picture(c: char) -> char {
    let picture = match u32::from(c) {
        c0 @ 0..0x20 => char::from_u32(0x2400 + c0),
        0x7f => Some('␡'),
        _ => None,
    };
    picture.unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The lines around the labels. With the whole text, drawing the findings of a large file would take
/// seconds.
struct Window<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Window<'a> {
    /// The lines of these labels. `None` if a label is not in the text.
    fn around<'l>(source: &'a SourceFile, labels: impl Iterator<Item = &'l Label>) -> Option<Self> {
        let text = source.text.as_str();
        let (mut first, mut last) = (usize::MAX, 0);
        for label in labels {
            let range = label.span.range();
            text.get(range.clone())?;
            first = first.min(range.start);
            // Only the first line of a label that spans several lines is shown.
            last = last.max(range.start);
        }
        let (line, start) = source.line(first)?;
        let end = source.line_end(last);
        let lines = &text[start..end];
        Some(Self { text: lines.strip_suffix('\r').unwrap_or(lines), start, line })
    }

    fn range(&self, label: &Label) -> Range<usize> {
        // A label may begin at the end of the line, in its line break.
        let start = (label.span.start as usize - self.start).min(self.text.len());
        let end = (label.span.end as usize).saturating_sub(self.start).min(self.text.len());
        start..first_line_end(self.text, start, end)
    }
}

/// `end`, or the end of the line of `start` if that is earlier.
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
        let _ = write!(line, "{}:{}:{}: ", visible(name), at.line, at.column);
    }
    line.push_str(&diagnostic.headline());
    // The name of a file may look like a command of a CI log.
    visible_lines(&line).into_owned()
}

/// The number of errors and warnings: `2 errors, 1 warning`. `None` if there are none.
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

    /// Wherever a finding begins and ends, also between the two characters of a line break of
    /// Windows, its line is drawn without them.
    #[test]
    fn every_place_in_lines_of_windows_is_drawn() {
        let text = "a: 1\r\n\r\nb: 2\r\n";
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", text);
        let length = u32::try_from(text.len()).unwrap();
        for (start, end) in
            (0..=length).flat_map(|start| (start..=length).map(move |end| (start, end)))
        {
            let one = Diagnostic::new(&ERROR, "odd").at(Span::new(file, start, end), "here");
            let two = one.clone().at(Span::new(file, 8, 9), "and here");
            for finding in [one, two] {
                let drawn = render(&finding, &sources, Style::Plain);
                assert!(drawn.contains("here"), "{start}..{end}: {drawn}");
                assert!(!drawn.contains(['\r', '␍']), "{start}..{end}: {drawn}");
            }
        }
    }

    /// The content of files, names and values reaches the terminal only as text.
    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let mut sources = Sources::new();
        let text = "a: \u{1b}[2J\u{202e}x # \u{9b}1m\rb: ##[error]\r\nname: y\r\n";
        let file = sources.add("f\u{1b}\n::error::.yml", text);
        let start = u32::try_from(text.find('x').unwrap()).unwrap();
        let finding = Diagnostic::new(&ERROR, "odd `a\n::error::b`")
            .at(Span::new(file, start, start + 1), "here\u{7f}")
            .note("a\u{2028}b")
            .help("c\u{200b}");
        insta::assert_snapshot!(render(&finding, &sources, Style::Plain), @r"
        error[bad-thing]: odd `a\n::error::b`
         --> f\u{1b}\n::error::.yml:1:9
          |
        1 | a: ␛[2J�x # �1m␍b: #�[error]
          |         ^ here\u{7f}
          |
          = note: a\u{2028}b
          = help: c\u{200b}
        ");
        let file = sources.add("::error::", "x");
        let finding = Diagnostic::new(&ERROR, "odd").at(Span::new(file, 0, 1), "");
        assert_eq!(
            render_concise(&finding, &sources),
            r"\u{3a}:error:::1:1: error[bad-thing]: odd"
        );
    }

    #[test]
    fn lines_of_a_hidden_file_are_not_shown() {
        let mut sources = Sources::new();
        let file = sources.add("secrets.env", "A=1\nPASSWORD=secret\n");
        sources.hide(file);
        let finding = Diagnostic::new(&ERROR, "odd")
            .at(Span::new(file, 4, 12), "expected this")
            .help("mend it");
        insta::assert_snapshot!(render(&finding, &sources, Style::Plain), @"
        error[bad-thing]: odd
        --> secrets.env:2:1
         = note: expected this
         = help: mend it
        ");
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
