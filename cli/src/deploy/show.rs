//! Shows changes and states.

use flow_model::deploy::{
    Change, ChangeKind, FieldChange, ObjectName, Outcome, Shown, State, Status,
};
use flow_model::{BundleFile, Document, FlowId, Origins, Sources, Span, print};
use serde_json::{Value, json};

use crate::args::StatusFormat;
use crate::terminal;

/// The changes for people.
pub(crate) fn changes(outcome: &Outcome, sources: &Sources) -> anyhow::Result<()> {
    let mut stdout = terminal::stdout();
    for change in &outcome.changes {
        let place = place(change.span, sources);
        let line = format!("{:8} {}{}", change.kind, change.object, in_namespace(&change.object));
        writeln!(stdout, "{line}{}", at(place.as_ref()))?;
        for field in &change.fields {
            let own = self::place(field.span, sources);
            writeln!(stdout, "    {}{}", field.pointer, at(own.as_ref()))?;
            for (sign, value) in [('-', &field.before), ('+', &field.after)] {
                if let Some(value) = value {
                    writeln!(stdout, "      {sign} {}", shown(value))?;
                }
            }
        }
        for note in &change.notes {
            writeln!(stdout, "    {note}")?;
        }
    }
    if outcome.findings.has_errors() {
        return Ok(());
    }
    let counts = counts(&outcome.changes);
    writeln!(stdout, "{}{counts}", if outcome.changes.is_empty() { "" } else { "\n" })?;
    Ok(())
}

