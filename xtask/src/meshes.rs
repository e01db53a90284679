//! The table of `docs/meshes.md`: what each mesh emits, read from what it does emit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Context as _;
use backend_k8s::mesh::{Balancing, MeshRetries, Policy, PortUse, Retries, ServicePort};
use backend_k8s::{Kubernetes, Options};
use flow_model::values::Positive;
use flow_validate::compile;
use flowship_tests::{MESHES, mesh};
use serde_json::Value;

/// Small, with all that meshes tell apart: a gateway, a head, shards, replicas.
const FLOW: &str = "\
jtype: Flow
executors:
  - name: encoder
    uses: docker://example/encoder:1
    replicas: 2
  - name: indexer
    uses: docker://example/indexer:1
    shards: 2
";

/// One row: what it is about, and a cell for each of [`MESHES`].
type Row = (&'static str, Vec<String>);

/// The table.
pub(crate) fn table() -> anyhow::Result<String> {
    let mut text = format!("| | {} |\n", MESHES.map(|name| format!("`{name}`")).join(" | "));
    writeln!(text, "|---|{}", "---|".repeat(MESHES.len()))?;
    for (title, cells) in rows()? {
        writeln!(text, "| {title} | {} |", cells.join(" | "))?;
    }
    Ok(text)
}

fn rows() -> anyhow::Result<Vec<Row>> {
    let each = |cell: &dyn Fn(&str) -> String| MESHES.iter().map(|name| cell(name)).collect();
    let mut rows: Vec<Row> = vec![
        (
            "calls are spread over replicas",
            each(&|name| match mesh(name).capabilities().balancing {
                Balancing::PerRequest => "by request".to_owned(),
                Balancing::PerConnection => "by connection".to_owned(),
            }),
        ),
        ("calls are encrypted", each(&|name| yes(mesh(name).capabilities().encrypts))),
    ];
    for (title, usage) in [
        ("gRPC port: name, `appProtocol`", PortUse::Grpc),
        ("HTTP port", PortUse::Http),
        ("WebSocket port", PortUse::WebSocket),
    ] {
        let cell = |name: &str| {
            let shape = mesh(name).port(ServicePort { usage, number: 8080, chosen: false });
            let protocol = shape.app_protocol.unwrap_or_default();
            format!("`{}`, `{protocol}`", shape.name)
        };
        rows.push((title, each(&cell)));
    }
    let bare = emitted("none", &Policy::default())?;
    let plain: Vec<_> = MESHES
        .iter()
        .map(|name| emitted(name, &Policy::default()))
        .collect::<anyhow::Result<_>>()?;
    for (title, part) in [("on Pods", "Pod"), ("on Services", "Service")] {
        rows.push((title, plain.iter().map(|e| e.beyond(&bare, part)).collect()));
    }
    rows.push(("Services and resources", plain.iter().map(Emitted::kinds).collect()));
    rows.push((
        "told to the gateway",
        plain.iter().map(|e| list(e.gateway.difference(&told(&bare)))).collect(),
    ));
    for (title, policy) in policies()? {
        let cells = MESHES.iter().zip(&plain).map(|(name, plain)| match emitted(name, &policy) {
            Ok(more) => more.added(plain),
            Err(_) => "refused".to_owned(),
        });
        rows.push((title, cells.collect()));
    }
    rows.push((
        "release",
        each(&|name| match mesh(name).requirements().release {
            Some(release) => format!("{release} or later"),
            None => String::new(),
        }),
    ));
    rows.push(("needed before", each(&|name| words(mesh(name).requirements().before))));
    rows.push(("on each Pod afterwards", each(&|name| words(mesh(name).requirements().after))));
    Ok(rows)
}

/// What every gateway is told; a mesh's own words are what is beyond it.
fn told(bare: &Emitted) -> BTreeSet<String> {
    let is_option = |word: &&String| word.starts_with("--grpc");
    bare.gateway.iter().filter(|word| !is_option(word)).cloned().collect()
}

fn policies() -> anyhow::Result<Vec<(&'static str, Policy)>> {
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::default();
        change(&mut policy);
        policy
    };
    let search = BTreeSet::from(["/search".parse()?]);
    let retries = MeshRetries::new(Positive::ONE, search).context("one endpoint is not many")?;
    Ok(vec![
        ("`--retries off` adds", with(&|policy| policy.retries = Retries::Off)),
        (
            "`--retries mesh --retry /search` adds",
            with(&|policy| policy.retries = Retries::Mesh(retries.clone())),
        ),
        ("`--circuit-breaking` adds", with(&|policy| policy.circuit_breaking = true)),
        ("`--require-mtls` adds", with(&|policy| policy.require_mtls = true)),
    ])
}

