//! Default names of Executors.

use super::Executor;
use crate::keys::ExecutorSettings;
use crate::span::{Span, Spanned};
use crate::values::Method;

/// Jina's name for an entry without a name, after those `before` it: `executor0`, `joiner`, …
pub(super) fn default(settings: &ExecutorSettings, before: &[Executor]) -> String {
    let index = before.len();
    let word = match settings.method.map(|method| method.value) {
        None | Some(Method::Add) => return format!("executor{index}"),
        Some(Method::Needs | Method::NeedsAll) => "joiner",
        Some(Method::Inspect) => "inspect",
        Some(Method::GatherInspect) => "gather_inspect",
    };
    if before.iter().any(|other| other.name.value == word) {
        format!("{word}{index}")
    } else {
        word.to_owned()
    }
}

/// Names a standalone Executor without a name, as Jina does. `span` is its place in the source.
pub(super) fn name_alone(settings: &mut ExecutorSettings, span: Option<Span>) {
    settings.name.get_or_insert_with(|| Spanned { value: "executor".into(), span });
}
