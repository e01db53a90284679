//! Any text becomes trees and findings.
#![no_main]

use flow_model::{Budget, Limits, Sources, source};
use flowship_fuzz::{check_findings, check_tree};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let file = sources.add("flow.yml", text);
    let mut budget = Budget::new(&Limits::default());
    let (documents, diagnostics) = source::parse(file, text, &mut budget);
    check_findings(&diagnostics, &sources);
    for document in &documents {
        check_tree(document, &sources);
    }
});
