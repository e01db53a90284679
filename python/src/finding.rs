//! What was found of a Flow.

use flow_model::report::{Style, render};
use flow_model::{Applicability, Span};
use flowship::embed::Found;
use pyo3::prelude::*;

use crate::source::Shape;

/// A finding: what is wrong, where, why, and what to write instead.
#[pyclass(frozen, module = "flowship")]
pub(crate) struct Finding {
    pub(crate) found: Found,
    #[pyo3(get)]
    path: Option<String>,
}

impl Finding {
    pub(crate) fn new(mut found: Found, shape: &Shape) -> Self {
        let path = found.path.as_deref().filter(|path| !path.is_empty());
        let path = path.map(|path| named(path, shape));
        if let (Shape::Mapping | Shape::Calls { .. }, Some(path)) = (shape, &path) {
            found.finding.notes.push(format!("this is `{path}`"));
        }
        Self { found, path }
    }

    fn place(&self, end: bool) -> Option<flow_model::LineColumn> {
        let span = self.found.finding.span()?;
        let start = if end { span.end } else { span.start };
        self.found.sources.line_column(Span { start, ..span })
    }
}

/// The path of a document as the author of the Flow would name it.
fn named(path: &str, shape: &Shape) -> String {
    let Shape::Calls { class, executors } = shape else { return path.to_owned() };
    let rest = path.strip_prefix("executors[").and_then(|rest| rest.split_once(']'));
    let executor =
        rest.and_then(|(index, rest)| Some((executors.get(index.parse::<usize>().ok()?)?, rest)));
    match executor {
        Some((name, rest)) => format!("{name}{rest}"),
        None => path
            .strip_prefix("with.")
            .map_or_else(|| path.to_owned(), |rest| format!("{class}.{rest}")),
    }
}

#[pymethods]
impl Finding {
    /// The code of the rule, such as `unknown-key`; `flowship.explain(code)` tells more.
    #[getter]
    fn code(&self) -> &'static str {
        self.found.finding.rule.code
    }

    /// `error`, `warning` or `note`.
    #[getter]
    fn level(&self) -> &'static str {
        self.found.finding.level.word()
    }

    /// What is wrong, in one line.
    #[getter]
    fn message(&self) -> &str {
        &self.found.finding.message
    }

    /// The file, `<dict>`, `<Flow>` or `<text>`; `None` if nothing in the source is concerned.
    #[getter]
    fn file(&self) -> Option<&str> {
        let span = self.found.finding.span()?;
        Some(&self.found.sources.get(span.file)?.name)
    }

    /// The line, from 1; for a dict or a `jina.Flow`, of `flowship.yaml(flow)`.
    #[getter]
    fn line(&self) -> Option<usize> {
        self.place(false).map(|place| place.line)
    }

    /// The column in characters, from 1.
    #[getter]
    fn column(&self) -> Option<usize> {
        self.place(false).map(|place| place.column)
    }

    /// The line of the first character after the place.
    #[getter]
    fn end_line(&self) -> Option<usize> {
        self.place(true).map(|place| place.line)
    }

    /// The column of the first character after the place.
    #[getter]
    fn end_column(&self) -> Option<usize> {
        self.place(true).map(|place| place.column)
    }

    /// What was expected at the place.
    #[getter]
    fn label(&self) -> Option<&str> {
        let label = self.found.finding.labels.first()?;
        Some(label.text.as_str()).filter(|text| !text.is_empty())
    }

    /// Why it matters.
    #[getter]
    fn notes(&self) -> Vec<&str> {
        self.found.finding.notes.iter().map(String::as_str).collect()
    }

    /// What to do instead.
    #[getter]
    fn help(&self) -> Vec<String> {
        self.found.finding.helps.iter().map(ToString::to_string).collect()
    }

    /// Edits of the source that fix it, the most likely first.
    #[getter]
    fn fixes(&self) -> Vec<Fix> {
        let fixes = self.found.finding.fixes.iter();
        fixes.map(|fix| Fix::new(fix, &self.found)).collect()
    }

    /// The finding as a terminal shows it.
    fn __str__(&self) -> String {
        render(&self.found.finding, &self.found.sources, Style::Plain)
    }

    fn __repr__(&self) -> String {
        let place = self.path.as_deref().or_else(|| self.file());
        let place = place.map(|place| format!(", {place:?}")).unwrap_or_default();
        format!("Finding({:?}, {:?}, {:?}{place})", self.level(), self.code(), self.message())
    }

    /// The finding with the colours of a terminal.
    fn colored(&self) -> String {
        render(&self.found.finding, &self.found.sources, Style::Colored)
    }

    /// The finding for a notebook.
    fn _repr_html_(&self) -> String {
        let color = match self.level() {
            "error" => "#c62828",
            "warning" => "#b26a00",
            _ => "#1565c0",
        };
        let drawn = escaped(&self.__str__());
        let (title, rest) = drawn.split_once('\n').unwrap_or((&drawn, ""));
        format!(
            "<pre style=\"line-height: 1.25\"><b style=\"color: {color}\">{title}</b>\n{rest}</pre>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An edit of the source that fixes a finding.
#[pyclass(frozen, module = "flowship", get_all)]
pub(crate) struct Fix {
    /// What the edit does.
    title: String,
    /// `safe`, `unsafe` or `display-only`.
    applicability: &'static str,
    /// The replacements; they do not overlap.
    edits: Vec<Edit>,
}

/// A piece of the source and what replaces it. Lines and columns count from 1; the end is the first
/// character after the piece.
#[pyclass(frozen, module = "flowship", get_all)]
#[derive(Clone)]
pub(crate) struct Edit {
    /// The file.
    file: Option<String>,
    /// The line.
    line: Option<usize>,
    /// The column.
    column: Option<usize>,
    /// The line of the end.
    end_line: Option<usize>,
    /// The column of the end.
    end_column: Option<usize>,
    /// The text to put there.
    text: String,
}

impl Fix {
    fn new(fix: &flow_model::Fix, found: &Found) -> Self {
        let applicability = match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
            Applicability::DisplayOnly => "display-only",
        };
        let sources = &found.sources;
        let edits = fix.edits.iter().map(|edit| {
            let start = sources.line_column(edit.span);
            let end = sources.line_column(Span { start: edit.span.end, ..edit.span });
            Edit {
                file: sources.get(edit.span.file).map(|file| file.name.clone()),
                line: start.map(|place| place.line),
                column: start.map(|place| place.column),
                end_line: end.map(|place| place.line),
                end_column: end.map(|place| place.column),
                text: edit.text.clone(),
            }
        });
        Self { title: fix.title.clone(), applicability, edits: edits.collect() }
    }
}

#[pymethods]
impl Fix {
    fn __repr__(&self) -> String {
        format!("Fix({:?}, {:?})", self.title, self.applicability)
    }
}

#[pymethods]
impl Edit {
    fn __repr__(&self) -> String {
        let number = |number: Option<usize>| number.map_or("?".to_owned(), |n| n.to_string());
        format!("Edit({}:{}, {:?})", number(self.line), number(self.column), self.text)
    }
}
