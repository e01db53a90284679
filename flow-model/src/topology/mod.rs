//! The graph of a Flow, able to hold what is wrong with it.

mod cycles;

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;

use crate::flow::{Executor, Flow};
use crate::span::{Span, Spanned};
use crate::values::Method;

/// Which Executor takes whose results.
///
/// It can represent defects, an unresolved need or a cycle, so that rules may speak of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topology {
    nodes: Vec<TopologyNode>,
    is_cut: bool,
}

/// How many needs nobody wrote a graph may have, a long name counted as several. Each
/// `gather_inspect` takes from every `inspect` before it, so that they grow with the square of the
/// Flow: 450 of either kind in turns have more.
const MOST_DEFAULTS: usize = 100_000;

/// One Executor in the graph; its index is the Executor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopologyNode {
    /// The Executor's name.
    pub name: String,
    /// What it takes, as declared or by default, each once.
    pub needs: Vec<Need>,
    /// No answer waits for it.
    pub floating: bool,
}

/// Something that an Executor takes results from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What it is.
    pub target: NeedTarget,
    /// The name, and where it was written; a default has no place.
    pub name: Spanned<String>,
}

/// A resolved need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedTarget {
    /// The request itself.
    Gateway,
    /// The Executor of this index.
    Executor(usize),
    /// Nothing has this name.
    Unresolved,
}

/// The gateway's name among needs.
pub const GATEWAY: &str = "gateway";

/// Where a request enters the graph, as Jina's gateway calls it.
pub(crate) const START: &str = "start-gateway";

/// Where the answer leaves the graph, as Jina's gateway calls it.
pub(crate) const END: &str = "end-gateway";

impl Topology {
    /// Resolves every need of a Flow. Where two Executors share a name, the first one is meant.
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
        // Those before the current one that look on, and those whose results nobody takes yet.
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

    /// Whether needs were left out, because there are too many of them to be held.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The nodes, in the order of the Flow's Executors.
    pub fn nodes(&self) -> &[TopologyNode] {
        &self.nodes
    }

    /// The Executor whose result is the answer: the last one declared that does not float.
    pub fn last(&self) -> Option<usize> {
        self.nodes.iter().rposition(|node| !node.floating)
    }

    /// Executors that run for every request, though nothing takes their result.
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

    /// For each Executor, whether its way leads to one that takes several results.
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

    /// Every set of Executors that wait for each other, as a way round: each needs the next one,
    /// and the last one needs the first.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        cycles::cycles(&self.nodes)
    }

    /// The graph as Jina's gateway takes it (`--graph-description`): who hands its results to
    /// whom, from `start-gateway` to `end-gateway`, in the order in which nodes are first met.
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

    /// Where a need of one Executor for another was written.
    pub fn need_span(&self, from: usize, to: usize) -> Option<Span> {
        let needs = self.nodes.get(from)?.needs.iter();
        needs.filter(|need| need.target == NeedTarget::Executor(to)).find_map(|need| need.name.span)
    }
}

/// Whether the entries after it take what it takes, instead of its result.
fn looks_on(executor: &Executor) -> bool {
    executor.settings.method.is_some_and(|method| method.value == Method::Inspect)
}

fn name_of(flow: &Flow, target: NeedTarget) -> String {
    match target {
        NeedTarget::Executor(index) => flow.executors[index].name.value.clone(),
        NeedTarget::Gateway | NeedTarget::Unresolved => GATEWAY.to_owned(),
    }
}
