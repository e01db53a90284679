//! Blocks `kubernetes:`, as far as Compose has an equal.

use std::collections::BTreeMap;

use flow_model::keys::Role;
use flow_model::plan::{Layer, Plan, Workload};
use flow_model::values::{BlockWord, Tree, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Span, Spanned};

use crate::rules::KUBERNETES_ONLY;

/// The parts of a workload's blocks that Compose has an equal for.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) labels: BTreeMap<String, Spanned<String>>,
    /// Files of the machine by their paths in the container, relative to the Flow's folder.
    pub(crate) files: BTreeMap<String, Spanned<String>>,
    /// The size of `/dev/shm`.
    pub(crate) shared_memory: Option<Spanned<String>>,
    /// The time until a container is killed, in seconds.
    pub(crate) grace: Option<Spanned<u64>>,
    /// The memory that a container may use.
    pub(crate) memory: Option<Spanned<String>>,
    /// The memory that Docker tries to keep free for it.
    pub(crate) reserved_memory: Option<Spanned<String>>,
    /// The processors that it may use.
    pub(crate) cpus: Option<Spanned<f64>>,
}

/// The parts that have an equal, as paths in a block.
const EQUALS: &[&[&str]] = &[
    &["labels"],
    &["files"],
    &["sharedMemory"],
    &["pod", "terminationGracePeriodSeconds"],
    &["container", "resources", "limits", "memory"],
    &["container", "resources", "limits", "cpu"],
    &["container", "resources", "requests", "memory"],
];

impl Parts {
    /// Those of a workload; later blocks win, and null removes what an earlier one sets.
    pub(crate) fn of(workload: &Workload, diagnostics: &mut Diagnostics) -> Self {
        let mut parts = Self::default();
        for layer in &workload.blocks {
            parts.read(layer, diagnostics);
        }
        parts
    }

    fn read(&mut self, layer: &Layer, diagnostics: &mut Diagnostics) {
        for (name, tree) in entries(layer, BlockWord::Labels) {
            match tree.value.as_text() {
                Some(text) => {
                    let label = Spanned { value: text.to_owned(), span: tree.span };
                    self.labels.insert(name.to_owned(), label);
                }
                None => drop(self.labels.remove(name)),
            }
        }
        for (path, tree) in entries(layer, BlockWord::Files) {
            let from = tree.value.get("from").and_then(|from| from.value.as_text());
            let file = from.and_then(|from| layer.block.file(from));
            match file {
                Some(file) => {
                    let file = Spanned { value: file.path.clone(), span: tree.span };
                    self.files.insert(path.to_owned(), file);
                }
                None => drop(self.files.remove(path)),
            }
        }
        let of = |path: &[&str]| find(layer, path);
        set(&mut self.shared_memory, of(&["sharedMemory"]), size, diagnostics);
        set(&mut self.grace, of(&["pod", "terminationGracePeriodSeconds"]), seconds, diagnostics);
        let limits = ["container", "resources", "limits"];
        set(&mut self.memory, of(&[&limits[..], &["memory"]].concat()), size, diagnostics);
        set(&mut self.cpus, of(&[&limits[..], &["cpu"]].concat()), amount, diagnostics);
        let request = of(&["container", "resources", "requests", "memory"]);
        set(&mut self.reserved_memory, request, size, diagnostics);
    }
}

/// Sets a part that a block has. Reports a value that cannot be one.
fn set<T>(
    part: &mut Option<Spanned<T>>,
    tree: Option<&Tree>,
    read: fn(&str) -> Option<T>,
    diagnostics: &mut Diagnostics,
) {
    let Some(tree) = tree else { return };
    if tree.value.is_null() {
        *part = None;
        return;
    }
    if let Some(value) = tree.value.as_text().and_then(read) {
        *part = Some(Spanned { value, span: tree.span });
        return;
    }
    let message = "a block of `kubernetes` has a value that is not a quantity";
    let finding = Diagnostic::new(&WRONG_VALUE, message)
        .at(tree.span, "expected a quantity such as `500m` or `2Gi`");
    diagnostics.push(finding);
}

fn entries(layer: &Layer, word: BlockWord) -> impl Iterator<Item = (&str, &Tree)> {
    let mapping = layer.block.get(word).and_then(|entry| entry.value.as_mapping());
    let entries = mapping.into_iter().flatten();
    entries.map(|(name, entry)| (name.as_str(), &entry.value))
}

/// The value at a path of a block.
fn find<'a>(layer: &'a Layer, path: &[&str]) -> Option<&'a Tree> {
    let (word, rest) = path.split_first()?;
    let word = BlockWord::ALL.into_iter().find(|known| known.name() == *word)?;
    let tree = &layer.block.get(word)?.value;
    rest.iter().try_fold(tree, |tree, key| tree.value.get(key))
}

