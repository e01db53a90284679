//! Every part of an object knows the line of the Flow that it comes from.
//!
//! `tests/snapshots/origins` is the table: under each line of a fixture, all that comes from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flow_model::keys::{Key, KeyInfo};
use flow_model::{Bundle, Document, Fate, Origins, Sources, Span};
use flow_validate::Compiled;
use flowship_tests::origins::{check_arguments, command_lines, flag_of};
use flowship_tests::{COMPOSE, Fixture, fixtures, targets};
use serde_json::Value;

/// The two backends.
const BACKENDS: [&str; 2] = ["linkerd", COMPOSE];

/// Keys that have a fate and reach no object all the same, by backend, and why. The rest of the table
/// has a line in a fixture.
const NOWHERE: &[(&str, &str, &str)] = &[
    ("linkerd", "gateway.host", "containers listen on every address"),
    (COMPOSE, "gateway.host", "containers listen on every address"),
    ("linkerd", "gateway.port_monitoring", "metrics are on 9090"),
    ("linkerd", "executor.port_monitoring", "metrics are on 9090"),
    (COMPOSE, "gateway.replicas", "one gateway runs"),
    ("linkerd", "flow.compose", "only on Docker Compose"),
    ("linkerd", "gateway.compose", "only on Docker Compose"),
    ("linkerd", "executor.compose", "only on Docker Compose"),
];

/// What comes from one place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    object: String,
    /// The pointer with numbers of four digits, so that the tenth part comes after the second.
    order: String,
    pointer: String,
    /// The word of a command line that stands there.
    word: Option<String>,
    /// The flag of that word.
    flag: Option<String>,
}

impl Part {
    /// Whether it is of the gateway, and does not tell the gateway of Executors.
    fn is_of_gateway(&self) -> bool {
        let is_there = ["/gateway", "/gateway-configmap", "/gateway-headless"]
            .iter()
            .any(|end| self.object.ends_with(end))
            || self.pointer.starts_with("/services/gateway/");
        let tells = |flag: &str| flag.starts_with("--graph-") || flag.starts_with("--deployments-");
        is_there && !self.flag.as_deref().is_some_and(tells)
    }
}

fn render(fixture: &Fixture, backend: &str) -> (Compiled, Bundle) {
    let (compiled, bundle) = fixture.render(backend);
    let Some(bundle) = bundle else {
        panic!("{} {backend}: {}", fixture.name, compiled.diagnostics)
    };
    (compiled, bundle)
}

fn object(document: &Document) -> String {
    match &document.id {
        Some(id) => format!("{}/{}", id.kind, id.name),
        None => "file".to_owned(),
    }
}

/// All parts of a bundle whose origin is known, by file and line.
fn parts(sources: &Sources, bundle: &Bundle) -> BTreeMap<(String, usize), BTreeSet<Part>> {
    let mut parts: BTreeMap<_, BTreeSet<Part>> = BTreeMap::new();
    for (_, document) in bundle.documents() {
        let value = document.value();
        for (pointer, span) in document.origins.iter() {
            let there = value.pointer(pointer);
            let there = there.unwrap_or_else(|| panic!("{}: no {pointer}", object(document)));
            let (list, last) = pointer.rsplit_once('/').unwrap_or_default();
            let is_word = list.ends_with("/args") || list.ends_with("/command");
            let flag = last.parse::<usize>().ok().filter(|_| is_word).and_then(|index| {
                let words = value.pointer(list)?.as_array()?;
                let mut words = words[..=index].iter().rev().filter_map(Value::as_str);
                words.find(|word| word.starts_with("--")).map(flag_of)
            });
            let numbers = pointer.split('/').map(|part| match part.parse::<u32>() {
                Ok(number) => format!("{number:04}"),
                Err(_) => part.to_owned(),
            });
            let part = Part {
                object: object(document),
                order: numbers.collect::<Vec<_>>().join("/"),
                pointer: pointer.to_owned(),
                word: there.as_str().filter(|_| is_word).map(str::to_owned),
                flag,
            };
            parts.entry(line(sources, span)).or_default().insert(part);
        }
    }
    parts
}

fn line(sources: &Sources, span: Span) -> (String, usize) {
    let at = sources.line_column(span).unwrap();
    (sources.get(span.file).unwrap().name.clone(), at.line)
}

/// The table: each line of the Flow and of its files, with all that comes from it.
#[test]
fn parts_come_from_the_line_of_their_key() {
    for fixture in fixtures("origins") {
        for backend in BACKENDS {
            let (compiled, bundle) = render(&fixture, backend);
            let parts = parts(&compiled.sources, &bundle);
            let mut table = String::new();
            let files: BTreeSet<_> = compiled.documents.iter().map(|read| read.file).collect();
            for file in files.into_iter().filter_map(|file| compiled.sources.get(file)) {
                let (name, text) = (&file.name, &file.text);
                writeln!(table, "{name}").unwrap();
                for (number, text) in (1..).zip(text.lines()) {
                    writeln!(table, "{number:3}  {text}").unwrap();
                    for part in parts.get(&(name.to_owned(), number)).into_iter().flatten() {
                        let word = part.word.as_deref().map(|word| format!("  {word}"));
                        let word = word.unwrap_or_default();
                        let what = format!("{} {}{word}", part.object, part.pointer);
                        writeln!(table, "       - {}", what.trim_end()).unwrap();
                    }
                }
            }
            insta::with_settings!({ snapshot_path => "../snapshots/origins", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{}-{backend}", fixture.name), table);
            });
        }
    }
}

