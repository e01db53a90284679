//! A Flow at a glance.

use std::fmt::Write as _;

use crate::flow::{Executor, Flow};
use crate::plan::gateway_protocols;
use crate::topology::{GATEWAY, Topology};
use crate::values::Protocol;

/// A line for the gateway and for each Executor: what it takes, how many there are, what it runs.
pub fn table(flow: &Flow, topology: &Topology) -> String {
    let mut rows = vec![["NAME", "TAKES", "RUNS AS", "USES"].map(str::to_owned)];
    if let Some(gateway) = &flow.gateway {
        let settings = &gateway.settings;
        let protocols = gateway_protocols(settings);
        let words: Vec<_> = protocols.iter().copied().map(Protocol::word).collect();
        let replicas = settings.replicas.map_or(1, |replicas| replicas.get());
        rows.push([
            GATEWAY.to_owned(),
            format!("requests by {}", words.join(", ")),
            plural(replicas, "replica"),
            settings.uses.as_ref().map(|uses| uses.written()).unwrap_or_default(),
        ]);
    }
    for (executor, node) in flow.executors.iter().zip(topology.nodes()) {
        let needs: Vec<_> = node.needs.iter().map(|need| need.name.value.as_str()).collect();
        let takes = if flow.gateway.is_some() { needs.join(", ") } else { String::new() };
        let uses = executor.settings.uses.as_ref().map(|uses| uses.written());
        rows.push([
            executor.name.value.clone(),
            takes,
            form(executor),
            uses.unwrap_or_else(|| "BaseExecutor".to_owned()),
        ]);
    }
    let mut text = draw(&rows);
    if let (Some(last), true) = (topology.last(), flow.gateway.is_some()) {
        let _ = writeln!(text, "\nThe answer is the result of {}.", topology.nodes()[last].name);
    }
    text
}

fn form(executor: &Executor) -> String {
    if executor.is_external() {
        return "external".to_owned();
    }
    let replicas = plural(executor.replicas().get(), "replica");
    let mut form = match executor.shards() {
        1 => replicas,
        shards => format!("{} × {replicas}", plural(shards, "shard")),
    };
    if executor.is_floating() {
        form.push_str(", floating");
    }
    form
}

fn plural(count: u32, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Columns as wide as their widest cell.
fn draw(rows: &[[String; 4]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..3).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for [name, takes, form, uses] in rows {
        let line =
            format!("{name:<0$}  {takes:<1$}  {form:<2$}  {uses}", widths[0], widths[1], widths[2]);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
