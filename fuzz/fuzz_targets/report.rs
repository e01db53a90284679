//! Findings about any text, with any words, are drawn without anything that a terminal or a CI log
//! would obey.
#![no_main]

use flow_model::report::{Style, render, render_concise};
use flow_model::{Diagnostic, Level, RuleInfo, Sources, Span};

static RULE: RuleInfo = RuleInfo { code: "odd", level: Level::Error, summary: "", explanation: "" };

libfuzzer_sys::fuzz_target!(|input: (&str, &str, &str, u32, u32)| {
    let (text, words, name, start, end) = input;
    let mut sources = Sources::new();
    let file = sources.add(name, text);
    let span = Span::new(file, start, end);
    // Spans that are none in a text come from nowhere.
    if sources.slice(span).is_none() {
        return;
    }
    let finding = Diagnostic::new(&RULE, words).at(span, words).note(words).help(words);
    for drawn in [
        render(&finding, &sources, Style::Plain),
        render_concise(&finding, &sources),
        finding.to_string(),
    ] {
        let is_obeyed =
            |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!drawn.contains(is_obeyed), "{drawn:?}");
        assert!(!drawn.contains("##["), "{drawn:?}");
        let mut lines = drawn.lines().map(str::trim_start);
        assert!(!lines.any(|line| line.starts_with("::") && !line.starts_with(":::")), "{drawn:?}");
    }
});
