//! Every part of an object knows the line of the Flow that it comes from.
//!
//! `tests/snapshots/origins` is the table: under each line of a fixture, all that comes from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flow_model::flow::Executor;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key, KeyInfo};
use flow_model::names::nearest_label;
use flow_model::{Bundle, Document, Fate, Flow, Origins, Sources, Span, Spanned};
use flow_validate::Compiled;
use flowship_tests::{COMPOSE, Fixture, fixtures};
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

/// The flag of a word: `--uses-with` of `--uses-with=-1`.
fn flag_of(word: &str) -> String {
    word.split('=').next().unwrap_or(word).to_owned()
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

/// Flags that are no key's own, and the keys that they come from where these are set.
const MADE: &[(&str, &[ExecutorKey])] = &[
    ("--name", &[ExecutorKey::Name]),
    ("--shard-id", &[ExecutorKey::Shards]),
    ("--runtime-cls", &[ExecutorKey::Shards]),
    ("--pod-role", &[ExecutorKey::Shards]),
    ("--connection-list", &[ExecutorKey::Shards]),
    ("--uses-before-address", &[ExecutorKey::UsesBefore]),
    ("--uses-after-address", &[ExecutorKey::UsesAfter]),
];

/// Flags of the gateway that tell of Executors, and the keys of these that they come from.
const TOLD: &[(&str, &[ExecutorKey])] = &[
    ("--graph-description", &[ExecutorKey::Needs, ExecutorKey::Method, ExecutorKey::Floating]),
    ("--graph-conditions", &[ExecutorKey::When]),
    (
        "--deployments-addresses",
        &[ExecutorKey::External, ExecutorKey::Host, ExecutorKey::Port, ExecutorKey::Tls],
    ),
    ("--deployments-metadata", &[ExecutorKey::GrpcMetadata]),
    ("--deployments-no-reduce", &[ExecutorKey::NoReduce]),
];

/// What a Flow sets, and where: the keys of its parts.
struct SetKeys<'a>(&'a Flow);

impl SetKeys<'_> {
    fn flow(&self, wanted: FlowKey) -> Vec<Span> {
        spans(&self.0.settings.set_keys(), &[wanted])
    }

    fn gateway(&self, wanted: &[GatewayKey]) -> Vec<Span> {
        let gateway = self.0.gateway.iter();
        gateway.flat_map(|gateway| spans(&gateway.settings.set_keys(), wanted)).collect()
    }

    /// Of the Executors that this holds for.
    fn executors(&self, holds: impl Fn(&Executor) -> bool, wanted: &[ExecutorKey]) -> Vec<Span> {
        let executors = self.0.executors.iter().filter(|executor| holds(executor));
        executors.flat_map(|one| spans(&one.settings.set_keys(), wanted)).collect()
    }
}

fn spans<K: PartialEq>(set: &[Spanned<K>], wanted: &[K]) -> Vec<Span> {
    set.iter().filter(|key| wanted.contains(&key.value)).filter_map(|key| key.span).collect()
}

/// A command line, and what is known of it.
struct CommandLine<'a> {
    flow: &'a Flow,
    /// Where the entry is that it belongs to.
    entry: Option<Span>,
    words: Vec<&'a str>,
    /// Of a Compose file, where the chosen ports are those of processes.
    is_of_compose: bool,
}