fn seconds(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// A quantity of Kubernetes as a number.
fn amount(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 16] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
        ("", 1.0),
    ];
    let text = text.strip_prefix('+').unwrap_or(text);
    let amounts = UNITS.iter().filter_map(|(unit, factor)| {
        let number = text.strip_suffix(unit)?;
        let is_number = number.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let number: f64 = number.parse().ok().filter(|_| is_number)?;
        Some(number * factor)
    });
    amounts.into_iter().find(|amount| amount.is_finite())
}

/// A size as Docker writes it: its units are powers of 1024.
fn size(text: &str) -> Option<String> {
    let bytes = amount(text).filter(|bytes| *bytes < 1e18)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is less than 1e18")]
    #[expect(clippy::cast_sign_loss, reason = "a quantity is not negative")]
    let bytes = bytes.ceil() as u64;
    for (unit, factor) in [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)] {
        if bytes > 0 && bytes.is_multiple_of(factor) {
            return Some(format!("{}{unit}", bytes / factor));
        }
    }
    Some(format!("{bytes}b"))
}

/// Reports what Compose has no equal for: once for each block.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<Option<Span>> = Vec::new();
    if let Some(block) = &plan.block {
        seen.push(block.span);
        note(&Layer { block: block.clone(), is_shared: true }, diagnostics);
    }
    for (_, workload) in plan.workloads().filter(|(_, workload)| workload.shard.unwrap_or(0) == 0) {
        for layer in workload.blocks.iter().filter(|layer| !layer.is_shared) {
            // A head has the labels of its Executor's block.
            let is_other = workload.role == Role::Head
                && layer.block.replicas().is_none()
                && layer.block.words().all(|word| word.value == BlockWord::Labels);
            if !is_other && (layer.block.span.is_none() || !seen.contains(&layer.block.span)) {
                seen.push(layer.block.span);
                note(layer, diagnostics);
            }
        }
    }
}

fn note(layer: &Layer, diagnostics: &mut Diagnostics) {
    let mut others: Vec<(String, Option<Span>)> = Vec::new();
    for word in layer.block.words() {
        let Some(entry) = layer.block.get(word.value) else { continue };
        unequal(word.value.name(), &entry.value, &mut vec![word.value.name()], &mut |part| {
            others.push((part, word.span));
        });
    }
    if let Some(replicas) = layer.block.replicas() {
        others.push(("replicas".to_owned(), replicas.span));
    }
    let Some((_, span)) = others.first() else { return };
    let shown: Vec<_> = others.iter().take(4).map(|(part, _)| format!("`{part}`")).collect();
    let more = match others.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let verb = if others.len() == 1 { "has" } else { "have" };
    let message =
        format!("{}{more} of `kubernetes` {verb} no effect on Docker Compose", shown.join(", "));
    diagnostics.push(Diagnostic::new(&KUBERNETES_ONLY, message).at(*span, "only on Kubernetes"));
}

/// Passes the parts of a tree without an equal to `take`, as few as possible: a mapping of which no
/// part has one is one part.
fn unequal<'a>(name: &str, tree: &'a Tree, path: &mut Vec<&'a str>, take: &mut dyn FnMut(String)) {
    if tree.value.is_null() {
        return;
    }
    if path.as_slice() == ["files"] {
        let others = tree.value.as_mapping().into_iter().flatten();
        if others.into_iter().any(|(_, entry)| entry.value.value.get("from").is_none()) {
            take("files from Secrets and ConfigMaps".to_owned());
        }
        return;
    }
    if EQUALS.contains(&path.as_slice()) {
        return;
    }
    let leads_on = EQUALS.iter().any(|equal| equal.starts_with(path));
    match tree.value.as_mapping().filter(|_| leads_on) {
        Some(mapping) => {
            for (key, entry) in mapping {
                path.push(key);
                let hidden = entry.key.is_some_and(|key| key.substituted);
                let shown = if hidden { name.to_owned() } else { format!("{name}.{key}") };
                unequal(&shown, &entry.value, path, take);
                path.pop();
            }
        }
        None => take(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, size};

    #[test]
    fn sizes_are_those_of_docker() {
        for (text, expected) in [
            ("2Gi", Some("2g")),
            ("512Mi", Some("512m")),
            ("1.5Gi", Some("1536m")),
            ("1G", Some("1000000000b")),
            ("1000", Some("1000b")),
            ("1024", Some("1k")),
            ("0", Some("0b")),
            ("2GB", None),
            ("many", None),
            ("inf", None),
            ("-1Gi", None),
            ("", None),
        ] {
            assert_eq!(size(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn amounts_are_numbers() {
        for (text, expected) in
            [("500m", Some(0.5)), ("2", Some(2.0)), ("0.5", Some(0.5)), ("two", None)]
        {
            assert_eq!(amount(text), expected, "{text}");
        }
    }
}
