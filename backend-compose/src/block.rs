//! Blocks `kubernetes:`, as far as Compose has an equal.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::keys::Role;
use flow_model::plan::{Layer, Plan, Workload};
use flow_model::values::{BlockWord, Resources, Tree, WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Quantity, Span, Spanned};

use crate::docker;
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
        parts.provide(workload, diagnostics);
        for layer in &workload.blocks {
            parts.read(layer, diagnostics);
        }
        parts
    }

    /// Sets what the Flow asks of the machine.
    fn provide(&mut self, workload: &Workload, diagnostics: &mut Diagnostics) {
        self.labels.extend(workload.labels.clone());
        let Resources { cpu, memory, .. } = &workload.resources;
        if let Some(cpu) = cpu {
            self.cpus = Some(Spanned { value: cpu.to_f64(), span: cpu.span });
        }
        if let Some(memory) = memory {
            match in_docker(memory) {
                Ok(value) => {
                    let memory = Spanned { value, span: memory.span };
                    self.reserved_memory = Some(memory.clone());
                    self.memory = Some(memory);
                }
                Err(mistake) => diagnostics.push(mistake.finding(memory.span, None)),
            }
        }
    }

    fn read(&mut self, layer: &Layer, diagnostics: &mut Diagnostics) {
        for (name, tree) in entries(layer, BlockWord::Labels) {
            if tree.value.is_null() {
                self.labels.remove(name);
            } else if let Some(text) = tree.value.as_text() {
                let label = Spanned { value: text.to_owned(), span: tree.span };
                self.labels.insert(name.to_owned(), label);
            } else {
                let help = "write `NAME: TEXT`";
                diagnostics.push(wrong_type("the value of a label", "text", tree, help));
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
            if !tree.value.is_null() && tree.value.as_mapping().is_none() {
                let help = "write `{from: ./FILE}`, `{secret: NAME}` or `{configMap: NAME}`";
                diagnostics.push(wrong_type("a path of `files`", "a mapping", tree, help));
            }
        }
        let of = |path: &[&str]| find(layer, path);
        set(&mut self.shared_memory, of(&["sharedMemory"]), size, diagnostics);
        set(&mut self.grace, of(&["pod", "terminationGracePeriodSeconds"]), seconds, diagnostics);
        let limits = ["container", "resources", "limits"];
        set(&mut self.memory, of(&[&limits[..], &["memory"]].concat()), size, diagnostics);
        set(&mut self.cpus, of(&[&limits[..], &["cpu"]].concat()), number, diagnostics);
        let request = of(&["container", "resources", "requests", "memory"]);
        set(&mut self.reserved_memory, request, size, diagnostics);
    }
}

/// Sets a part that a block has. Reports a value that cannot be one.
fn set<T>(
    part: &mut Option<Spanned<T>>,
    tree: Option<&Tree>,
    read: fn(&str) -> Result<T, Mistake>,
    diagnostics: &mut Diagnostics,
) {
    let Some(tree) = tree else { return };
    if tree.value.is_null() {
        *part = None;
        return;
    }
    match tree.value.as_text().map_or(Err(Mistake::NotAQuantity), read) {
        Ok(value) => *part = Some(Spanned { value, span: tree.span }),
        Err(mistake) => {
            let text = tree.value.as_text().filter(|_| !tree.is_substituted());
            diagnostics.push(mistake.finding(tree.span, text));
        }
    }
}

fn wrong_type(what: &str, expected: &str, tree: &Tree, help: &str) -> Diagnostic {
    let message = format!("{what} takes {expected}, not {}", tree.value.kind());
    Diagnostic::new(&WRONG_TYPE, message).at(tree.span, format!("expected {expected}")).help(help)
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    NotAQuantity,
    NotSeconds,
    Thousandths,
    TooLarge,
}

impl Mistake {
    /// The finding about a number at this place; `text` is what is written, if it may be shown.
    fn finding(self, span: Option<Span>, text: Option<&str>) -> Diagnostic {
        let (message, label, help) = self.texts();
        let meant = text.filter(|_| self == Self::NotAQuantity).and_then(Quantity::meant);
        let help = meant.map_or_else(|| help.to_owned(), |meant| format!("write `{meant}`"));
        Diagnostic::new(&WRONG_VALUE, message).at(span, label).help(help)
    }

