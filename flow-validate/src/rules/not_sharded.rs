//! Settings of the head of an Executor without a head.

use flow_model::flow::Executor;
use flow_model::values::{Poll, Polling};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;

/// `uses_before`, `uses_after` or `polling` without shards.
pub static NOT_SHARDED: RuleInfo = RuleInfo {
    code: "not-sharded",
    level: Level::Warning,
    summary: "`uses_before`, `uses_after` or `polling` without shards",
    explanation: "\
`uses_before` and `uses_after` run beside the head, and an Executor has a head only with `shards: \
2` or more. Otherwise Jina silently ignores these keys.

`polling` selects the shards that take a request, so it has no effect either.

Turn them into Executors of the Flow, or remove the keys.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // `shards` of an external Executor has no effect anyway.
    let unsharded = |executor: &&Executor| executor.shards() == 1 && !executor.is_external();
    for executor in subject.flow.executors.iter().filter(unsharded) {
        let (name, settings) = (&executor.name.value, &executor.settings);
        for (key, uses) in
            [("uses_before", &settings.uses_before), ("uses_after", &settings.uses_after)]
        {
            let Some(uses) = &**uses else { continue };
            let message = format!("`{key}` has no effect on `{name}`, which has one shard");
            diagnostics.push(
                Diagnostic::new(&NOT_SHARDED, message)
                    .at(uses.span, "never runs")
                    .help("make it an Executor of its own"),
            );
        }
        // A value inherited from `with` may be meant for other Executors.
        let polling = settings.polling.as_ref().filter(|own| is_within(own.span, executor));
        // Jina's `save_config` writes the default into every entry.
        let is_default = |polling: &Polling| *polling == Polling::Every(Poll::Any);
        let Some(polling) = polling.filter(|polling| !is_default(polling)) else { continue };
        let message = format!("`polling` has no effect on `{name}`, which has one shard");
        diagnostics.push(
            Diagnostic::new(&NOT_SHARDED, message)
                .at(polling.span, "the only shard takes every request")
                .help("remove it, or set `shards`"),
        );
    }
}

/// A value without a place, as in a Flow built in code, is the Executor's own.
fn is_within(span: Option<Span>, executor: &Executor) -> bool {
    let (Some(inner), Some(outer)) = (span, executor.span) else { return span.is_none() };
    outer.contains(inner)
}
