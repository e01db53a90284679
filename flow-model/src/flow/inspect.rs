//! Executors with `method: inspect`.

use crate::flow::{Executor, Flow};
use crate::keys::ExecutorSettings;
use crate::span::Spanned;
use crate::values::{Inspect, Method, Text, Toggle};

/// Applies the Flow's `inspect` to Executors with `method: inspect`. The Executor that is added inherits
/// `common`, as every entry does.
///
/// Jina adds an empty Executor `_aux_NAME` beside each, which passes on the results. Its name is
/// not a DNS label, and it is not needed: the next Executor takes the same results.
pub(super) fn settle(flow: &mut Flow, common: ExecutorSettings) {
    let looks_on = |executor: &Executor| method(executor) == Some(Method::Inspect);
    let Some(first) = flow.executors.iter().find(|executor| looks_on(executor)) else { return };
    // The origin of the added Executor is the Flow's key, or the first Executor that needs it.
    let written = flow.settings.inspect.and_then(|inspect| inspect.span);
    let span = written.or_else(|| first.settings.method.and_then(|method| method.span));
    match flow.settings.inspect.map_or(Inspect::Collect, |inspect| inspect.value) {
        Inspect::Remove => flow.executors.retain(|executor| !looks_on(executor)),
        Inspect::Hang => {
            for executor in flow.executors.iter_mut().filter(|executor| looks_on(executor)) {
                let mut settings = ExecutorSettings::clone(&executor.settings);
                settings.floating = Spanned { value: Toggle(true), span }.into();
                executor.settings = settings.into();
            }
        }
        Inspect::Collect => {
            if flow.executors.iter().any(|other| method(other) == Some(Method::GatherInspect)) {
                return;
            }
            let settings = ExecutorSettings {
                method: Spanned { value: Method::GatherInspect, span }.into(),
                name: Spanned { value: Text::from("gather_inspect"), span }.into(),
                ..common
            };
            let executor = Executor::new(settings, span, &flow.executors);
            flow.executors.push(executor);
        }
    }
}

fn method(executor: &Executor) -> Option<Method> {
    executor.settings.method.map(|method| method.value)
}
