//! Reads a `jina.Flow` or a `jina.Deployment` as the document that its author would have written.
//!
//! Nothing of Jina is imported or called: these are the attributes in which Jina 3 keeps what its author
//! said. Where it keeps only what became of that, [`filled_in`] takes away what Jina added.

mod filled_in;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value, json};

use crate::values::{self, attributes};

/// The name of the gateway among the Executors of a Flow that was built.
const GATEWAY: &str = "gateway";

/// The document of a Flow or of a Deployment, and the names of its Executors in order. `None` if it is
/// neither.
pub(crate) fn read(flow: &Bound<'_, PyAny>) -> PyResult<Option<(Value, Vec<String>)>> {
    let has = |names: &[&str]| -> PyResult<bool> {
        names.iter().try_fold(true, |all, name| Ok(all && flow.hasattr(*name)?))
    };
    let (mut document, names) = if has(&["_deployment_nodes", "_common_kwargs", "_gateway_kwargs"])?
    {
        of_flow(flow)?
    } else if has(&["args", "pod_args", "needs"])? {
        of_deployment(flow)?
    } else {
        return Ok(None);
    };
    // Jina replaces no expressions in what a program passes.
    flow_model::print::keep_dollars(&mut document);
    Ok(Some((Value::Object(document), names)))
}

type Document = (Map<String, Value>, Vec<String>);

fn of_flow(flow: &Bound<'_, PyAny>) -> PyResult<Document> {
    let common = object(&flow.getattr("_common_kwargs")?, "Flow")?;
    let mut with = filled_in::without(&arguments(flow, "Flow")?, filled_in::FLOW, &common);
    with.extend(common.clone());
    let gateway = gateway(flow, &common)?;
    let nodes: Vec<Node<'_>> = nodes(flow)?;
    let workspace = with.get("workspace").cloned();
    let mut executors = Vec::new();
    let mut names = Vec::new();
    let mut last = GATEWAY;
    for node in nodes.iter().filter(|node| !node.is_added()) {
        let mut entry = Map::new();
        entry.insert("name".to_owned(), node.name.as_str().into());
        let needs = node.needs(&nodes);
        match node.role.as_str() {
            "INSPECT" => drop(entry.insert("method".to_owned(), "inspect".into())),
            "JOIN_INSPECT" => drop(entry.insert("method".to_owned(), "gather_inspect".into())),
            _ if needs == [last] => {}
            _ => drop(entry.insert("needs".to_owned(), json!(needs))),
        }
        let mut settings = node.settings(&common)?;
        let inherited =
            settings.get("workspace").is_some_and(|own| is_same_path(own, workspace.as_ref()));
        if inherited {
            settings.remove("workspace");
        }
        entry.extend(settings);
        if node.role != "INSPECT" && entry.get("floating") != Some(&Value::Bool(true)) {
            last = &node.name;
        }
        names.push(node.name.clone());
        executors.push(Value::Object(entry));
    }
    let mut document = Map::new();
    document.insert("jtype".to_owned(), "Flow".into());
    for (key, map) in [("with", with), ("gateway", gateway)] {
        if !map.is_empty() {
            document.insert(key.to_owned(), map.into());
        }
    }
    document.insert("executors".to_owned(), executors.into());
    Ok((document, names))
}

/// What `config_gateway`, `expose_endpoint` and setters of the Flow said beyond the Flow's own arguments.
fn gateway(flow: &Bound<'_, PyAny>, common: &Map<String, Value>) -> PyResult<Map<String, Value>> {
    let mut gateway = object(&flow.getattr("_gateway_kwargs")?, GATEWAY)?;
    gateway.retain(|key, value| common.get(key) != Some(value));
    let endpoints = match flow.getattr_opt("_endpoints_mapping")? {
        Some(endpoints) => object(&endpoints, "expose_endpoint")?,
        None => Map::new(),
    };
    // Arguments of the gateway win over it in Jina, too.
    if !endpoints.is_empty() && !common.contains_key("expose_endpoints") {
        gateway.entry("expose_endpoints").or_insert(endpoints.into());
    }
    Ok(gateway)
}

fn of_deployment(deployment: &Bound<'_, PyAny>) -> PyResult<Document> {
    let node = Node::new("executor", deployment)?;
    let mut with = Map::new();
    with.insert("name".to_owned(), node.name.as_str().into());
    with.extend(node.settings(&Map::new())?);
    // With a gateway in front, the port is that of the gateway.
    if let Some(gateway) = deployment.getattr_opt("_gateway_kwargs")? {
        for (key, value) in object(&gateway, GATEWAY)? {
            if ["port", "ports"].contains(&key.as_str()) {
                with.insert("port".to_owned(), value);
            }
        }
    }
    let mut document = Map::new();
    document.insert("jtype".to_owned(), "Deployment".into());
    document.insert("with".to_owned(), with.into());
    Ok((document, Vec::new()))
}

