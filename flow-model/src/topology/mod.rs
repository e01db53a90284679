//! The graph of a Flow, which can also represent defects.

mod cycles;

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;

use crate::flow::{Executor, Flow};
use crate::span::{Span, Spanned};
use crate::values::Method;

/// The graph of a Flow: which Executor takes the results of which.
///
/// It can represent defects, such as an unresolved need or a cycle, so that rules can report them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topology {
    nodes: Vec<TopologyNode>,
    is_cut: bool,
}

/// The maximum number of implicit needs of a graph; a long name counts as several. Each
/// `gather_inspect` takes the results of every `inspect` before it, so they grow with the square of
/// the Flow: 450 alternating pairs exceed the limit.
const MOST_DEFAULTS: usize = 100_000;

/// One Executor in the graph; its index is the Executor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopologyNode {
    /// The Executor's name.
    pub name: String,
    /// The needs, as declared or by default, each once.
    pub needs: Vec<Need>,
    /// Whether it is floating: the answer does not wait for it.
    pub floating: bool,
}

/// An Executor, or the request, of which an Executor takes the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The resolved target.
    pub target: NeedTarget,
    /// The name with its place in the source; a default has none.
    pub name: Spanned<String>,
}

/// A resolved need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedTarget {
    /// The request itself.
    Gateway,
    /// The Executor with this index.
    Executor(usize),
    /// No Executor has this name.
    Unresolved,
}

/// The name of the gateway in `needs`.
pub const GATEWAY: &str = "gateway";

/// The node at which a request enters the graph, as Jina's gateway names it.
pub(crate) const START: &str = "start-gateway";

/// The node at which the answer leaves the graph, as Jina's gateway names it.
pub(crate) const END: &str = "end-gateway";

impl Topology {
    /// Resolves every need of a Flow. If two Executors have the same name, it means the first one.
    pub fn new(flow: &Flow) -> Self {
        let mut by_name = IndexMap::new();
        for (index, executor) in flow.executors.iter().enumerate() {
            by_name.entry(executor.name.as_str()).or_insert(index);
        }
        let resolve = |name: &str| match by_name.get(name) {
            _ if name == GATEWAY => NeedTarget::Gateway,
            Some(index) => NeedTarget::Executor(*index),
            None => NeedTarget::Unresolved,
        };
        let mut nodes: Vec<TopologyNode> = Vec::with_capacity(flow.executors.len());
        let mut is_needed = vec![false; flow.executors.len()];
        // The earlier Executors with `method: inspect`, and those whose results are not used yet.
        let mut lookers = Vec::new();
        let mut open = BTreeSet::new();
        let mut last = NeedTarget::Gateway;
        let mut defaults_left = MOST_DEFAULTS;
        let mut is_cut = false;
        for (index, executor) in flow.executors.iter().enumerate() {
            let default = |target| Need { target, name: Spanned::unwritten(name_of(flow, target)) };
            let method = executor.settings.method.map(|method| method.value);
            let mut needs = Vec::new();
            if method == Some(Method::GatherInspect) && executor.needs().is_empty() {
                for &looker in &lookers {
                    let need = default(NeedTarget::Executor(looker));
                    let Some(left) = defaults_left.checked_sub(1 + need.name.len() / 64) else {
                        is_cut = true;
                        break;
                    };
                    defaults_left = left;
                    needs.push(need);
                }
                needs.push(default(last));
            } else if method == Some(Method::NeedsAll) {
                needs.extend(open.iter().map(|open| default(NeedTarget::Executor(*open))));
            } else {
                let mut names = HashSet::new();
                for name in executor.needs().iter().filter(|name| names.insert(&name.value)) {
                    needs.push(Need { target: resolve(name), name: name.clone() });
                }
            }
            if needs.is_empty() {
                needs.push(default(last));
            }
            for need in &needs {
                if let NeedTarget::Executor(target) = need.target {
                    is_needed[target] = true;
                    open.remove(&target);
                }
            }
            let floating = executor.is_floating();
            if looks_on(executor) {
                lookers.push(index);
            } else if !floating {
                last = NeedTarget::Executor(index);
                if !is_needed[index] {
                    open.insert(index);
                }
            }
            nodes.push(TopologyNode { name: executor.name.value.clone(), needs, floating });
        }
        Self { nodes, is_cut }
    }

    /// True if needs were left out because there are too many.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The nodes, in the order of the Flow's Executors.
    pub fn nodes(&self) -> &[TopologyNode] {
        &self.nodes
    }

    /// The Executor whose result is the answer: the last one that is not floating.
    pub fn last(&self) -> Option<usize> {
        self.nodes.iter().rposition(|node| !node.floating)
    }

    /// The Executors whose results are not used.
    pub fn dangling(&self) -> Vec<usize> {
        let mut dangling: Vec<bool> = self.nodes.iter().map(|node| !node.floating).collect();
        for target in self.nodes.iter().flat_map(|node| &node.needs) {
            if let NeedTarget::Executor(index) = target.target {
                dangling[index] = false;
            }
        }
        if let Some(last) = self.last() {
            dangling[last] = false;
        }
        (0..self.nodes.len()).filter(|index| dangling[*index]).collect()
    }

    /// For each Executor, whether its results reach one that takes several results.
    pub fn leads_to_join(&self) -> Vec<bool> {
        let mut leads = vec![false; self.nodes.len()];
        let mut open: Vec<usize> =
            (0..self.nodes.len()).filter(|node| self.nodes[*node].needs.len() > 1).collect();
        while let Some(node) = open.pop() {
            for need in &self.nodes[node].needs {
                if let NeedTarget::Executor(source) = need.target
                    && !std::mem::replace(&mut leads[source], true)
                {
                    open.push(source);
                }
            }
        }
        leads
    }

    /// Every cycle of Executors that wait for each other: each needs the next one, and the last one
    /// needs the first.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        cycles::cycles(&self.nodes)
    }

    /// The graph in the format of Jina's gateway (`--graph-description`): the successors of each
    /// node, from `start-gateway` to `end-gateway`, in the order in which nodes first occur.
    pub fn description(&self) -> IndexMap<&str, Vec<&str>> {
        let mut graph: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for node in &self.nodes {
            graph.entry(&node.name).or_default();
            let mut sources: Vec<&str> = node
                .needs
                .iter()
                .map(|need| match need.target {
                    NeedTarget::Gateway => START,
                    _ => need.name.value.as_str(),
                })
                .collect();
            sources.sort_unstable();
            for source in sources {
                graph.entry(source).or_default().push(&node.name);
            }
        }
        if let Some(last) = self.last() {
            graph.entry(&self.nodes[last].name).or_default().push(END);
        }
        graph
    }

    /// The place of one Executor's need for another in the source.
    pub fn need_span(&self, from: usize, to: usize) -> Option<Span> {
        let needs = self.nodes.get(from)?.needs.iter();
        needs.filter(|need| need.target == NeedTarget::Executor(to)).find_map(|need| need.name.span)
    }
}

/// True if the next entries take the same results as this one, instead of its result.
fn looks_on(executor: &Executor) -> bool {
    executor.settings.method.is_some_and(|method| method.value == Method::Inspect)
}

fn name_of(flow: &Flow, target: NeedTarget) -> String {
    match target {
        NeedTarget::Executor(index) => flow.executors[index].name.value.clone(),
        NeedTarget::Gateway | NeedTarget::Unresolved => GATEWAY.to_owned(),
    }
}
