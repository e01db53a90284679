//! A Flow without Executors.

use flow_model::flow::{BAD_DOCUMENT, BAD_REFERENCE, Gateway, LEGACY_LIST};
use flow_model::keys::{GatewaySettings, MappingKind, UnknownKey};
use flow_model::source::UNKNOWN_ANCHOR;
use flow_model::values::WRONG_TYPE;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;
use super::legacy_key::LEGACY_KEY;
use super::verdict::{Verdict, verdict};

/// A Flow without Executors that answer.
pub static EMPTY_FLOW: RuleInfo = RuleInfo {
    code: "empty-flow",
    level: Level::Denied,
    summary: "a Flow without Executors that answer",
    explanation: "\
The gateway of a Flow without Executors returns every request untouched. Most often the list is \
under another key. The same holds where every Executor floats: no answer waits for those.

A Flow that defines its gateway (its `protocol`, its `port`, or an image of its own) and nothing \
that looks like a list of Executors is exported as it is.

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
                finding.at(start, "a gateway without Executors returns every request untouched")
            }
        };
        let help = "list them under `executors:`";
        diagnostics.push(finding.help(help).help(Advice::Allow(EMPTY_FLOW.code)));
    } else if subject.topology.nodes().iter().all(|node| node.floating) {
        let start = flow.span.map(|span| Span { end: span.start, ..span });
        let label = "a gateway that waits for nobody returns every request untouched";
        diagnostics.push(
            Diagnostic::new(&EMPTY_FLOW, "every Executor of the Flow floats")
                .at(start, label)
                .help("remove `floating` from the Executors that answer")
                .help(Advice::Allow(EMPTY_FLOW.code)),
        );
    }
}

/// Whether a key of the document was probably meant to be `executors`.
fn looks_like_executors(key: &UnknownKey) -> bool {
    let is_near = matches!(verdict(key), Verdict::Misspelled("executors" | "deployments"));
    key.kind == MappingKind::Document && (key.holds_entries || is_near)
}

/// Whether the Flow defines what its gateway is, not only how it runs.
fn says_something(gateway: &Gateway) -> bool {
    let GatewaySettings { uses, protocol, port, .. } = &*gateway.settings;
    gateway.span.is_some() || uses.is_some() || protocol.is_some() || port.is_some()
}
