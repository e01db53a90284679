//! What the keys under `jcloud` of real files become.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use flowship_tests::meaning;
use flowship_tests::{Fixture, corpus_of_this_machine};
use serde_yaml::Value;

/// The keys from the root of a document to a value; a number is a place in a list.
type Path = Vec<Step>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Without a key, other objects are exported, or other findings reported: nothing is ignored in silence.
#[test]
#[ignore = "needs real files: set `FLOWSHIP_CORPUS` to a folder of them"]
fn every_key_of_the_corpus_has_an_effect() {
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut files, mut unread) = (0, Vec::new());
    let mut silent = Vec::new();
    for flow in corpus_of_this_machine() {
        let Ok(document) = serde_yaml::from_str::<Value>(&flow.text) else {
            unread.push(flow.name);
            continue;
        };
        let mut paths = Vec::new();
        collect(&document, &mut Vec::new(), false, &mut paths);
        files += usize::from(!paths.is_empty());
        let before = Compiled::of(&flow, &document);
        for path in paths {
            let mut without = document.clone();
            let value = remove(&mut without, &path).unwrap();
            let effect = before.without(&Compiled::of(&flow, &without));
            let effect = effect
                .or_else(|| is_read(&flow, &document, &path, &before))
                .or_else(|| is_part(&flow, &document, &path, &before))
                .or_else(|| before.is_refused().then(|| "the Flow is refused".to_owned()));
            if effect.is_none() {
                silent.push(format!("{}: {} {value:?}", flow.name, shown(&path)));
            }
            let effect = effect.unwrap_or_else(|| "nothing".to_owned());
            *table.entry((shown(&path), effect)).or_default() += 1;
        }
    }
    for ((key, effect), count) in &table {
        eprintln!("| `{key}` | {effect} | {count} |");
    }
    eprintln!("{files} files; not one document of YAML: {unread:?}");
    assert!(files > 0, "no file has a key under `jcloud`");
    assert!(silent.is_empty(), "ignored in silence:\n{}", silent.join("\n"));
}

/// What a Flow becomes on a cluster and on Docker Compose.
#[derive(Debug, PartialEq)]
struct Compiled {
    /// Text by kind and name.
    objects: BTreeMap<(String, String), String>,
    compose: Vec<String>,
    /// How often: code and message, and the number of places.
    findings: BTreeMap<(String, String, usize), usize>,
}

impl Compiled {
    fn of(flow: &Fixture, document: &Value) -> Self {
        let text = format!(
            "# flowship: {}\n# environment: {}\n{}",
            flow.arguments().join(" "),
            flow.environment()
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join(" "),
            serde_yaml::to_string(document).unwrap()
        );
        let flow = Fixture { text, ..flow.clone() };
        let mut findings = BTreeMap::new();
        let mut texts = |target: &str| {
            let (compiled, bundle) = flow.render(target);
            for found in &compiled.diagnostics {
                let code = found.rule.code.to_owned();
                let finding = (code, found.message.clone(), found.labels.len());
                *findings.entry(finding).or_default() += 1;
            }
            let files = bundle.map(|bundle| bundle.files).unwrap_or_default();
            files.iter().map(|file| file.to_text().unwrap()).collect::<Vec<_>>()
        };
        let objects = texts("none").into_iter().flat_map(|text| meaning::read(&text).unwrap()).map(
            |object| {
                let id = (object.kind().to_owned(), object.name().to_owned());
                (id, object.0.to_string())
            },
        );
        let objects = objects.collect();
        let compose = texts("docker-compose");
        Self { objects, compose, findings }
    }

    /// A Flow with errors has no objects.
    fn is_refused(&self) -> bool {
        self.objects.is_empty() && self.compose.is_empty()
    }

