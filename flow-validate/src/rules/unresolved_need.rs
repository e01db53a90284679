//! Needs that name no Executor.

use std::collections::BTreeSet;

use flow_model::keys::Candidates;
use flow_model::topology::{GATEWAY, NeedTarget};
use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo};

use super::Subject;

/// `needs` that names no Executor.
pub static UNRESOLVED_NEED: RuleInfo = RuleInfo {
    code: "unresolved-need",
    level: Level::Error,
    summary: "`needs` that names no Executor",
    explanation: "\
An Executor can wait for another Executor of the Flow or for `gateway`. With an unknown name, \
`jina export` writes a graph without a start, and the gateway returns every request unchanged.

```yaml
executors:
  - {name: encoder}
  - {name: indexer, needs: encodr}    # error: did you mean `encoder`?
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.topology.nodes().iter().map(|node| node.name.as_str());
    let executors = subject.flow.executors.iter();
    let substituted = executors.filter(|executor| executor.name.is_substituted());
    let substituted: BTreeSet<&str> =
        substituted.map(|executor| executor.name.value.as_str()).collect();
    let mut words = Candidates::new(names.chain([GATEWAY]));
    for node in subject.topology.nodes() {
        for need in node.needs.iter().filter(|need| need.target == NeedTarget::Unresolved) {
            let missing = need.name.value.as_str();
            if need.name.is_substituted() {
                let message =
                    format!("`{}` needs something that is no Executor of the Flow", node.name);
                diagnostics.push(
                    Diagnostic::new(&UNRESOLVED_NEED, message)
                        .at(need.name.span, "nothing has the name that this stands for"),
                );
                continue;
            }
            let finding = Diagnostic::new(
                &UNRESOLVED_NEED,
                format!("`{}` needs `{missing}`, which is not an Executor of the Flow", node.name),
            );
            diagnostics.push(match words.nearest_and_clear(missing, Some(&node.name)) {
                Some((name, is_clear)) => {
                    let sure = if is_clear { Applicability::Safe } else { Applicability::Unsafe };
                    let fix = Fix::rename(&need.name, name, sure);
                    finding
                        .at(need.name.span, format!("did you mean `{name}`?"))
                        .help(format!("write `{name}`"))
                        // A name that came from a variable is not written down.
                        .fix(fix.filter(|_| !substituted.contains(name)))
                }
                None => finding.at(need.name.span, "unknown name"),
            });
        }
    }
}