/// Long values are cut: a whole ConfigMap is not read on a terminal.
fn shown(value: &Shown) -> String {
    const MOST: usize = 2000;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

fn in_namespace(object: &ObjectName) -> String {
    object.namespace.as_ref().map_or(String::new(), |namespace| format!(" in {namespace}"))
}

fn at(place: Option<&String>) -> String {
    place.map_or(String::new(), |place| format!("  ({place})"))
}

fn place(span: Option<Span>, sources: &Sources) -> Option<String> {
    let span = span?;
    let file = sources.get(span.file)?;
    let line = sources.line_column(span)?.line;
    Some(format!("{}:{line}", file.name))
}

/// `1 to create, 2 to update`.
fn counts(changes: &[Change]) -> String {
    counted(changes, ["to create", "to update", "to recreate", "to delete"])
        .unwrap_or_else(|| "nothing to change".to_owned())
}

/// `1 created, 2 updated`.
pub(crate) fn done(changes: &[Change]) -> String {
    counted(changes, ["created", "updated", "recreated", "deleted"])
        .unwrap_or_else(|| "nothing changed".to_owned())
}

/// The numbers of changes of each kind; `None` if there are none.
fn counted(changes: &[Change], words: [&str; 4]) -> Option<String> {
    let kinds = [ChangeKind::Create, ChangeKind::Update, ChangeKind::Recreate, ChangeKind::Delete];
    let counts = kinds.into_iter().zip(words).filter_map(|(kind, word)| {
        let count = changes.iter().filter(|change| change.kind == kind).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counts: Vec<_> = counts.collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// The changes for programs.
pub(crate) fn changes_json(outcome: &Outcome, sources: &Sources) -> anyhow::Result<()> {
    let changes: Value =
        outcome.changes.iter().map(|change| change_json(change, sources)).collect();
    let left: Value = outcome
        .left
        .iter()
        .map(|left| json!({"object": object_json(&left.object), "why": left.why}))
        .collect();
    let text = print::json(&json!({"changes": changes, "left": left}));
    terminal::data(&text)?;
    Ok(())
}

fn change_json(change: &Change, sources: &Sources) -> Value {
    let fields: Value = change.fields.iter().map(|field| field_json(field, sources)).collect();
    json!({
        "object": object_json(&change.object),
        "kind": change.kind.to_string(),
        "at": place(change.span, sources),
        "fields": fields,
        "notes": change.notes,
    })
}

fn field_json(field: &FieldChange, sources: &Sources) -> Value {
    let mut value = json!({"pointer": field.pointer, "at": place(field.span, sources)});
    for (key, shown) in [("before", &field.before), ("after", &field.after)] {
        match shown {
            Some(Shown::Value(shown)) => value[key] = shown.clone(),
            Some(Shown::Hidden) => value[format!("{key}_hidden")] = true.into(),
            None => {}
        }
    }
    value
}

fn object_json(object: &ObjectName) -> Value {
    json!({
        "group": object.group,
        "kind": object.kind,
        "namespace": object.namespace,
        "name": object.name,
    })
}

/// True if everything is up.
pub(crate) fn are_up(all: &[(FlowId, Vec<Status>)]) -> bool {
    all.iter().flat_map(|(_, statuses)| statuses).all(|status| status.state == State::Up)
}

/// The states of Flows.
pub(crate) fn statuses(all: &[(FlowId, Vec<Status>)], format: StatusFormat) -> anyhow::Result<()> {
    match format {
        StatusFormat::Text => table(all, false),
        StatusFormat::Wide => table(all, true),
        StatusFormat::Json => Ok(terminal::data(&print::json(&document(all)))?),
        StatusFormat::Yaml => {
            let document = Document::new(document(all), Origins::new());
            let file = BundleFile::yaml("status.yml", vec![document]);
            Ok(terminal::data(&file.to_text()?)?)
        }
    }
}

fn document(all: &[(FlowId, Vec<Status>)]) -> Value {
    let flows = all.iter().map(|(flow, statuses)| {
        let workloads: Value = statuses.iter().map(status_json).collect();
        json!({"namespace": flow.namespace, "name": flow.name, "workloads": workloads})
    });
    json!({"flows": flows.collect::<Value>()})
}

fn status_json(status: &Status) -> Value {
    let (ready, wanted) = status.replicas.unzip();
    json!({
        "kind": status.object.kind,
        "name": status.object.name,
        "state": status.state.to_string(),
        "detail": status.detail,
        "ready": ready,
        "replicas": wanted,
        "image": status.image,
        "revision": status.revision,
        "restarts": status.restarts,
        "proxy": status.proxy,
        "in_flow": !status.is_garbage,
    })
}

fn table(all: &[(FlowId, Vec<Status>)], is_wide: bool) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    let mut header = vec!["FLOW", "WORKLOAD", "STATE", "READY"];
    if is_wide {
        header.extend(["RESTARTS", "REVISION", "PROXY", "IMAGE"]);
    }
    header.push("DETAIL");
    rows.push(header.into_iter().map(str::to_owned).collect::<Vec<_>>());
    for (flow, statuses) in all {
        for status in statuses {
            rows.push(row(flow, status, is_wide));
        }
    }
    let mut stdout = terminal::stdout();
    for line in aligned(&rows) {
        writeln!(stdout, "{line}")?;
    }
    Ok(())
}

fn row(flow: &FlowId, status: &Status, is_wide: bool) -> Vec<String> {
    let ready = status.replicas.map(|(ready, wanted)| format!("{ready}/{wanted}"));
    let mut row = vec![
        flow.to_string(),
        status.object.to_string(),
        status.state.to_string(),
        ready.unwrap_or_default(),
    ];
    if is_wide {
        let proxy = match status.proxy {
            Some(true) => "yes",
            Some(false) => "missing",
            None => "-",
        };
        row.push(status.restarts.map_or_else(|| "-".to_owned(), |count| count.to_string()));
        row.push(status.revision.clone().unwrap_or_else(|| "-".to_owned()));
        row.push(proxy.to_owned());
        row.push(status.image.clone().unwrap_or_else(|| "-".to_owned()));
    }
    let garbage = if status.is_garbage { "not in the Flow" } else { "" };
    let separator = if garbage.is_empty() || status.detail.is_empty() { "" } else { "; " };
    row.push(format!("{garbage}{separator}{}", status.detail));
    row
}

/// Rows with columns of one width.
pub(crate) fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// One line for each workload, and what it waits for.
pub(crate) fn summary(statuses: &[Status]) -> anyhow::Result<()> {
    let mut stderr = terminal::stderr();
    for line in lines(statuses) {
        writeln!(stderr, "{line}")?;
    }
    Ok(())
}

/// The states of workloads, a line for each.
pub(crate) fn lines(statuses: &[Status]) -> Vec<String> {
    let row = |status: &Status| {
        let ready = status.replicas.map(|(ready, wanted)| format!("{ready}/{wanted}"));
        vec![
            status.object.to_string(),
            status.state.to_string(),
            ready.unwrap_or_default(),
            status.detail.clone(),
        ]
    };
    aligned(&statuses.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use flow_model::deploy::{Change, ChangeKind, ObjectName, Shown};
    use serde_json::json;

    use super::{aligned, counts, done, shown};

    #[test]
    fn long_values_are_cut() {
        let value = |length: usize| Shown::Value(json!("é".repeat(length)));
        // With its quotes a text of 1998 characters is not too long.
        assert_eq!(shown(&value(1998)), format!("\"{}\"", "é".repeat(1998)));
        assert_eq!(shown(&value(1999)), format!("\"{}… (4000 bytes)", "é".repeat(1999)));
        assert_eq!(shown(&Shown::Hidden), "(hidden)");
    }

    #[test]
    fn changes_are_counted_by_kind() {
        let change = |kind| {
            let (group, name) = ("apps".to_owned(), "a".to_owned());
            Change::new(ObjectName { namespace: None, group, kind: "Job".to_owned(), name }, kind)
        };
        assert_eq!(
            (counts(&[]), done(&[])),
            ("nothing to change".to_owned(), "nothing changed".to_owned())
        );
        let all = [
            ChangeKind::Delete,
            ChangeKind::Create,
            ChangeKind::Recreate,
            ChangeKind::Create,
            ChangeKind::Update,
        ];
        let all = all.map(change);
        assert_eq!(counts(&all), "2 to create, 1 to update, 1 to recreate, 1 to delete");
        assert_eq!(done(&all), "2 created, 1 updated, 1 recreated, 1 deleted");
    }

    #[test]
    fn columns_have_the_width_of_characters() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let rows = [row(&["é", "b"]), row(&["ccc"]), row(&["d", "", "f"])];
        assert_eq!(aligned(&rows), ["é    b", "ccc", "d       f"]);
    }
}