    /// How this differs from what is left without a key; `None` where it does not.
    fn without(&self, other: &Self) -> Option<String> {
        let ids: BTreeSet<_> = self.objects.keys().chain(other.objects.keys()).collect();
        let differ = ids.into_iter().filter(|id| self.objects.get(*id) != other.objects.get(*id));
        let kinds: BTreeSet<&str> = differ.map(|(kind, _)| kind.as_str()).collect();
        let is_new = |(finding, count): &(&(String, String, usize), &usize)| {
            other.findings.get(*finding).is_none_or(|without| without < *count)
        };
        let codes: BTreeSet<&str> =
            self.findings.iter().filter(is_new).map(|(finding, _)| finding.0.as_str()).collect();
        let mut parts: Vec<String> = Vec::new();
        if !kinds.is_empty() {
            parts.push(kinds.into_iter().collect::<Vec<_>>().join(", "));
        } else if self.compose != other.compose {
            parts.push("Docker Compose only".to_owned());
        }
        if !codes.is_empty() {
            parts.push(format!("reported: {}", codes.into_iter().collect::<Vec<_>>().join(", ")));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// The values under `jcloud`, each with its path; lists count as one value.
fn collect(value: &Value, path: &mut Path, inside: bool, paths: &mut Vec<Path>) {
    match value {
        Value::Mapping(mapping) if !inside || !mapping.is_empty() => {
            for (key, value) in mapping {
                let Some(key) = key.as_str() else { continue };
                path.push(Step::Key(key.to_owned()));
                collect(value, path, inside || key == "jcloud", paths);
                path.pop();
            }
        }
        Value::Sequence(list) if !inside => {
            for (index, value) in list.iter().enumerate() {
                path.push(Step::Index(index));
                collect(value, path, inside, paths);
                path.pop();
            }
        }
        _ if inside => paths.push(path.clone()),
        _ => {}
    }
}

/// Takes away what is at a path, and mappings under `jcloud` that are empty without it.
fn remove(root: &mut Value, path: &[Step]) -> Option<Value> {
    let (step, rest) = path.split_first()?;
    match step {
        Step::Index(index) if rest.is_empty() => {
            let list = root.as_sequence_mut()?;
            (*index < list.len()).then(|| list.remove(*index))
        }
        Step::Index(index) => remove(root.get_mut(*index)?, rest),
        Step::Key(key) => {
            let mapping = root.as_mapping_mut()?;
            if rest.is_empty() {
                return mapping.shift_remove(key.as_str());
            }
            let child = mapping.get_mut(key.as_str())?;
            let value = remove(child, rest);
            if child.as_mapping().is_some_and(serde_yaml::Mapping::is_empty) {
                mapping.shift_remove(key.as_str());
            }
            value
        }
    }
}

/// The path without names of Executors: `executors[].jcloud.resources.cpu`.
fn shown(path: &[Step]) -> String {
    path.iter().fold(String::new(), |text, step| match step {
        Step::Index(_) => format!("{text}[]"),
        Step::Key(key) if text.is_empty() => key.clone(),
        Step::Key(key) => format!("{text}.{key}"),
    })
}

/// Whether a value is what holds without it: one that is wrong is noticed.
fn is_read(flow: &Fixture, document: &Value, path: &[Step], before: &Compiled) -> Option<String> {
    let mut wrong = document.clone();
    *at(&mut wrong, path)? = Value::Sequence(vec![Value::Sequence(Vec::new())]);
    let is_noticed = Compiled::of(flow, &wrong).without(before).is_some();
    is_noticed.then(|| "the same as without it".to_owned())
}

/// Whether something around a value is reported as a whole, and changes nothing else.
fn is_part(flow: &Fixture, document: &Value, path: &[Step], before: &Compiled) -> Option<String> {
    (1..path.len()).rev().find_map(|length| {
        let mut without = document.clone();
        remove(&mut without, &path[..length])?;
        let without = Compiled::of(flow, &without);
        let is_only_reported =
            before.objects == without.objects && before.compose == without.compose;
        let effect = before.without(&without).filter(|_| is_only_reported)?;
        Some(format!("with `{}` {effect}", shown(&path[..length])))
    })
}

fn at<'a>(root: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(root, |value, step| match step {
        Step::Index(index) => value.get_mut(*index),
        Step::Key(key) => value.get_mut(key.as_str()),
    })
}
