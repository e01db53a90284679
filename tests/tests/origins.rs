//! Every part of an object knows the line of the Flow that it comes from.
//!
//! `tests/snapshots/origins` is the table: under each line of a fixture, all that comes from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flow_model::flow::Executor;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key, KeyInfo};
use flow_model::{Bundle, Document, Fate, Flow, Sources, Span, Spanned};
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

/// The places of which an argument has to name one, or all where it is a key's own flag. Empty for
/// what no key says: that comes from the entry.
fn expected(flow: &Flow, entry: Option<Span>, flag: &str, is_gateway: bool) -> Vec<Span> {
    let keys = SetKeys(flow);
    let made = |table: &[(&str, &'static [ExecutorKey])]| {
        table.iter().find(|(name, _)| *name == flag).map(|(_, keys)| *keys)
    };
    if is_gateway {
        if flow.gateway.is_none() {
            // That of a Deployment by itself, which says nothing of one.
            return Vec::new();
        }
        if let Some(told) = made(TOLD) {
            return {
                // Where an Executor runs is said of those that run elsewhere.
                let is_address = told.contains(&ExecutorKey::External);
                keys.executors(|one| !is_address || one.is_external(), told)
            };
        }
        let own = GatewayKey::ALL.iter().copied();
        let own = own.filter(|key| key.info().flag.is_some_and(|own| own.name == flag));
        return keys.gateway(&own.collect::<Vec<_>>());
    }
    if let Some(made) = made(MADE) {
        return keys.executors(|one| one.span == entry, made);
    }
    let own = ExecutorKey::ALL.iter().copied();
    let own = own.filter(|key| key.info().flag.is_some_and(|own| own.name == flag));
    keys.executors(|one| one.span == entry, &own.collect::<Vec<_>>())
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
                let value = document.value();
                for (whole, list) in command_lines(&value) {
                    let words = value.pointer(&list).unwrap().as_array().unwrap();
                    let entry = document.origins.find(&whole);
                    assert!(entry.is_some(), "{} {backend} {whole}", fixture.name);
                    let is_gateway = words[0] == "gateway";
                    let mut flag = String::new();
                    for (index, word) in words.iter().enumerate() {
                        let word = word.as_str().unwrap();
                        if word.starts_with("--") {
                            flag = flag_of(word);
                        }
                        let origins = document.origins.find_all(&format!("{list}/{index}"));
                        let expected = expected(&compiled.flow, entry, &flag, is_gateway);
                        let is_told = TOLD.iter().any(|(name, _)| is_gateway && *name == flag);
                        let is_right = if expected.is_empty() {
                            !origins.is_empty()
                        } else if is_told {
                            // A list comes from its items.
                            origins.iter().all(|span| is_known(&compiled.flow, *span))
                                && origins
                                    .iter()
                                    .any(|one| expected.iter().any(|e| e.contains(*one)))
                        } else {
                            expected.iter().all(|span| origins.contains(span))
                        };
                        assert!(
                            is_right,
                            "{} {backend} {list}/{index} {word}: {origins:?}, expected {expected:?} ({entry:?})",
                            fixture.name
                        );
                        count += 1;
                    }
                }
            }
        }
    }
    assert!(count > 5000, "{count} arguments");
}

/// Whether a place is that of a key of some Executor, or of the Flow's `inspect`.
fn is_known(flow: &Flow, span: Span) -> bool {
    let keys = SetKeys(flow);
    let all = keys.executors(|_| true, ExecutorKey::ALL).into_iter();
    all.chain(keys.flow(FlowKey::Inspect)).any(|key| key.contains(span))
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