/// What an export holds that a mesh may have a hand in.
struct Emitted {
    /// `Pod` or `Service`, and a label or an annotation there.
    metadata: BTreeMap<&'static str, BTreeSet<String>>,
    /// The text of every resource of the mesh, by kind.
    resources: BTreeMap<String, Vec<String>>,
    headless: bool,
    /// The gateway's arguments, each flag with its words.
    gateway: BTreeSet<String>,
}

fn emitted(name: &str, policy: &Policy) -> anyhow::Result<Emitted> {
    let mut options = Options::default();
    options.mesh = mesh(name);
    options.policy = policy.clone();
    let backend = Kubernetes::new(options);
    let compiled = compile(("flow.yml", FLOW), &backend, &flow_validate::Options::default());
    let bundle = compiled.bundle.context("refused")?;
    let mut found = Emitted {
        metadata: BTreeMap::from([("Pod", BTreeSet::new()), ("Service", BTreeSet::new())]),
        resources: BTreeMap::new(),
        headless: false,
        gateway: BTreeSet::new(),
    };
    for (_, document) in bundle.documents() {
        let value = &document.value();
        if let Some(kind) = bundle.facts.custom_kind(document) {
            found.resources.entry(kind.to_string()).or_default().push(value.to_string());
        } else if value["kind"] == "Service" {
            found.headless |= value["spec"]["clusterIP"] == "None";
            found.note("Service", &value["metadata"]);
        } else if value["kind"] == "Deployment" {
            let template = &value["spec"]["template"];
            found.note("Pod", &template["metadata"]);
            if value["metadata"]["name"] == "gateway" {
                found.gateway = flags(&template["spec"]["containers"][0]["args"]);
            }
        }
    }
    Ok(found)
}

impl Emitted {
    fn note(&mut self, part: &'static str, metadata: &Value) {
        let name = metadata["labels"]["app"].as_str().unwrap_or_default();
        for (what, one) in [("label", "labels"), ("annotation", "annotations")] {
            for (key, value) in metadata[one].as_object().into_iter().flatten() {
                let value = value.as_str().unwrap_or_default();
                // A value that is the workload's own name is the same for all.
                let value = if value == name { "NAME" } else { value };
                let text = format!("{what} `{key}: {}`", value.trim_end().replace('\n', "; "));
                self.metadata.entry(part).or_default().insert(text);
            }
        }
    }

    fn beyond(&self, bare: &Self, part: &str) -> String {
        list(self.metadata[part].difference(&bare.metadata[part]))
    }

    fn kinds(&self) -> String {
        let service = if self.headless { "Service, Service `NAME-headless`" } else { "Service" };
        let kinds = self.resources.keys().map(|kind| kind.replace(" (", " `").replace(')', "`"));
        std::iter::once(service.to_owned()).chain(kinds).collect::<Vec<_>>().join("<br>")
    }

    /// What is here and not in `plain`; resources that differ are shown as changed.
    fn added(&self, plain: &Self) -> String {
        let mut found = Vec::new();
        for (kind, texts) in &self.resources {
            let (kind, _) = kind.split_once(' ').unwrap_or((kind, ""));
            let before = plain.resources.iter().find(|(other, _)| other.starts_with(kind));
            match before {
                None => found.push(kind.to_owned()),
                Some((_, before)) if before != texts => found.push(format!("another {kind}")),
                Some(_) => {}
            }
        }
        for part in ["Pod", "Service"] {
            let more = self.metadata[part].difference(&plain.metadata[part]);
            found.extend(more.map(|text| format!("{part} {text}")));
        }
        found.extend(self.gateway.difference(&plain.gateway).map(|word| format!("`{word}`")));
        found.join("<br>")
    }
}

/// The flags of arguments, each with its words.
fn flags(arguments: &Value) -> BTreeSet<String> {
    let mut flags: Vec<String> = Vec::new();
    for word in arguments.as_array().into_iter().flatten().filter_map(Value::as_str) {
        match flags.last_mut() {
            Some(last) if !word.starts_with("--") => *last = format!("{last} {word}"),
            _ => flags.push(word.to_owned()),
        }
    }
    // Addresses are in a table of their own.
    flags.retain(|flag| !flag.starts_with("--deployments-addresses"));
    flags.into_iter().collect()
}

fn list<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| if item.starts_with("--") { format!("`{item}`") } else { item.clone() })
        .collect();
    items.join("<br>")
}

fn words<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("<br>")
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
