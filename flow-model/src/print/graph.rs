//! Prints the graph for programs that draw it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::topology::{NeedTarget, Topology};
use crate::visible::visible;

/// The graph as data: each Executor with its needs, and the Executor whose result is the answer.
pub fn graph(topology: &Topology) -> Value {
    let nodes = topology.nodes().iter().map(|node| {
        let needs: Vec<_> = node.needs.iter().map(|need| need.name.value.as_str()).collect();
        json!({"name": node.name, "needs": needs, "floating": node.floating})
    });
    let nodes: Vec<_> = nodes.collect();
    let last = topology.last().map(|last| topology.nodes()[last].name.as_str());
    json!({"nodes": nodes, "answer": last})
}

/// An arrow from one node to another; dotted if the answer does not wait for it.
struct Edge {
    from: String,
    to: String,
    waits: bool,
}

/// Every edge, from the gateway to the gateway. Unresolved needs are left out.
fn edges(topology: &Topology) -> Vec<Edge> {
    let nodes = topology.nodes().iter().enumerate();
    let mut edges: Vec<Edge> = nodes
        .flat_map(|(index, node)| {
            node.needs.iter().filter_map(move |need| {
                let from = match need.target {
                    NeedTarget::Gateway => "start".to_owned(),
                    NeedTarget::Executor(from) => id(from),
                    NeedTarget::Unresolved => return None,
                };
                Some(Edge { from, to: id(index), waits: !node.floating })
            })
        })
        .collect();
    if let Some(last) = topology.last() {
        edges.push(Edge { from: id(last), to: "end".to_owned(), waits: true });
    }
    edges
}

/// The identifier of a node. A number, because names are not checked yet and may contain anything.
fn id(index: usize) -> String {
    format!("e{index}")
}

/// The graph in the language of Graphviz.
pub fn dot(topology: &Topology) -> String {
    let quoted =
        |text: &str| visible(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    let mut text = String::from("digraph flow {\n  rankdir=LR;\n  node [shape=box];\n");
    for (name, label) in [("start", "gateway"), ("end", "gateway")] {
        let _ = writeln!(text, "  {name} [label=\"{label}\", shape=plaintext];");
    }
    for (index, node) in topology.nodes().iter().enumerate() {
        let _ = writeln!(text, "  {} [label=\"{}\"];", id(index), quoted(&node.name));
    }
    for Edge { from, to, waits } in edges(topology) {
        let style = if waits { "" } else { " [style=dotted]" };
        let _ = writeln!(text, "  {from} -> {to}{style};");
    }
    text.push_str("}\n");
    text
}

/// The graph in the language of Mermaid.
pub fn mermaid(topology: &Topology) -> String {
    // Mermaid begins entities with `#`, and interprets HTML and Markdown in labels.
    let quoted = |text: &str| {
        let mut quoted = String::new();
        for c in visible(text).chars() {
            match c {
                '#' | '&' | '"' | '<' | '>' | '`' | '\\' => {
                    let _ = write!(quoted, "#{};", u32::from(c));
                }
                c => quoted.push(c),
            }
        }
        quoted
    };
    let mut text = String::from("flowchart LR\n  start([gateway])\n  end_([gateway])\n");
    for (index, node) in topology.nodes().iter().enumerate() {
        let _ = writeln!(text, "  {}[\"{}\"]", id(index), quoted(&node.name));
    }
    for Edge { from, to, waits } in edges(topology) {
        // `end` closes a block in Mermaid.
        let to = if to == "end" { "end_".to_owned() } else { to };
        let arrow = if waits { "-->" } else { "-.->" };
        let _ = writeln!(text, "  {from} {arrow} {to}");
    }
    text
}
