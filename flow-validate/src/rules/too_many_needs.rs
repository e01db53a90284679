//! Graphs that are too large for a gateway.

use flow_model::values::Method;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// More needs than a graph can hold.
pub static TOO_MANY_NEEDS: RuleInfo = RuleInfo {
    code: "too-many-needs",
    level: Level::Error,
    summary: "more needs than a graph can hold",
    explanation: "\
Each Executor of `method: gather_inspect` takes the results of every `method: inspect` before it. \
With thousands of both, the Flow has millions of needs, which cannot be passed to a gateway.

```yaml
executors:
  - {name: a, method: inspect}
  - {name: b, method: gather_inspect}    # needs `a`
  - {name: c, method: inspect}
  - {name: d, method: gather_inspect}    # needs `a` and `c`, and so on
```

Set `needs` if an Executor takes the results of only a few.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.topology.is_cut() {
        return;
    }
    let gathers = |method: Method| method == Method::GatherInspect;
    let mut executors = subject.flow.executors.iter().rev();
    let last = executors.find_map(|executor| executor.settings.method.filter(|m| gathers(m.value)));
    diagnostics.push(
        Diagnostic::new(&TOO_MANY_NEEDS, "the Flow has more than 100,000 needs")
            .at(last.and_then(|method| method.span), "needs every `inspect` before it")
            .help("set `needs` to the Executors whose results it takes"),
    );
}
