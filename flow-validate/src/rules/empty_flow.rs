//! A Flow without Executors.

use flow_model::flow::BAD_REFERENCE;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;
use super::legacy_key::LEGACY_KEY;

pub(super) static EMPTY_FLOW: RuleInfo = RuleInfo {
    code: "empty-flow",
    level: Level::Denied,
    summary: "a Flow without Executors",
    explanation: "\
The gateway of a Flow without Executors hands every request back untouched. Most often the list \
stands under another key, such as the old `pods:`.

Say `--allow empty-flow` to export the gateway alone.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let is_missing = |finding: &Diagnostic| finding.rule.code == BAD_REFERENCE.code;
    // Other findings say where the Executors are.
    let is_legacy = subject.flow.unknown_keys.iter().any(|key| key.name.value == "pods")
        && subject.options.levels.level(&LEGACY_KEY).is_some();
    if !subject.flow.executors.is_empty() || is_legacy || diagnostics.iter().any(is_missing) {
        return;
    }
    let start = subject.flow.span.map(|span| Span { end: span.start, ..span });
    diagnostics.push(
        Diagnostic::new(&EMPTY_FLOW, "the Flow has no Executors")
            .at(start, "a gateway alone hands every request back untouched")
            .help("list them under `executors:`, or say `--allow empty-flow`"),
    );
}
