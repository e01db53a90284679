//! Names with the same DNS label.

use std::collections::BTreeMap;

use flow_model::flow::Executor;
use flow_model::plan::dns_label;
use flow_model::topology::GATEWAY;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Two names that become the same DNS label.
pub static NAME_COLLISION: RuleInfo = RuleInfo {
    code: "name-collision",
    level: Level::Error,
    summary: "two names with the same DNS label",
    explanation: "\
Names become DNS labels: lower case, `-` for `_`, and a suffix for heads and shards. Two workloads \
with the same label replace each other in the cluster; `jina export` does not report it.

```yaml
executors:
  - {name: text_encoder}
  - {name: Text_Encoder}            # error: both become `text-encoder`
  - {name: index, shards: 2}        # `index-head`, `index-0`, `index-1`
  - {name: index_0}                 # error: `index-0` again
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if super::too_many_workloads::count(subject.flow) > super::too_many_workloads::MOST {
        return;
    }
    let mut taken: BTreeMap<String, Option<&Executor>> = BTreeMap::new();
    taken.insert(GATEWAY.to_owned(), None);
    for executor in &subject.flow.executors {
        for label in labels(executor) {
            match taken.get(&label) {
                None => {
                    taken.insert(label, Some(executor));
                }
                // The rule `duplicate-name` reports these.
                Some(Some(other)) if other.name == executor.name => break,
                Some(other) => {
                    diagnostics.push(collision(&label, executor, *other));
                    break;
                }
            }
        }
    }
}

fn collision(label: &str, executor: &Executor, other: Option<&Executor>) -> Diagnostic {
    let name = &executor.name;
    let (other_text, other_span) = match other {
        None => ("the gateway".to_owned(), None),
        Some(other) => (format!("`{}`", other.name.value), other.name.span),
    };
    let message = format!("`{}` and {other_text} both become `{label}`", name.value);
    Diagnostic::new(&NAME_COLLISION, message)
        .at(name.span, format!("becomes `{label}`"))
        .at(other_span, format!("also becomes `{label}`"))
        .help("rename one of them")
}

/// The labels of an Executor's workloads. An external Executor has no workloads, but its name is
/// part of the graph.
fn labels(executor: &Executor) -> impl Iterator<Item = String> {
    let label = dns_label(&executor.name);
    let shards = if executor.is_external() { 1 } else { executor.shards() };
    let (single, many) = if shards == 1 { (Some(label), None) } else { (None, Some(label)) };
    let suffixed = many.into_iter().flat_map(move |label| {
        let numbers = (0..shards).map(|shard| shard.to_string());
        let suffixes = std::iter::once("head".to_owned()).chain(numbers);
        suffixes.map(move |suffix| format!("{label}-{suffix}")).collect::<Vec<_>>()
    });
    single.into_iter().chain(suffixed)
}
