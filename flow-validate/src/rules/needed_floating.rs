//! Floating Executors that an answer waits for.

use flow_model::topology::NeedTarget;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A floating Executor that an answer waits for all the same.
pub static NEEDED_FLOATING: RuleInfo = RuleInfo {
    code: "needed-floating",
    level: Level::Warning,
    summary: "a floating Executor that an answer waits for all the same",
    explanation: "\
`floating: true` says that no answer waits for an Executor. Where another one that does not float \
takes its result, the answer waits for both: to the gateway of Jina an Executor floats when nobody \
takes its result, whatever the key says.

```yaml
executors:
  - {name: logger, floating: true}      # warning: `indexer` waits for it
  - {name: indexer, needs: logger}
```

Take `floating` away, or let the other one need what stands before it: `needs: gateway`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let nodes = subject.topology.nodes();
    // The first Executor that waits for each one, and the need that says so.
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
        let message = format!("the answer waits for `{}`, though it floats", node.name);
        diagnostics.push(
            Diagnostic::new(&NEEDED_FLOATING, message)
                .at(settings.floating.and_then(|floating| floating.span), "has no effect")
                .at(need.name.span, format!("`{}` takes its result", taker.name))
                .help("take `floating` away, or the need"),
        );
    }
}
