//! Conditions on a branch that is not joined.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `when` on a branch that is not joined with another branch.
pub static LONE_CONDITION: RuleInfo = RuleInfo {
    code: "lone-condition",
    level: Level::Warning,
    summary: "`when` on a branch that is not joined with another branch",
    explanation: "\
`when` passes some documents to an Executor and drops the others. If the branches are joined, \
every document is in the answer; without a join, the documents that do not match are lost.

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
        let Some(when) = &*executor.settings.when else { continue };
        if when.is_empty() || executor.is_floating() || is_joined {
            continue;
        }
        let name = &executor.name.value;
        let message = format!("documents that `{name}` does not match are missing from the answer");
        diagnostics.push(
            Diagnostic::new(&LONE_CONDITION, message)
                .at(when.span, "drops the documents that do not match")
                .help("join the branch with one that takes the others"),
        );
    }
}
