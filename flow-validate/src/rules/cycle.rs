//! Executors that wait for each other.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Executors that wait for each other.
pub static CYCLE: RuleInfo = RuleInfo {
    code: "cycle",
    level: Level::Error,
    summary: "Executors that wait for each other",
    explanation: "\
A request passes through the graph from the gateway to the last Executor. Executors that need each \
other never start. `jina export` still writes the manifests, and the gateway then returns every \
request unchanged.

```yaml
executors:
  - {name: encoder, needs: indexer}
  - {name: indexer, needs: encoder}    # error: encoder → indexer → encoder
```",
};

/// The maximum number of Executors that a finding about a cycle names.
const MOST: usize = 16;

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let nodes = subject.topology.nodes();
    for cycle in subject.topology.cycles() {
        let name = |index: usize| nodes[index].name.as_str();
        let Some(&first) = cycle.first() else { continue };
        let mut way: Vec<_> = cycle.iter().take(MOST).map(|index| name(*index)).collect();
        let more = format!("{} more", cycle.len().saturating_sub(MOST));
        if cycle.len() > MOST {
            way.push(&more);
        }
        way.push(name(first));
        let message = match cycle.as_slice() {
            [only] => format!("`{}` needs itself", name(*only)),
            _ => format!("Executors wait for each other: {}", way.join(" → ")),
        };
        let mut finding = Diagnostic::new(&CYCLE, message);
        for (position, &from) in cycle.iter().enumerate().take(MOST) {
            let to = cycle[(position + 1) % cycle.len()];
            let text = format!("`{}` needs `{}`", name(from), name(to));
            let default = subject.flow.executors[from].name.span;
            let span = subject.topology.need_span(from, to).or(default);
            finding = finding.at(span, text);
        }
        diagnostics.push(finding.help("remove one of these needs"));
    }
}