    /// The message, the label and the help.
    const fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NotAQuantity => (
                "a block of `kubernetes` has a value that is not a quantity",
                "expected a quantity such as `500m` or `2Gi`",
                "write a number, with a unit such as `Mi` or `Gi` for sizes",
            ),
            Self::NotSeconds => (
                "`terminationGracePeriodSeconds` is not a number of seconds",
                "expected an integer of 0 or more",
                "write a number such as `60`",
            ),
            Self::Thousandths => (
                "a size is a fraction of a byte",
                "`m` means thousandths",
                "write `Mi` or `M` for megabytes",
            ),
            Self::TooLarge => (
                "a size is too large for Docker",
                "expected less than `1Ei`",
                "write a size such as `2Gi`",
            ),
        }
    }
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

fn seconds(text: &str) -> Result<u64, Mistake> {
    text.trim().parse().map_err(|_| Mistake::NotSeconds)
}

fn quantity(text: &str) -> Result<Quantity, Mistake> {
    let quantity = text.parse().ok().filter(|quantity: &Quantity| !quantity.is_negative());
    quantity.ok_or(Mistake::NotAQuantity)
}

/// A number of processors.
fn number(text: &str) -> Result<f64, Mistake> {
    quantity(text).map(|quantity| quantity.to_f64())
}

fn size(text: &str) -> Result<String, Mistake> {
    in_docker(&quantity(text)?)
}

/// A size as Docker writes it: its units are powers of 1024.
fn in_docker(size: &Quantity) -> Result<String, Mistake> {
    if size.is_size_in_thousandths() {
        return Err(Mistake::Thousandths);
    }
    let bytes = u64::try_from(size.ceil()).ok().filter(|bytes| *bytes < 1 << 60);
    let bytes = bytes.ok_or(Mistake::TooLarge)?;
    Ok(docker::size(bytes))
}

/// Reports what Compose has no equal for: once for each block.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeSet<Option<Span>> = BTreeSet::new();
    if let Some(block) = &plan.block {
        seen.insert(block.span);
        note(&Layer { block: block.clone(), is_shared: true }, diagnostics);
    }
    for (_, workload) in plan.workloads().filter(|(_, workload)| workload.shard.unwrap_or(0) == 0) {
        for layer in workload.blocks.iter().filter(|layer| !layer.is_shared) {
            // A head has the labels of its Executor's block.
            let is_other = workload.role == Role::Head
                && layer.block.replicas().is_none()
                && layer.block.words().all(|word| word.value == BlockWord::Labels);
            if !is_other && (layer.block.span.is_none() || seen.insert(layer.block.span)) {
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
    use super::Mistake::{NotAQuantity, Thousandths, TooLarge};
    use super::{number, size};

    #[test]
    fn sizes_are_those_of_docker() {
        for (text, expected) in [
            ("2Gi", Ok("2g")),
            ("512Mi", Ok("512m")),
            ("1.5Gi", Ok("1536m")),
            ("1G", Ok("1000000000b")),
            ("1000", Ok("1000b")),
            ("1e3", Ok("1000b")),
            ("+1Ki", Ok("1k")),
            ("1E", Ok("976562500000000k")),
            ("512m", Err(Thousandths)),
            ("1Ei", Err(TooLarge)),
            ("1e127", Err(TooLarge)),
            ("1024", Ok("1k")),
            ("0", Ok("0b")),
            ("2GB", Err(NotAQuantity)),
            ("many", Err(NotAQuantity)),
            ("inf", Err(NotAQuantity)),
            ("-1Gi", Err(NotAQuantity)),
            ("", Err(NotAQuantity)),
        ] {
            assert_eq!(size(text), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn processors_are_numbers() {
        for (text, expected) in [
            ("500m", Ok(0.5)),
            ("2", Ok(2.0)),
            ("+2", Ok(2.0)),
            ("0.5", Ok(0.5)),
            ("1e-1", Ok(0.1)),
            ("-1", Err(NotAQuantity)),
            ("two", Err(NotAQuantity)),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
