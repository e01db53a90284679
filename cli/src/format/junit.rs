//! A JUnit report: a suite for each file, in which each finding is a case.
//!
//! Errors are failures, since they fail the run. Warnings and notes are cases that pass and say
//! something.

use std::io;

use flow_model::{Diagnostic, Sources, report as draw, visible};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::place::{path, place};
use crate::findings::Report;

/// Findings and the texts that they are about.
type Cases<'a> = Vec<(&'a Diagnostic, &'a Sources)>;

/// An XML document.
pub(super) fn text(report: &Report) -> io::Result<String> {
    let suites = suites(report);
    let total: usize = suites.iter().map(|(_, cases)| cases.len().max(1)).sum();
    let failed: usize = suites.iter().map(|(_, cases)| failures(cases)).sum();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer
        .create_element("testsuites")
        .with_attribute(("name", "flowship"))
        .with_attribute(("tests", total.to_string().as_str()))
        .with_attribute(("failures", failed.to_string().as_str()))
        .with_attribute(("errors", "0"));
    root.write_inner_content(|writer| {
        suites.iter().try_for_each(|(name, cases)| suite(writer, name, cases))
    })?;
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

/// Findings by the file that they are about: those that were checked first, in their order.
fn suites(report: &Report) -> Vec<(String, Cases<'_>)> {
    let mut suites: Vec<(String, Cases<'_>)> =
        report.files().iter().map(|name| (path(name), Vec::new())).collect();
    for (finding, sources, about) in report.iter_about() {
        let at = finding.span().and_then(|span| place(span, sources));
        let name = at.map(|place| place.path).or(about.map(path));
        let name = name.unwrap_or_else(|| "flowship".to_owned());
        match suites.iter_mut().find(|(suite, _)| *suite == name) {
            Some((_, cases)) => cases.push((finding, sources)),
            None => suites.push((name, vec![(finding, sources)])),
        }
    }
    suites
}

fn failures(cases: &Cases<'_>) -> usize {
    cases.iter().filter(|(finding, _)| finding.level.is_error()).count()
}

fn suite(writer: &mut Writer<Vec<u8>>, name: &str, cases: &Cases<'_>) -> io::Result<()> {
    let name = shown(name);
    let element = writer
        .create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("tests", cases.len().max(1).to_string().as_str()))
        .with_attribute(("failures", failures(cases).to_string().as_str()))
        .with_attribute(("errors", "0"));
    element.write_inner_content(|writer| {
        if cases.is_empty() {
            // Some servers take a suite without cases for a run that broke off.
            let case = writer.create_element("testcase");
            case.with_attribute(("name", "flowship"))
                .with_attribute(("classname", name.as_str()))
                .write_empty()?;
        }
        cases.iter().try_for_each(|(finding, sources)| case(writer, &name, finding, sources))
    })?;
    Ok(())
}

fn case(
    writer: &mut Writer<Vec<u8>>,
    file: &str,
    finding: &Diagnostic,
    sources: &Sources,
) -> io::Result<()> {
    let mut words = draw::render_concise(finding, sources);
    for note in &finding.notes {
        words = format!("{words}\nnote: {}", visible(note));
    }
    for help in &finding.helps {
        words = format!("{words}\nhelp: {}", visible(&help.to_string()));
    }
    let words = allowed(&words);
    let line = finding.span().and_then(|span| place(span, sources)).map(|place| place.start);
    let name = line.map_or_else(
        || finding.rule.code.to_owned(),
        |at| format!("{}:{}:{}", finding.rule.code, at.line, at.column),
    );
    let element = writer
        .create_element("testcase")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("classname", file));
    element.write_inner_content(|writer| {
        let text = BytesText::new(&words);
        if finding.level.is_error() {
            let message = shown(&finding.message);
            writer
                .create_element("failure")
                .with_attribute(("message", message.as_str()))
                .with_attribute(("type", finding.rule.code))
                .write_text_content(text)?;
        } else {
            writer.create_element("system-out").write_text_content(text)?;
        }
        Ok::<_, io::Error>(())
    })?;
    Ok(())
}

/// A text as one line of characters that XML may hold.
fn shown(text: &str) -> String {
    allowed(&visible(text))
}

/// Two characters that are visible elsewhere and not allowed in XML.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
