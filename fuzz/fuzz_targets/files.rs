//! Any text is a file of variables or of images, or findings that show nothing of it.
#![no_main]

use std::sync::LazyLock;

use flow_model::plan::Images;
use flow_model::report::{self, Style};
use flow_model::{Limits, Sources, Variables, env_file};
use flowship_fuzz::{check_findings, variables};

static VARIABLES: LazyLock<Variables> = LazyLock::new(variables);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let file = sources.add("file", text);
    sources.hide(file);
    let limits = Limits::default();
    let (values, mut found) = env_file::read(file, text, &VARIABLES.environment, &limits);
    let bytes: usize = values.values().map(String::len).sum();
    assert!(bytes <= limits.bytes, "{bytes} bytes");
    let first = found.len();
    found.extend(Images::default().read(file, text, &limits));
    check_findings(&found, &sources);
    for finding in found.iter().take(3).chain(found.iter().skip(first).take(3)) {
        let drawn = report::render(finding, &sources, Style::Plain);
        assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{drawn:?}");
    }
});
