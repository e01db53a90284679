//! How long calls may take.

use std::collections::HashMap;

use super::{Plan, Settings, Workload};
use crate::keys::Role;
use crate::values::OptionalLimit;

impl Plan {
    /// The longest call that a Pod of this workload may have to finish, in milliseconds. `None` where
    /// the Flow sets no `timeout_send`.
    ///
    /// An Executor, or its head, has to finish one call of the gateway; the gateway has to finish all
    /// calls on the longest way through the graph.
    pub fn longest_call(&self, workload: &Workload) -> Option<u64> {
        if workload.role == Role::Gateway {
            return self.longest_way();
        }
        let gateway = self.gateway.as_ref().and_then(timeout_send);
        gateway.max(timeout_send(workload)).map(u64::from)
    }

    /// The sum of the calls on the longest way from the first Executor to the last one.
    fn longest_way(&self) -> Option<u64> {
        let gateway = self.gateway.as_ref().and_then(timeout_send);
        let call = |workload: Option<&Workload>| gateway.max(workload.and_then(timeout_send));
        let calls = self.executors.iter().map(|executor| {
            let limit = call(executor.placement.workloads().next());
            (executor.name.value.as_str(), limit)
        });
        let calls: HashMap<&str, Option<u32>> = calls.collect();
        if calls.values().all(Option::is_none) {
            return gateway.map(u64::from);
        }
        // Each name is visited once all that leads to it has been (Kahn).
        let edges = &self.graph.description;
        let mut waits_for: HashMap<&str, usize> = HashMap::new();
        for next in edges.values().flatten() {
            *waits_for.entry(next).or_default() += 1;
        }
        let mut reached: HashMap<&str, u64> = HashMap::new();
        let mut free: Vec<&str> = edges.keys().map(String::as_str).collect();
        free.retain(|name| !waits_for.contains_key(name));
        let mut longest = 0;
        while let Some(name) = free.pop() {
            let own = calls.get(name).copied().flatten().unwrap_or(0);
            let until = reached.get(name).copied().unwrap_or(0) + u64::from(own);
            longest = longest.max(until);
            for next in edges.get(name).into_iter().flatten() {
                let start = reached.entry(next).or_default();
                *start = until.max(*start);
                let left = waits_for.entry(next).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    free.push(next);
                }
            }
        }
        Some(longest)
    }
}

/// The `timeout_send` of the main container.
fn timeout_send(workload: &Workload) -> Option<u32> {
    let limit = match &workload.main().settings {
        Settings::Gateway(keys) => keys.timeout_send,
        Settings::Executor(keys) => keys.timeout_send,
    };
    limit.map(|limit| limit.value).and_then(OptionalLimit::limit)
}
