//! A Flow without Executors.

use flow_model::flow::{BAD_DOCUMENT, BAD_REFERENCE, Gateway, LEGACY_LIST};
use flow_model::keys::{GatewaySettings, MappingKind, UnknownKey};
use flow_model::source::UNKNOWN_ANCHOR;
use flow_model::values::WRONG_TYPE;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;
use super::legacy_key::LEGACY_KEY;
use super::verdict::{Verdict, verdict};

/// A Flow without an Executor that contributes to the answer.
pub static EMPTY_FLOW: RuleInfo = RuleInfo {
    code: "empty-flow",
    level: Level::Denied,
    summary: "a Flow without an Executor that contributes to the answer",
    explanation: "\
The gateway of a Flow without Executors returns every request unchanged. Usually the list is under \
the wrong key. The same happens if every Executor is floating, because the answer does not wait \
for these.

A Flow that defines its gateway (`protocol`, `port` or an image) and has nothing that looks like a \
list of Executors is accepted.

Pass `--allow empty-flow` to export only the gateway.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let unread = [&BAD_DOCUMENT, &BAD_REFERENCE, &UNKNOWN_ANCHOR, &WRONG_TYPE];
    let is_missing =
        |finding: &Diagnostic| unread.iter().any(|rule| rule.code == finding.rule.code);
    let flow = subject.flow;
    // Other findings say where the Executors are.
    let is_legacy = flow.unknown_keys.iter().any(|key| key.name.value == LEGACY_LIST)
        && subject.options.levels.level(&LEGACY_KEY).is_some();
    let Some(gateway) = &flow.gateway else { return };
    if is_legacy || diagnostics.iter().any(is_missing) {
        return;
    }
    if flow.executors.is_empty() {
        let lookalike = flow.unknown_keys.iter().find(|key| looks_like_executors(key));
        if lookalike.is_none() && says_something(gateway) {
            return;
        }
        let start = flow.span.map(|span| Span { end: span.start, ..span });
        let finding = Diagnostic::new(&EMPTY_FLOW, "the Flow has no Executors");
        let finding = match lookalike {
            Some(key) => finding.at(key.name.span, "is not read as a list of Executors"),
            None => {
                finding.at(start, "a gateway without Executors returns every request unchanged")
            }
        };
        let help = "list them under `executors:`";
        diagnostics.push(finding.help(help).help(Advice::Allow(EMPTY_FLOW.code)));
    } else if subject.topology.nodes().iter().all(|node| node.floating) {
        let start = flow.span.map(|span| Span { end: span.start, ..span });
        let label = "a gateway that waits for no Executor returns every request unchanged";
        diagnostics.push(
            Diagnostic::new(&EMPTY_FLOW, "every Executor of the Flow is floating")
                .at(start, label)
                .help("remove `floating` from the Executors that the answer needs")
                .help(Advice::Allow(EMPTY_FLOW.code)),
        );
    }
}

/// True if a key of the document was probably meant to be `executors`.
fn looks_like_executors(key: &UnknownKey) -> bool {
    let is_near = matches!(verdict(key), Verdict::Misspelled("executors" | "deployments", _));
    key.kind == MappingKind::Document && (key.holds_entries || is_near)
}

/// True if the Flow sets the protocol, port or image of its gateway.
fn says_something(gateway: &Gateway) -> bool {
    let GatewaySettings { uses, protocol, port, .. } = &*gateway.settings;
    gateway.span.is_some() || uses.is_some() || protocol.is_some() || port.is_some()
}