/// One Deployment of a Flow.
struct Node<'py> {
    /// The key of the Flow.
    key: String,
    name: String,
    role: String,
    deployment: Bound<'py, PyAny>,
    /// The keys of other Deployments.
    needs: Vec<String>,
}

fn nodes<'py>(flow: &Bound<'py, PyAny>) -> PyResult<Vec<Node<'py>>> {
    let nodes: Bound<'py, PyDict> = flow.getattr("_deployment_nodes")?.cast_into()?;
    let nodes = nodes.iter().map(|(key, node)| Node::new(&key.extract::<String>()?, &node));
    nodes.collect()
}

impl<'py> Node<'py> {
    fn new(key: &str, deployment: &Bound<'py, PyAny>) -> PyResult<Self> {
        let args = deployment.getattr("args")?;
        let attribute = |name: &str| -> PyResult<Option<Value>> {
            let value = args.getattr_opt(name)?;
            value.map(|value| values::value(&value, &format!("{key}.{name}"))).transpose()
        };
        let word = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let own = word(attribute("name")?);
        // A Deployment that was added without a name has the name of its class.
        let name = own.filter(|name| name != filled_in::UNNAMED).unwrap_or_else(|| key.to_owned());
        let role = word(attribute("deployment_role")?).unwrap_or_default();
        let needs = deployment.getattr("needs")?.try_iter()?;
        let needs = needs.map(|need| need?.extract()).collect::<PyResult<_>>()?;
        Ok(Self { key: key.to_owned(), name, role, deployment: deployment.clone(), needs })
    }

    /// True if its author did not add it: the gateway, and what `inspect` puts beside an Executor.
    fn is_added(&self) -> bool {
        self.role == "INSPECT_AUX_PASS" || self.key == GATEWAY
    }

    /// The names of what it needs, in the order of the Flow: Jina keeps a set.
    fn needs<'a>(&'a self, nodes: &'a [Self]) -> Vec<&'a str> {
        let mut needs = Vec::new();
        if self.needs.iter().any(|need| resolved(need, nodes) == GATEWAY) {
            needs.push(GATEWAY);
        }
        let wanted: Vec<&str> = self.needs.iter().map(|need| resolved(need, nodes)).collect();
        let known = nodes.iter().filter(|node| !node.is_added());
        needs.extend(known.map(|node| node.name.as_str()).filter(|name| wanted.contains(name)));
        let mut unknown: Vec<_> = wanted.into_iter().filter(|need| !needs.contains(need)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        needs.extend(unknown);
        needs
    }

    fn settings(&self, common: &Map<String, Value>) -> PyResult<Map<String, Value>> {
        let mut args = arguments(&self.deployment, &self.name)?;
        filled_in::forget_ports(&mut args, self.deployment.py())?;
        filled_in::forget_addresses(&mut args);
        filled_in::forget_counted_replicas(&mut args);
        Ok(filled_in::without(&args, filled_in::EXECUTOR, common))
    }
}

/// The name of the Executor that a need means: what `inspect` adds passes on the results of another.
fn resolved<'a>(need: &'a str, nodes: &'a [Node<'_>]) -> &'a str {
    let mut need = need;
    // Each step leads to an earlier Deployment.
    for _ in nodes {
        match nodes.iter().find(|node| node.key == need) {
            Some(node) if node.role == "INSPECT_AUX_PASS" => match node.needs.first() {
                Some(inspected) => need = inspected,
                None => return GATEWAY,
            },
            Some(node) => return &node.name,
            None => return need,
        }
    }
    need
}

/// The arguments of a Flow or a Deployment after Jina's parser.
fn arguments(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Map<String, Value>> {
    let mut arguments = Map::new();
    for (key, value) in attributes(&object.getattr("args")?)? {
        let key: String = key.extract()?;
        if filled_in::IGNORED.contains(&key.as_str()) {
            continue;
        }
        let value = values::value(&value, &format!("{name}.{key}"))?;
        arguments.insert(key, value);
    }
    Ok(arguments)
}

fn object(dict: &Bound<'_, PyAny>, name: &str) -> PyResult<Map<String, Value>> {
    match values::value(dict, name)? {
        Value::Object(map) => Ok(map),
        _ => Err(PyTypeError::new_err(format!("this version of Jina is not known: `{name}`"))),
    }
}

/// True if a path of Jina's is the one that the author wrote, which Jina makes absolute.
fn is_same_path(own: &Value, written: Option<&Value>) -> bool {
    let Some(own) = own.as_str() else { return false };
    let written = written.and_then(Value::as_str);
    written.is_some_and(|written| {
        own == written || filled_in::from_here(own) == written.trim_start_matches("./")
    })
}
