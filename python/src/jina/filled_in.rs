//! What Jina's parsers add to the arguments of a Flow.

use std::ops::RangeInclusive;

use pyo3::prelude::*;
use serde_json::{Map, Value};

/// The name of an Executor to which its author gave none.
pub(super) const UNNAMED: &str = "executor";

/// Attributes that Jina adds for itself, or that say where a process is in a Flow.
pub(super) const IGNORED: &[&str] = &[
    "all_port_monitoring",
    "default_port",
    "deployment_role",
    "ext_repl_hosts",
    "name_of_flow",
    "noblock_on_start",
    "pod_role",
    "replica_id",
    "runtime_cls",
    "scheme",
    "shard_id",
    "version",
    "version_full",
    "workspace_id",
];

/// The default of an argument; `null` and an empty list or dict are of all of them.
type Defaults = &'static [(&'static str, Default)];

/// A value of a parser.
#[derive(Debug, Clone, Copy)]
pub(super) enum Default {
    /// `None`, `False`, or an empty list.
    Unset,
    Number(i64),
    Word(&'static str),
    /// A list of one word.
    One(&'static str),
}

impl Default {
    fn is(self, value: &Value) -> bool {
        match self {
            Self::Unset => is_unset(value),
            Self::Number(number) => value.as_i64() == Some(number),
            Self::Word(word) => value.as_str() == Some(word),
            Self::One(word) => value.as_array().is_some_and(|items| items == &[Value::from(word)]),
        }
    }
}

fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The arguments of `Flow(...)`, in the order of a document.
pub(super) const FLOW: Defaults = &[
    ("name", Default::Unset),
    ("env", Default::Unset),
    ("workspace", Default::Unset),
    ("log_config", Default::Word("default")),
    ("inspect", Default::Word("COLLECT")),
];

/// The arguments of an Executor, in the order of a document.
pub(super) const EXECUTOR: Defaults = &[
    ("uses", Default::Word("BaseExecutor")),
    ("replicas", Default::Number(1)),
    ("shards", Default::Number(1)),
    ("polling", Default::Word("ANY")),
    ("external", Default::Unset),
    ("host", Default::One("0.0.0.0")),
    ("port", Default::Unset),
    ("port_monitoring", Default::Unset),
    ("protocol", Default::One("GRPC")),
    ("provider", Default::One("NONE")),
    ("timeout_ready", Default::Number(600_000)),
    ("timeout_ctrl", Default::Number(60)),
    ("retries", Default::Number(-1)),
    ("log_config", Default::Word("default")),
    ("force_network_mode", Default::Word("AUTO")),
];

/// The arguments that an author gave: without defaults, unless the Flow has another value to inherit,
/// and without what is inherited.
pub(super) fn without(
    arguments: &Map<String, Value>,
    defaults: Defaults,
    inherited: &Map<String, Value>,
) -> Map<String, Value> {
    let mut given = Map::new();
    let mut rest: Vec<&String> = arguments.keys().filter(|key| *key != "name").collect();
    rest.retain(|key| !defaults.iter().any(|(known, _)| known == key));
    rest.sort();
    let known = defaults.iter().map(|(key, default)| (*key, *default));
    for (key, default) in known.chain(rest.into_iter().map(|key| (key.as_str(), Default::Unset))) {
        let Some(value) = arguments.get(key) else { continue };
        if inherited.get(key).map_or_else(|| default.is(value), |common| is_same(common, value)) {
            continue;
        }
        let is_cleared = value.is_null() || key == "port" && is_unset(value);
        if !is_cleared {
            given.insert(key.to_owned(), plain(key, value));
        }
    }
    if defaults.iter().any(|(key, _)| *key == "name")
        && let Some(name) = arguments.get("name").filter(|name| !name.is_null())
    {
        given.shift_insert(0, "name".to_owned(), name.clone());
    }
    given
}

/// True if a parser has made `parsed` of what the author wrote.
fn is_same(written: &Value, parsed: &Value) -> bool {
    match (written, parsed) {
        (Value::String(text), Value::Number(number)) => text.trim() == number.to_string(),
        (Value::String(word), Value::String(parsed)) => word.eq_ignore_ascii_case(parsed),
        (Value::Array(written), Value::Array(parsed)) => {
            written.len() == parsed.len()
                && written.iter().zip(parsed).all(|(written, parsed)| is_same(written, parsed))
        }
        (one, Value::Array(parsed)) if parsed.len() == 1 => is_same(one, &parsed[0]),
        (written, parsed) => written == parsed,
    }
}

/// A value as it is written: a list of one is that one.
fn plain(key: &str, value: &Value) -> Value {
    match (key, value.as_array().map(Vec::as_slice)) {
        ("host" | "port" | "protocol" | "provider" | "port_monitoring", Some([one])) => one.clone(),
        ("workspace", _) => {
            value.as_str().map_or_else(|| value.clone(), |path| from_here(path).into())
        }
        // Jina keeps polling by endpoint as JSON.
        ("polling", _) => value
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok())
            .filter(Value::is_object)
            .unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    }
}

/// A path that Jina has made absolute, as its author wrote it: from the current folder.
pub(super) fn from_here(path: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let here = here.to_string_lossy();
    let inside =
        path.strip_prefix(here.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'));
    match inside {
        // From the root, every path would be a relative one.
        Some(inside) if here.len() > 1 && !inside.is_empty() => inside.to_owned(),
        _ => path.to_owned(),
    }
}

/// The range from which Jina 3 draws ports.
const RANDOM: RangeInclusive<i64> = 49_152..=65_535;

/// Forgets ports that Jina has drawn. The port of an external Executor is where it is dialled, so it is
/// the author's, unless there is no host either.
pub(super) fn forget_ports(arguments: &mut Map<String, Value>, py: Python<'_>) -> PyResult<()> {
    let drawn = drawn(py)?;
    let is_external = arguments.get("external") == Some(&Value::Bool(true));
    let has_host = !arguments.get("host").is_none_or(|host| Default::One("0.0.0.0").is(host));
    for key in ["port", "port_monitoring"] {
        if key == "port" && is_external && has_host {
            continue;
        }
        let is_random = |port: &Value| {
            port.as_i64().is_some_and(|port| RANDOM.contains(&port) || drawn.contains(&port))
        };
        let value = arguments.get(key);
        let ports = value
            .and_then(Value::as_array)
            .map_or(value.as_slice().to_vec(), |list| list.iter().collect());
        if ports.into_iter().any(is_random) {
            arguments.shift_remove(key);
        }
    }
    Ok(())
}

/// Forgets the number of replicas of an external Executor that Jina has counted: one for each host.
pub(super) fn forget_counted_replicas(arguments: &mut Map<String, Value>) {
    let count = |key: &str| arguments.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let counted = count("host").max(count("port"));
    let replicas = arguments.get("replicas").and_then(Value::as_u64);
    let is_external = arguments.get("external") == Some(&Value::Bool(true));
    if is_external && replicas.and_then(|replicas| replicas.try_into().ok()) == Some(counted) {
        arguments.shift_remove("replicas");
    }
}

/// Forgets the addresses, with drawn ports, that Jina writes over any others where an Executor with
/// shards has `uses_before` or `uses_after`.
pub(super) fn forget_addresses(arguments: &mut Map<String, Value>) {
    if arguments.get("shards").and_then(Value::as_i64).is_none_or(|shards| shards < 2) {
        return;
    }
    for (uses, address) in
        [("uses_before", "uses_before_address"), ("uses_after", "uses_after_address")]
    {
        let is_used =
            arguments.get(uses).is_some_and(|uses| !uses.is_null() && uses != "BaseExecutor");
        if is_used {
            arguments.shift_remove(address);
        }
    }
}

/// The ports that Jina remembers to have drawn, also from another range (`JINA_RANDOM_PORT_MIN`).
fn drawn(py: Python<'_>) -> PyResult<Vec<i64>> {
    // Jina is there if there is a `jina.Flow`; it is not imported here.
    let modules = py.import("sys")?.getattr("modules")?;
    let helper = modules.call_method1("get", ("jina.helper",))?;
    if helper.is_none() {
        return Ok(Vec::new());
    }
    match helper.getattr_opt("assigned_ports")? {
        Some(ports) => ports.try_iter()?.map(|port| port?.extract()).collect(),
        None => Ok(Vec::new()),
    }
}
