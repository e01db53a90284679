//! Floating Executors that the answer waits for.

use flow_model::topology::NeedTarget;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A floating Executor that the answer waits for.
pub static NEEDED_FLOATING: RuleInfo = RuleInfo {
    code: "needed-floating",
    level: Level::Warning,
    summary: "a floating Executor that the answer waits for",
    explanation: "\
With `floating: true` the answer does not wait for an Executor. But if an Executor that is not \
floating needs its result, the answer waits for both: in Jina's gateway only an Executor whose \
result nobody needs is floating.

```yaml
executors:
  - {name: logger, floating: true}      # warning: `indexer` waits for it
  - {name: indexer, needs: logger}
```

Remove `floating`, or let the other Executor need an earlier one: `needs: gateway`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let nodes = subject.topology.nodes();
    // The first Executor that waits for each one, and its need.
    let mut takers = vec![None; nodes.len()];
    for node in nodes.iter().filter(|node| !node.floating) {
        for need in &node.needs {
            if let NeedTarget::Executor(target) = need.target {
                takers[target].get_or_insert((node, need));
            }
        }
    }
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| node.floating) {
        let Some((taker, need)) = takers[index] else { continue };
        let settings = &subject.flow.executors[index].settings;
        let message = format!("the answer waits for `{}`, although it is floating", node.name);
        diagnostics.push(
            Diagnostic::new(&NEEDED_FLOATING, message)
                .at(settings.floating.and_then(|floating| floating.span), "has no effect")
                .at(need.name.span, format!("`{}` needs its result", taker.name))
                .help("remove `floating`, or the need"),
        );
    }
}
