//! Results that are not used.

use flow_model::topology::NeedTarget;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// An Executor whose result is not used.
pub static DANGLING_RESULT: RuleInfo = RuleInfo {
    code: "dangling-result",
    level: Level::Warning,
    summary: "an Executor whose result is not used",
    explanation: "\
The answer of a Flow is the result of its last Executor that is not floating. An Executor that no \
other Executor needs runs for every request, the answer waits for it, and its result is discarded.

```yaml
executors:
  - {name: texts}
  - {name: images, needs: gateway}    # the answer; warning: nobody takes the result of `texts`
```

Join the branches with `needs: [texts, images]` or `method: needs_all`, or set `floating: true` if the answer should not wait for it.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let nodes = subject.topology.nodes().iter();
    // A cut graph does not contain all needs.
    if subject.topology.is_cut() {
        return;
    }
    if nodes.flat_map(|node| &node.needs).any(|need| need.target == NeedTarget::Unresolved) {
        // Usually the missing name is the name of this Executor.
        return;
    }
    // In a cycle every result is used; the rule `cycle` reports it.
    for index in subject.topology.dangling() {
        let executor = &subject.flow.executors[index];
        let message = format!("the result of `{}` is not used", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&DANGLING_RESULT, message)
                .at(executor.name.span, "runs for every request; its result is discarded")
                .help("join it with `needs`, or set `floating: true` if the answer should not wait for it"),
        );
    }
}
