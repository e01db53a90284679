//! Results that nobody takes.

use flow_model::topology::NeedTarget;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// An Executor whose result nobody takes.
pub static DANGLING_RESULT: RuleInfo = RuleInfo {
    code: "dangling-result",
    level: Level::Warning,
    summary: "an Executor whose result nobody takes",
    explanation: "\
The answer of a Flow is the result of the last Executor that does not float. An Executor that no \
other one needs runs for every request, the answer waits for it, and its result is thrown away.

```yaml
executors:
  - {name: texts}
  - {name: images, needs: gateway}    # the answer; warning: nobody takes the result of `texts`
```

Join the branches (`needs: [texts, images]` or `method: needs_all`), or write `floating: true` \
where no answer should wait.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let nodes = subject.topology.nodes().iter();
    // Of a graph that is cut, nobody knows who takes what.
    if subject.topology.is_cut() {
        return;
    }
    if nodes.flat_map(|node| &node.needs).any(|need| need.target == NeedTarget::Unresolved) {
        // Most often the name that is missing is the one that dangles.
        return;
    }
    // In a cycle everybody takes something from somebody; `cycle` speaks of it.
    for index in subject.topology.dangling() {
        let executor = &subject.flow.executors[index];
        let message = format!("nobody takes the result of `{}`", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&DANGLING_RESULT, message)
                .at(executor.name.span, "runs for every request; its result is thrown away")
                .help("join it with `needs`, or say `floating: true` if no answer waits for it"),
        );
    }
}
