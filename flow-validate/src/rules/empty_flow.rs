//! A Flow without Executors.

use flow_model::flow::{BAD_DOCUMENT, BAD_REFERENCE};
use flow_model::source::UNKNOWN_ANCHOR;
use flow_model::values::WRONG_TYPE;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;
use super::legacy_key::LEGACY_KEY;

pub(super) static EMPTY_FLOW: RuleInfo = RuleInfo {
    code: "empty-flow",
    level: Level::Denied,
    summary: "a Flow without Executors that answer",
    explanation: "\
The gateway of a Flow without Executors hands every request back untouched. Most often the list \
stands under another key, such as the old `pods:`. The same holds where every Executor floats: no \
answer waits for those.

Say `--allow empty-flow` to export the gateway alone.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let unread = [&BAD_DOCUMENT, &BAD_REFERENCE, &UNKNOWN_ANCHOR, &WRONG_TYPE];
    let is_missing =
        |finding: &Diagnostic| unread.iter().any(|rule| rule.code == finding.rule.code);
    // Other findings say where the Executors are.
    let is_legacy = subject.flow.unknown_keys.iter().any(|key| key.name.value == "pods")
        && subject.options.levels.level(&LEGACY_KEY).is_some();
    if is_legacy || diagnostics.iter().any(is_missing) {
        return;
    }
    let (message, label, help) = if subject.flow.executors.is_empty() {
        let label = "a gateway alone hands every request back untouched";
        ("the Flow has no Executors", label, "list them under `executors:`")
    } else if subject.flow.gateway.is_some()
        && subject.topology.nodes().iter().all(|node| node.floating)
    {
        let label = "a gateway that waits for nobody hands every request back untouched";
        ("every Executor of the Flow floats", label, "take `floating` away where answers come from")
    } else {
        return;
    };
    let start = subject.flow.span.map(|span| Span { end: span.start, ..span });
    diagnostics.push(
        Diagnostic::new(&EMPTY_FLOW, message)
            .at(start, label)
            .help(help)
            .help(Advice::Allow(EMPTY_FLOW.code)),
    );
}