/// The key that a line of a fixture writes.
fn key_of_line(line: &str) -> Option<&str> {
    let (key, _) = line.trim_start_matches([' ', '-']).split_once(':')?;
    Some(key)
}

/// Every key that reaches an object has a line from which something comes: in an Executor, in the
/// gateway, and under `with`, from where it reaches both.
#[test]
fn every_key_is_the_origin_of_something() {
    for backend in BACKENDS {
        let mut found = BTreeSet::new();
        let mut fate = None;
        for fixture in fixtures("origins") {
            let (compiled, bundle) = render(&fixture, backend);
            fate = Some(fixture.backend(backend));
            let is_deployment = fixture.text.contains("jtype: Deployment");
            let mut section = "";
            let parts = parts(&compiled.sources, &bundle);
            for (number, text) in (1..).zip(fixture.text.lines()) {
                let Some(key) = key_of_line(text) else { continue };
                if !text.starts_with([' ', '#']) {
                    section = key;
                }
                let key = key.replace('-', "_");
                for part in
                    parts.get(&(format!("{}.yml", fixture.name), number)).into_iter().flatten()
                {
                    let levels: &[&str] = match (section, part.is_of_gateway()) {
                        ("executors", _) => &["executor"],
                        ("with", _) if is_deployment => &["executor"],
                        ("gateway", _) => &["gateway"],
                        ("with", true) => &["flow", "with.gateway"],
                        ("with", false) => &["flow", "with.executor"],
                        _ => &[],
                    };
                    found.extend(levels.iter().map(|level| format!("{level}.{key}")));
                }
            }
        }
        let fate = fate.unwrap();
        let mut missing = Vec::new();
        for key in Key::all() {
            let reaches =
                matches!(fate.fate(key), Fate::Exact | Fate::Depends(_) | Fate::Approximated(_));
            let scope = match key {
                Key::Flow(_) => "flow",
                Key::Gateway(_) => "gateway",
                Key::Executor(_) => "executor",
            };
            let KeyInfo { name, inherited, .. } = *key.info();
            let is_nowhere = NOWHERE
                .iter()
                .any(|(of, nowhere, _)| *of == backend && *nowhere == format!("{scope}.{name}"));
            let mut levels = vec![format!("{scope}.{name}")];
            levels.extend(inherited.then(|| format!("with.{scope}.{name}")));
            for level in levels {
                if found.contains(&level) != (reaches && !is_nowhere) {
                    missing.push(level);
                }
            }
        }
        assert_eq!(missing, [""; 0], "{backend}");
    }
}

/// Every argument of every container of every Flow has an origin: the key that it is said by, else
/// the entry, or the list of Executors for a gateway of which nothing is said.
#[test]
fn every_argument_has_an_origin() {
    let mut count = 0;
    for fixture in [fixtures("accepted"), fixtures("origins")].concat() {
        for backend in BACKENDS {
            let (compiled, bundle) = render(&fixture, backend);
            for (_, document) in bundle.documents() {
                let (words, problems) = check_arguments(&compiled.flow, document);
                assert_eq!(problems, [""; 0], "{} {backend}", fixture.name);
                count += words;
            }
        }
    }
    assert!(count > 5000, "{count} arguments");
}

/// An argument that loses its origin is found.
#[test]
fn a_lost_origin_is_found() {
    let mut count = 0;
    for fixture in fixtures("origins") {
        for backend in BACKENDS {
            let (compiled, bundle) = render(&fixture, backend);
            for (_, document) in bundle.documents() {
                let all: BTreeSet<_> = document.origins.iter().collect();
                let arguments = command_lines(&document.value());
                let is_argument = |pointer: &str| {
                    let list = pointer.rsplit_once('/').map(|(list, _)| list);
                    arguments.iter().any(|(_, arguments)| Some(arguments.as_str()) == list)
                };
                let before = |pointer| document.origins.find(pointer);
                for (lost, _) in all.iter().filter(|(pointer, _)| is_argument(pointer)) {
                    let mut document = document.clone();
                    document.origins = Origins::new();
                    for (pointer, span) in all.iter().filter(|(pointer, _)| pointer != lost) {
                        document.origins.insert((*pointer).to_owned(), *span);
                    }
                    let (_, problems) = check_arguments(&compiled.flow, &document);
                    let has =
                        problems.iter().any(|problem| problem.starts_with(&format!("{lost} ")));
                    // What has no name of its own is named by its entry.
                    let is_of_entry = document.origins.find(lost) == before(lost);
                    assert!(has || is_of_entry, "{} {backend}: {lost} is missed", fixture.name);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 500, "{count} origins");
}

/// Nothing comes from nowhere, of any mesh either.
#[test]
fn every_object_has_an_origin() {
    for fixture in [fixtures("accepted"), fixtures("policies"), fixtures("origins")].concat() {
        for target in targets() {
            let (_, Some(bundle)) = fixture.render(target) else { continue };
            for (path, document) in bundle.documents() {
                let name = &fixture.name;
                assert!(document.origins.find("").is_some(), "{name} {target} {path}");
            }
        }
    }
}
