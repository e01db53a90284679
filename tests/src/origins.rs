//! Where arguments come from, told from the Flow itself and not from what rendered them.

use flow_model::flow::Executor;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey};
use flow_model::names::nearest_label;
use flow_model::{Document, Flow, Span, Spanned};
use serde_json::Value;

/// The number of arguments in a document, and those with a wrong origin, in a line each that begins
/// with the pointer.
pub fn check_arguments(flow: &Flow, document: &Document) -> (usize, Vec<String>) {
    let value = document.value();
    let (mut count, mut problems) = (0, Vec::new());
    for (whole, list) in command_lines(&value) {
        let words = value.pointer(&list).and_then(Value::as_array).into_iter().flatten();
        let line = CommandLine {
            flow,
            entry: document.origins.find(&whole),
            words: words.filter_map(Value::as_str).collect(),
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
pub fn command_lines(value: &Value) -> Vec<(String, String)> {
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

/// The flag of a word: `--uses-with` of `--uses-with=-1`.
pub fn flag_of(word: &str) -> String {
    word.split('=').next().unwrap_or(word).to_owned()
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

/// Flags that `jcloud` may imply.
const IMPLIED: &[&str] = &[
    "--metrics",
    "--metrics-exporter-host",
    "--metrics-exporter-port",
    "--monitoring",
    "--traces-exporter-host",
    "--traces-exporter-port",
    "--tracing",
    "--workspace",
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
        let own = self.of_own_keys(flag);
        if !own.is_empty() || !IMPLIED.contains(&flag) {
            return own;
        }
        // What the Flow or an entry asks of the platform implies it.
        let keys = SetKeys(self.flow);
        let flow = keys.flow(FlowKey::Jcloud);
        let gateway = keys.gateway(&[GatewayKey::Jcloud]);
        let executors = keys.executors(|_| true, &[ExecutorKey::Jcloud]);
        [flow, gateway, executors].concat()
    }

    fn of_own_keys(&self, flag: &str) -> Vec<Span> {
        let keys = SetKeys(self.flow);
        let listed = |table: &[(&str, &'static [ExecutorKey])]| {
            table.iter().find(|(name, _)| *name == flag).map_or(&[][..], |(_, keys)| *keys)
        };
        if flag == "--k8s-namespace" {
            let name = self.flow.settings.name.as_ref();
            let is_named = |name: &str| nearest_label(name) == self.value(flag);
            if name.is_some_and(|name| is_named(&name.0)) {
                return keys.flow(FlowKey::Name);
            }
            let jcloud = self.flow.settings.jcloud.as_ref();
            let name = jcloud.and_then(|jcloud| jcloud.name.as_ref());
            return name
                .filter(|name| is_named(name))
                .and_then(|name| name.span)
                .into_iter()
                .collect();
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
