//! Expressions of any text become values, or findings.
#![no_main]

use std::sync::LazyLock;

use flow_model::source::Section;
use flow_model::{Budget, Diagnostics, Limits, Sources, Variables, source};
use flowship_fuzz::{check_findings, check_tree, variables};

static VARIABLES: LazyLock<Variables> = LazyLock::new(variables);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let file = sources.add("flow.yml", text);
    let mut budget = Budget::new(&Limits::default());
    let (documents, _) = source::parse(file, text, &mut budget);
    // Every value of a configuration is reported; in a Flow it depends on where it stands.
    let section = [Section::Configuration, Section::Document][text.len() % 2];
    for document in &documents {
        let mut found = Diagnostics::new();
        let (node, used) =
            source::substitute(document, section, &VARIABLES, &mut budget, &mut found);
        check_findings(&found, &sources);
        check_tree(&node, &sources);
        for name in used {
            let variables = &*VARIABLES;
            let known = variables.environment.contains_key(&name.value)
                || variables.context.contains_key(&name.value);
            assert!(known, "`{}` is no variable", name.value);
        }
    }
});
