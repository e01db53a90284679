//! Conditions whose other side nobody takes.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `when` on a way that no other way joins.
pub static LONE_CONDITION: RuleInfo = RuleInfo {
    code: "lone-condition",
    level: Level::Warning,
    summary: "`when` on a way that no other way joins",
    explanation: "\
`when` lets some documents pass and drops the others. Where a join brings the branches together \
again, every document is in the answer; without one, the documents that do not match are gone.

```yaml
executors:
  - {name: texts, when: {mime_type: {$eq: text}}, needs: gateway}
  - {name: images, when: {mime_type: {$eq: image}}, needs: gateway}
  - {name: join, needs: [texts, images]}    # without it, texts would be lost
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let leads_to_join = subject.topology.leads_to_join();
    for (executor, is_joined) in subject.flow.executors.iter().zip(leads_to_join) {
        let Some(when) = &executor.settings.when else { continue };
        if when.is_empty() || executor.is_floating() || is_joined {
            continue;
        }
        let name = &executor.name.value;
        let message = format!("documents that `{name}` does not take are missing from the answer");
        diagnostics.push(
            Diagnostic::new(&LONE_CONDITION, message)
                .at(when.span, "drops the documents that do not match")
                .help("join the way with one that takes the others"),
        );
    }
}
