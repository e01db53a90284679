//! Names that are longer than a DNS label.

use flow_model::names::{LABEL_LENGTH, dns_label};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A name that is longer than a DNS label may be.
pub static NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "name-too-long",
    level: Level::Error,
    summary: "a name that is too long for a DNS label",
    explanation: "\
A DNS label has at most 63 characters (RFC 1035). Heads and shards add a suffix to the Executor's name: `-head`, `-0`, `-10`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // An external Executor has no workload, and its name is not a DNS label.
    for executor in subject.flow.executors.iter().filter(|executor| !executor.is_external()) {
        let suffix = match executor.shards() {
            1 => 0,
            shards => "-head".len().max(format!("-{}", shards - 1).len()),
        };
        let length = dns_label(&executor.name).len();
        if length + suffix <= LABEL_LENGTH {
            continue;
        }
        let most = LABEL_LENGTH - suffix;
        let beginning: String = executor.name.chars().take(16).collect();
        let message = if executor.name.is_substituted() {
            format!("the name of an Executor is {length} characters long")
        } else {
            format!("the name `{beginning}…` is {length} characters long")
        };
        diagnostics.push(
            Diagnostic::new(&NAME_TOO_LONG, message)
                .at(executor.name.span, format!("expected at most {most}"))
                .note("a DNS label has at most 63 characters, and heads and shards add a suffix"),
        );
    }
}
