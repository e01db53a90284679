//! The longest calls of workloads.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Plan, Settings, Workload};
use crate::keys::Role;
use crate::span::Spanned;

impl Plan {
    /// The longest call that a Pod of this workload may have to finish, in milliseconds, with the
    /// place of the `timeout_send` that determines it. `None` if the Flow sets none.
    ///
    /// An Executor, or its head, has to finish one call of the gateway; the gateway has to finish
    /// all calls on the longest path through the graph.
    pub fn longest_call(&self, workload: &Workload) -> Option<Spanned<u64>> {
        if workload.role == Role::Gateway {
            return self.longest_way();
        }
        let gateway = self.gateway.as_ref().and_then(timeout_send);
        longer(gateway, timeout_send(workload)).map(|call| call.map(u64::from))
    }

    /// The sum of the calls on the longest path from the first Executor to the last one.
    fn longest_way(&self) -> Option<Spanned<u64>> {
        let gateway = self.gateway.as_ref().and_then(timeout_send);
        let call = |workload: Option<&Workload>| longer(gateway, workload.and_then(timeout_send));
        let calls = self.executors.iter().map(|executor| {
            let limit = call(executor.placement.workloads().next());
            (executor.name.value.as_str(), limit)
        });
        let calls: HashMap<&str, Option<Spanned<u32>>> = calls.collect();
        // If several are equal, the first one in the file, whatever the order of the map.
        let longest_one = calls.values().copied().fold(None, |longest, call| {
            let at = |call: Option<Spanned<u32>>| call.map(|call| (call.value, Reverse(call.span)));
            if at(call) > at(longest) { call } else { longest }
        });
        let Some(longest_one) = longest_one else {
            return gateway.map(|call| call.map(u64::from));
        };
        // Each name is visited after all its predecessors (Kahn's algorithm).
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
            let own = calls.get(name).copied().flatten().map_or(0, |call| call.value);
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
        Some(longest_one.map(|_| longest))
    }
}

/// The longer one of two limits; if they are equal the second one, which is nearer to the workload.
fn longer(one: Option<Spanned<u32>>, other: Option<Spanned<u32>>) -> Option<Spanned<u32>> {
    let length = |limit: Option<Spanned<u32>>| limit.map(|limit| limit.value);
    if length(one) > length(other) { one } else { other }
}

/// The `timeout_send` of the main container.
fn timeout_send(workload: &Workload) -> Option<Spanned<u32>> {
    let limit = match &workload.main().settings {
        Settings::Gateway(keys) => *keys.timeout_send,
        Settings::Executor(keys) => *keys.timeout_send,
    };
    let limit = limit?;
    limit.value.limit().map(|value| Spanned { value, span: limit.span })
}