impl CommandLine<'_> {
    fn is_of_gateway(&self) -> bool {
        self.words[0] == "gateway"
    }

    /// The word behind a flag.
    fn value(&self, flag: &str) -> &str {
        let at = self.words.iter().position(|word| *word == flag);
        at.and_then(|at| self.words.get(at + 1)).copied().unwrap_or_default()
    }

    /// The places that the words of a flag come from, one of them at least. Empty for what no key
    /// says: that comes from the entry.
    fn expected(&self, flag: &str) -> Vec<Span> {
        let keys = SetKeys(self.flow);
        let listed = |table: &[(&str, &'static [ExecutorKey])]| {
            table.iter().find(|(name, _)| *name == flag).map_or(&[][..], |(_, keys)| *keys)
        };
        if flag == "--k8s-namespace" {
            let name = self.flow.settings.name.as_ref();
            let is_named = name.is_some_and(|name| nearest_label(&name.0) == self.value(flag));
            return if is_named { keys.flow(FlowKey::Name) } else { Vec::new() };
        }
        let is_chosen_port = matches!(flag, "--port" | "--port-monitoring");
        if is_chosen_port && !self.is_of_compose {
            return Vec::new();
        }
        if !self.is_of_gateway() {
            let name = self.value("--name");
            let uses = match name.rsplit_once('/').map(|(_, part)| part) {
                Some("uses-before") => ExecutorKey::UsesBefore,
                Some("uses-after") => ExecutorKey::UsesAfter,
                _ => ExecutorKey::Uses,
            };
            let own = ExecutorKey::ALL.iter().copied();
            let own = own.filter(|key| key.info().flag.is_some_and(|own| own.name == flag));
            let mut wanted: Vec<_> = own.chain(listed(MADE).iter().copied()).collect();
            wanted.extend((flag == "--uses").then_some(uses));
            wanted.extend((flag == "--protocol").then_some(ExecutorKey::Protocol));
            wanted.extend((flag == "--port-monitoring").then_some(ExecutorKey::PortMonitoring));
            return keys.executors(|one| one.span == self.entry, &wanted);
        }
        if self.flow.gateway.is_none() {
            // That of a Deployment by itself, which says nothing of one but this.
            let wanted = match flag {
                "--port" => &[ExecutorKey::Port][..],
                "--protocol" | "--uses" => &[ExecutorKey::Protocol],
                "--log-config" => &[ExecutorKey::LogConfig],
                _ => &[],
            };
            return keys.executors(|_| true, wanted);
        }
        if !listed(TOLD).is_empty() {
            // Where an Executor runs is said of those that run elsewhere.
            let is_address = listed(TOLD).contains(&ExecutorKey::External);
            let mut spans = keys.executors(|one| !is_address || one.is_external(), listed(TOLD));
            if flag == "--graph-description" {
                spans.extend(keys.flow(FlowKey::Inspect));
            }
            return spans;
        }
        let own = GatewayKey::ALL.iter().copied();
        let own = own.filter(|key| key.info().flag.is_some_and(|own| own.name == flag));
        let mut wanted: Vec<_> = own.collect();
        wanted.extend((flag == "--port").then_some(GatewayKey::Port));
        wanted.extend((flag == "--protocol").then_some(GatewayKey::Protocol));
        wanted.extend((flag == "--port-monitoring").then_some(GatewayKey::PortMonitoring));
        if flag == "--uses" {
            let uses = keys.gateway(&[GatewayKey::Uses]);
            return if uses.is_empty() { keys.gateway(&[GatewayKey::Protocol]) } else { uses };
        }
        keys.gateway(&wanted)
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

/// The number of arguments in a document, and those with a wrong origin.
fn check_arguments(flow: &Flow, document: &Document) -> (usize, Vec<String>) {
    let value = document.value();
    let (mut count, mut problems) = (0, Vec::new());
    for (whole, list) in command_lines(&value) {
        let words = value.pointer(&list).unwrap().as_array().unwrap();
        let line = CommandLine {
            flow,
            entry: document.origins.find(&whole),
            words: words.iter().filter_map(Value::as_str).collect(),
            is_of_compose: document.id.is_none(),
        };
        let mut flag = String::new();
        for (index, word) in line.words.iter().enumerate() {
            if word.starts_with("--") {
                flag = flag_of(word);
            }
            let origins = document.origins.find_all(&format!("{list}/{index}"));
            let mut expected = line.expected(&flag);
            if expected.is_empty() {
                expected.extend(line.entry);
            }
            // Ports come from the items of a list, and a name with a number from `replicas` too.
            let is_expected = |one: &Span| expected.iter().any(|key| key.contains(*one));
            let is_right = match flag.as_str() {
                "--name" | "--retries" => origins.iter().any(is_expected),
                _ => !origins.is_empty() && origins.iter().all(is_expected),
            };
            if !is_right {
                let entry = line.entry;
                problems.push(format!(
                    "{list}/{index} {word}: {origins:?}, expected {expected:?} ({entry:?})"
                ));
            }
            count += 1;
        }
    }
    (count, problems)
}

/// Pointers to whatever has arguments, and to these.
fn command_lines(value: &Value) -> Vec<(String, String)> {
    let containers = value.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let containers = (0..containers.map_or(0, Vec::len))
        .map(|index| (String::new(), format!("/spec/template/spec/containers/{index}/args")));
    let services = value["services"].as_object().into_iter().flatten();
    let services = services.map(|(name, _)| {
        let service = format!("/services/{name}");
        (service.clone(), format!("{service}/command"))
    });
    containers.chain(services).collect()
}
