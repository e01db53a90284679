//! Executors that wait for each other.

use super::{NeedTarget, TopologyNode};

/// One cycle for every strongly connected component, in the order of their first nodes; each cycle
/// begins at that node. Takes time in proportion to nodes and needs.
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
    let components = components(&edges);
    let mut is_done = vec![false; nodes.len()];
    let mut cycles = Vec::new();
    let mut came_from = vec![None; nodes.len()];
    for start in 0..nodes.len() {
        if !std::mem::replace(&mut is_done[components[start]], true) {
            cycles.extend(shortest_way_round(start, &edges, &components, &mut came_from));
        }
    }
    cycles
}

/// The number of the strongly connected component of each node (Tarjan, without recursion).
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut components = vec![NONE; edges.len()];
    let (mut order, mut low) = (vec![NONE; edges.len()], vec![NONE; edges.len()]);
    let (mut met, mut found) = (0, 0);
    // The nodes whose component is not known yet, and the path to the current node: each node with
    // the number of its edges that were followed.
    let (mut waiting, mut way): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    for root in 0..edges.len() {
        if order[root] != NONE {
            continue;
        }
        way.push((root, 0));
        while let Some((node, followed)) = way.last_mut() {
            let node = *node;
            if *followed == 0 && order[node] == NONE {
                (order[node], low[node]) = (met, met);
                met += 1;
                waiting.push(node);
            }
            if let Some(&next) = edges[node].get(*followed) {
                *followed += 1;
                if order[next] == NONE {
                    way.push((next, 0));
                } else if components[next] == NONE {
                    low[node] = low[node].min(order[next]);
                }
                continue;
            }
            way.pop();
            if let Some((before, _)) = way.last() {
                low[*before] = low[*before].min(low[node]);
            }
            if low[node] == order[node] {
                while let Some(member) = waiting.pop() {
                    components[member] = found;
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
        }
    }
    components
}

/// The shortest path from `start` back to itself, by breadth-first search within its component.
fn shortest_way_round(
    start: usize,
    edges: &[Vec<usize>],
    components: &[usize],
    came_from: &mut [Option<usize>],
) -> Option<Vec<usize>> {
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
            if components[next] == components[start] && came_from[next].is_none() {
                came_from[next] = Some(node);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::cycles;
    use crate::span::Spanned;
    use crate::topology::{Need, NeedTarget, TopologyNode};

    fn reaches(edges: &[Vec<usize>], from: usize, to: usize) -> bool {
        let (mut seen, mut open) = (vec![false; edges.len()], edges[from].clone());
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(&edges[node]);
            }
        }
        seen[to]
    }

    proptest! {
        #[test]
        fn every_set_that_waits_for_itself_has_one_way_round(
            edges in (1..9_usize).prop_flat_map(|nodes| {
                prop::collection::vec(prop::collection::vec(0..nodes, 0..3), nodes)
            }),
        ) {
            let need = |to: &usize| {
                Need { target: NeedTarget::Executor(*to), name: Spanned::unwritten(String::new()) }
            };
            let nodes: Vec<_> = edges
                .iter()
                .map(|edges| TopologyNode {
                    name: String::new(),
                    needs: edges.iter().map(need).collect(),
                    floating: false,
                })
                .collect();
            let found = cycles(&nodes);
            // The first node of each component, in their order.
            let is_first = |node: &usize| {
                let node = *node;
                reaches(&edges, node, node)
                    && !(0..node).any(|other| reaches(&edges, node, other) && reaches(&edges, other, node))
            };
            let expected: Vec<_> = (0..edges.len()).filter(is_first).collect();
            prop_assert_eq!(found.iter().map(|cycle| cycle[0]).collect::<Vec<_>>(), expected);
            for cycle in found {
                for (at, from) in cycle.iter().enumerate() {
                    prop_assert!(edges[*from].contains(&cycle[(at + 1) % cycle.len()]));
                }
            }
        }
    }
}
