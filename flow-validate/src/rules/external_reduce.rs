//! Joins that an external Executor cannot make.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// An external Executor that takes several results unmerged.
pub static EXTERNAL_REDUCE: RuleInfo = RuleInfo {
    code: "external-reduce",
    level: Level::Error,
    summary: "an external Executor that takes several results unmerged",
    explanation: "\
`no_reduce` (or `disable_reduce`) passes several results to an Executor without merging them. An external Executor accepts one request, so the gateway must merge them. Jina rejects such a Flow.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (executor, node) in subject.flow.executors.iter().zip(subject.topology.nodes()) {
        let no_reduce = executor.settings.no_reduce.filter(|no_reduce| no_reduce.0);
        let Some(no_reduce) = no_reduce else { continue };
        if !executor.is_external() || node.needs.len() < 2 {
            continue;
        }
        let message =
            format!("the external Executor `{}` only accepts merged results", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&EXTERNAL_REDUCE, message)
                .at(no_reduce.span, "requests unmerged results")
                .help("remove it, or add an Executor of the Flow before this one"),
        );
    }
}
