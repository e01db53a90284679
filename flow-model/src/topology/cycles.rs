//! Executors that wait for each other.

use super::{NeedTarget, TopologyNode};

/// One way round for every strongly connected set of nodes, in the order of the first node of
/// each; it begins at that node.
///
/// Nothing here recurses: a chain of 100,000 Executors must not overflow the stack.
pub(super) fn cycles(nodes: &[TopologyNode]) -> Vec<Vec<usize>> {
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| {
            let targets = node.needs.iter().filter_map(|need| match need.target {
                NeedTarget::Executor(index) => Some(index),
                NeedTarget::Gateway | NeedTarget::Unresolved => None,
            });
            targets.collect()
        })
        .collect();
    let open = on_cycle_or_between(&edges);
    let mut seen = vec![false; nodes.len()];
    let mut cycles = Vec::new();
    for start in 0..nodes.len() {
        if open[start]
            && !seen[start]
            && let Some(cycle) = shortest_way_round(start, &edges, &open)
        {
            for node in component(start, &edges) {
                seen[node] = true;
            }
            cycles.push(cycle);
        }
    }
    cycles
}

/// Removes, again and again, every node that needs nothing which is left (Kahn); what remains is
/// on a cycle or waits for one.
fn on_cycle_or_between(edges: &[Vec<usize>]) -> Vec<bool> {
    let mut left: Vec<usize> = edges.iter().map(Vec::len).collect();
    let reversed = reverse(edges);
    let mut free: Vec<usize> = (0..edges.len()).filter(|node| left[*node] == 0).collect();
    while let Some(node) = free.pop() {
        for user in &reversed[node] {
            left[*user] -= 1;
            if left[*user] == 0 {
                free.push(*user);
            }
        }
    }
    left.into_iter().map(|count| count > 0).collect()
}

/// The shortest path from `start` back to itself, by breadth-first search.
fn shortest_way_round(start: usize, edges: &[Vec<usize>], open: &[bool]) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; edges.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &next in &edges[node] {
            if next == start {
                let mut way = vec![node];
                while let Some(previous) = came_from[*way.last()?] {
                    way.push(previous);
                }
                way.reverse();
                return Some(way);
            }
            if open[next] && came_from[next].is_none() {
                came_from[next] = Some(node);
                queue.push_back(next);
            }
        }
    }
    None
}

/// All nodes that reach `start` and are reached from it.
fn component(start: usize, edges: &[Vec<usize>]) -> Vec<usize> {
    let there = reachable(start, edges);
    let back = reachable(start, &reverse(edges));
    (0..edges.len()).filter(|node| there[*node] && back[*node]).collect()
}

fn reachable(start: usize, edges: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut stack = vec![start];
    while let Some(node) = stack.pop() {
        if !std::mem::replace(&mut seen[node], true) {
            stack.extend(&edges[node]);
        }
    }
    seen
}

fn reverse(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (node, targets) in edges.iter().enumerate() {
        for target in targets {
            reversed[*target].push(node);
        }
    }
    reversed
}
