//! Executors that only look on.

use crate::flow::{Executor, Flow};
use crate::keys::ExecutorSettings;
use crate::span::Spanned;
use crate::values::{Inspect, Method, Toggle};

/// Does with Executors of `method: inspect` what the Flow's `inspect` says.
///
/// Jina puts a second, empty Executor `_aux_NAME` beside each, which hands results on; its name is
/// no DNS label, and nothing is lost without it: the next Executor takes the same results.
pub(super) fn settle(flow: &mut Flow) {
    let looks_on = |executor: &Executor| method(executor) == Some(Method::Inspect);
    if !flow.executors.iter().any(looks_on) {
        return;
    }
    match flow.settings.inspect.map_or(Inspect::Collect, |inspect| inspect.value) {
        Inspect::Remove => flow.executors.retain(|executor| !looks_on(executor)),
        Inspect::Hang => {
            for executor in flow.executors.iter_mut().filter(|executor| looks_on(executor)) {
                let mut settings = ExecutorSettings::clone(&executor.settings);
                settings.floating = Some(Spanned { value: Toggle(true), span: executor.span });
                executor.settings = settings.into();
            }
        }
        Inspect::Collect => {
            if flow.executors.iter().any(|other| method(other) == Some(Method::GatherInspect)) {
                return;
            }
            let gather = Spanned::unwritten(Method::GatherInspect);
            let name = Some(Spanned::unwritten("gather_inspect".into()));
            let settings =
                ExecutorSettings { method: Some(gather), name, ..ExecutorSettings::default() };
            let executor = Executor::new(settings, None, &flow.executors);
            flow.executors.push(executor);
        }
    }
}

fn method(executor: &Executor) -> Option<Method> {
    executor.settings.method.map(|method| method.value)
}
