//! Prints a Flow as a table.

use std::fmt::Write as _;

use crate::flow::{Executor, Flow};
use crate::plan::gateway_protocols;
use crate::topology::{GATEWAY, Topology};
use crate::values::Protocol;
use crate::visible::visible;

/// One line for the gateway and for each Executor: its needs, its shards and replicas, its image.
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
            settings.uses.as_ref().map(|uses| cell(&uses.written())).unwrap_or_default(),
        ]);
    }
    for (executor, node) in flow.executors.iter().zip(topology.nodes()) {
        let needs: Vec<_> = node.needs.iter().map(|need| need.name.value.as_str()).collect();
        let takes = if flow.gateway.is_some() { list(&needs) } else { String::new() };
        let uses = executor.settings.uses.as_ref().map(|uses| cell(&uses.written()));
        rows.push([
            cell(&executor.name.value),
            takes,
            form(executor),
            uses.unwrap_or_else(|| "BaseExecutor".to_owned()),
        ]);
    }
    let mut text = draw(&rows);
    if let (Some(last), true) = (topology.last(), flow.gateway.is_some()) {
        let name = cell(&topology.nodes()[last].name);
        let _ = writeln!(text, "\nThe answer is the result of {name}.");
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

/// The maximum number of needs in a line.
const MOST_NAMES: usize = 8;

fn list(names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().take(MOST_NAMES).map(|name| cell(name)).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The maximum length of a cell, after which text is cut: four times the longest name that
/// Kubernetes accepts.
const WIDEST: usize = 256;

/// Text from a file as a cell of the table.
fn cell(text: &str) -> String {
    let shown = match text.char_indices().nth(WIDEST) {
        None => visible(text),
        Some((end, _)) => visible(&text[..end]) + "…",
    };
    shown.into_owned()
}

/// The maximum width of a column; wider cells extend beyond it.
const WIDEST_COLUMN: usize = 64;

/// Draws rows in columns as wide as their widest cell.
fn draw(rows: &[[String; 4]]) -> String {
    let width = |cell: &String| cell.chars().count();
    let widest = |column: usize| {
        let widths = rows.iter().map(|row| width(&row[column]));
        widths.filter(|width| *width <= WIDEST_COLUMN).max().unwrap_or(0)
    };
    let widths: [usize; 3] = [widest(0), widest(1), widest(2)];
    let mut text = String::new();
    for [name, takes, form, uses] in rows {
        let mut line = String::new();
        for (cell, wide) in [name, takes, form].into_iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell)) + 2));
        }
        line.push_str(uses);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn wide_cells_leave_the_columns_of_others_alone() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned);
        let wide = "x".repeat(70);
        let drawn = draw(&[
            row(["NAME", "TAKES", "RUNS AS", "USES"]),
            row(["a", "é", "1 replica", "b"]),
            row([wide.as_str(), "", "external", ""]),
        ]);
        let expected = format!(
            "NAME  TAKES  RUNS AS    USES\na     é      1 replica  b\n{wide}         external\n"
        );
        assert_eq!(drawn, expected);
    }
}
