//! `jcloud`, what a Flow asks of the platform that it runs on.
//!
//! Jina's own cloud understood these keys. They mean what its documentation says (Jina 3.x,
//! `docs/concepts/jcloud/configuration.md`). A [Plan](crate::plan) holds what they say in neutral
//! types, which every backend decides on.

mod autoscale;
mod disruption;
mod fields;
mod monitor;
mod resources;
mod storage;

use indexmap::IndexMap;
use serde_json::{Map, Value};

pub use autoscale::{Autoscale, Metric};
pub use disruption::{Disruption, Pods};
pub use monitor::{Collector, Monitor};
pub use resources::{Capacity, GpuShare, Resources};
pub use storage::{Storage, StorageKind};

use super::ToValue;
use super::reader::{FromNode, Reader};
use crate::source::{Node, NodeValue};
use crate::span::{Span, Spanned};
use fields::{each, number, put, set, toggle};

/// A mapping `jcloud`: what the entry asks of the platform that it runs on.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Jcloud {
    /// The name of the Flow.
    pub name: Option<Spanned<String>>,
    /// The release of Jina.
    pub version: Option<Spanned<String>>,
    /// Labels of everything that belongs to the entry.
    pub labels: IndexMap<String, Spanned<String>>,
    /// Processors, memory and GPUs of each replica.
    pub resources: Resources,
    /// A volume at the workspace.
    pub storage: Option<Spanned<Storage>>,
    /// The number of replicas, by their load.
    pub autoscale: Option<Spanned<Autoscale>>,
    /// The number of replicas that may be stopped at a time.
    pub disruption: Option<Spanned<Disruption>>,
    /// Whether clients reach it from outside.
    pub expose: Option<Spanned<bool>>,
    /// The seconds after which an idle connection of a client is closed.
    pub timeout: Option<Spanned<u32>>,
    /// Where its traces and metrics are sent.
    pub monitor: Monitor,
    /// Other keys, each as the path under `jcloud`.
    pub others: Vec<OtherKey>,
}

/// A key under `jcloud` that has no meaning outside Jina's cloud, or none at all.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OtherKey {
    /// The key as it is written, after the keys around it: `resources.requests`.
    pub path: String,
    /// The place of the key.
    pub span: Option<Span>,
    /// Its value, to be printed again.
    value: Value,
}

/// Equal if they say the same, wherever it is written.
impl PartialEq for OtherKey {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.value == other.value
    }
}

/// Something that a Flow asks of its platform. A backend decides on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provision {
    /// `labels`.
    Labels,
    /// `resources.cpu`, also as part of an `instance`.
    Cpu,
    /// `resources.memory`, also as part of an `instance`.
    Memory,
    /// `resources.gpu`, a number.
    Gpus,
    /// `resources.gpu: shared`.
    SharedGpu,
    /// `resources.capacity`.
    Capacity,
    /// `resources.storage` of the kind `ephemeral`.
    EphemeralStorage,
    /// `resources.storage` of the kind `ebs`.
    BlockStorage,
    /// `resources.storage` of the kind `efs`.
    FileStorage,
    /// `autoscale`.
    Autoscale,
    /// `minAvailable` or `maxUnavailable`.
    Disruption,
    /// `expose`.
    Expose,
    /// `timeout`.
    Timeout,
}

impl Provision {
    /// Every provision.
    pub const ALL: [Self; 13] = [
        Self::Labels,
        Self::Cpu,
        Self::Memory,
        Self::Gpus,
        Self::SharedGpu,
        Self::Capacity,
        Self::EphemeralStorage,
        Self::BlockStorage,
        Self::FileStorage,
        Self::Autoscale,
        Self::Disruption,
        Self::Expose,
        Self::Timeout,
    ];

    /// Whether it means something for a gateway, which has no GPUs and no workspace.
    pub const fn is_of_gateway(self) -> bool {
        !matches!(
            self,
            Self::Gpus
                | Self::SharedGpu
                | Self::EphemeralStorage
                | Self::BlockStorage
                | Self::FileStorage
        )
    }

    /// Whether it means something for an Executor, which has no clients of its own.
    pub const fn is_of_executor(self) -> bool {
        !matches!(self, Self::Timeout)
    }

    /// The key, after those around it, as findings name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Labels => "jcloud.labels",
            Self::Cpu => "jcloud.resources.cpu",
            Self::Memory => "jcloud.resources.memory",
            Self::Gpus => "jcloud.resources.gpu",
            Self::SharedGpu => "jcloud.resources.gpu: shared",
            Self::Capacity => "jcloud.resources.capacity",
            Self::EphemeralStorage => "jcloud.resources.storage: ephemeral",
            Self::BlockStorage => "jcloud.resources.storage: ebs",
            Self::FileStorage => "jcloud.resources.storage: efs",
            Self::Autoscale => "jcloud.autoscale",
            Self::Disruption => "jcloud.minAvailable",
            Self::Expose => "jcloud.expose",
            Self::Timeout => "jcloud.timeout",
        }
    }
}

impl Jcloud {
    /// What is asked for, each with its place.
    pub fn provisions(&self) -> Vec<Spanned<Provision>> {
        let mut asked = Vec::new();
        let mut add = |provision, span| asked.push(Spanned { value: provision, span });
        if let Some((_, first)) = self.labels.first() {
            add(Provision::Labels, first.span);
        }
        let Resources { cpu, memory, gpus, capacity } = &self.resources;
        if let Some(cpu) = cpu {
            add(Provision::Cpu, cpu.span);
        }
        if let Some(memory) = memory {
            add(Provision::Memory, memory.span);
        }
        if let Some(gpus) = gpus {
            let provision = match gpus.value {
                GpuShare::Shared => Provision::SharedGpu,
                GpuShare::Whole(_) => Provision::Gpus,
            };
            add(provision, gpus.span);
        }
        if let Some(capacity) = capacity {
            add(Provision::Capacity, capacity.span);
        }
        if let Some(storage) = &self.storage {
            let provision = match storage.kind {
                StorageKind::Ephemeral => Provision::EphemeralStorage,
                StorageKind::Block => Provision::BlockStorage,
                StorageKind::File => Provision::FileStorage,
            };
            add(provision, storage.span);
        }
        if let Some(autoscale) = &self.autoscale {
            add(Provision::Autoscale, autoscale.span);
        }
        if let Some(disruption) = &self.disruption {
            add(Provision::Disruption, disruption.span);
        }
        if let Some(expose) = self.expose {
            add(Provision::Expose, expose.span);
        }
        if let Some(timeout) = self.timeout {
            add(Provision::Timeout, timeout.span);
        }
        asked
    }
}

const KEYS: [&str; 12] = [
    "name",
    "version",
    "labels",
    "resources",
    "capacity",
    "autoscale",
    "minAvailable",
    "maxUnavailable",
    "expose",
    "timeout",
    "monitor",
    "instance",
];

impl FromNode for Jcloud {
    const EXPECTS: &'static str = "a mapping such as `{resources: {memory: 4G}}`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut jcloud = Self::default();
        let mut others = Vec::new();
        let is_complete = each(node, Self::EXPECTS, reader, |key, at, value, reader| {
            if !KEYS.contains(&key) {
                others.push(OtherKey { path: key.to_owned(), span: at, value: value.to_json() });
                return true;
            }
            match key {
                "name" => set(&mut jcloud.name, reader.text(value, "a name"), value),
                "version" => set(&mut jcloud.version, reader.text(value, "a version"), value),
                "labels" => labels(value, &mut jcloud.labels, reader),
                "resources" => resources::read(value, &mut jcloud, &mut others, reader),
                // Older files have it beside `resources`.
                "capacity" => {
                    set(&mut jcloud.resources.capacity, resources::capacity(value, reader), value)
                }
                "instance" => resources::instance(value, &mut jcloud.resources, reader),
                "autoscale" => {
                    let read = autoscale::read(value, &mut others, reader);
                    set(&mut jcloud.autoscale, read, value)
                }
                "minAvailable" | "maxUnavailable" => {
                    disruption::read(key, value, &mut jcloud.disruption, reader)
                }
                "expose" => set(&mut jcloud.expose, toggle(value, reader), value),
                "timeout" => {
                    let seconds =
                        number(value, 1..=86_400, "a number of seconds up to 86400", reader);
                    set(&mut jcloud.timeout, seconds, value)
                }
                _ => monitor::read(value, &mut jcloud.monitor, &mut others, reader),
            }
        })?;
        jcloud.others = others;
        is_complete.then_some(jcloud)
    }
}

/// Every object of every workload has them.
const MOST_LABELS: usize = 64;

/// Labels, of which Jina's cloud took any scalar as text.
fn labels(
    node: &Node,
    labels: &mut IndexMap<String, Spanned<String>>,
    reader: &mut Reader<'_>,
) -> bool {
    const EXPECTS: &str = "a mapping of names to text";
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_type(node, EXPECTS);
        return false;
    };
    if mapping.iter().count() > MOST_LABELS {
        let why = format!("has more than {MOST_LABELS} labels");
        reader.wrong_value(node.span, &why, &format!("expected at most {MOST_LABELS}"));
        return false;
    }
    let mut is_complete = true;
    for entry in mapping.iter().filter(|entry| !entry.value.is_null()) {
        match &entry.value.value {
            NodeValue::Scalar(scalar) => {
                let label = Spanned::new(scalar.text.clone(), entry.value.span);
                labels.insert(entry.key.value.clone(), label);
            }
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                reader.wrong_type(&entry.value, "text");
                is_complete = false;
            }
        }
    }
    is_complete
}

impl ToValue for Jcloud {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        let text = |text: &Spanned<String>| Value::from(text.value.as_str());
        put(&mut map, "name", self.name.as_ref().map(text));
        put(&mut map, "version", self.version.as_ref().map(text));
        let labels: Map<_, _> =
            self.labels.iter().map(|(name, label)| (name.clone(), text(label))).collect();
        put(&mut map, "labels", (!labels.is_empty()).then_some(Value::Object(labels)));
        let mut resources = self.resources.to_map();
        put(&mut resources, "storage", self.storage.as_ref().map(|storage| storage.to_value()));
        put(&mut map, "resources", (!resources.is_empty()).then_some(Value::Object(resources)));
        put(&mut map, "autoscale", self.autoscale.as_ref().map(|autoscale| autoscale.to_value()));
        if let Some(disruption) = &self.disruption {
            let (name, pods) = disruption.written();
            map.insert(name.to_owned(), pods.to_value());
        }
        put(&mut map, "expose", self.expose.map(|expose| expose.value.into()));
        put(&mut map, "timeout", self.timeout.map(|timeout| timeout.value.into()));
        let monitor = self.monitor.to_map();
        put(&mut map, "monitor", (!monitor.is_empty()).then_some(Value::Object(monitor)));
        for other in &self.others {
            insert_at(&mut map, &other.path, other.value.clone());
        }
        Value::Object(map)
    }
}

/// Inserts a value at a path of mappings.
fn insert_at(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.').filter(|(first, _)| KEYS.contains(first)) {
        Some((first, rest)) => {
            let inner = map.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert_at(inner, rest, value);
            }
        }
        None => {
            map.insert(path.to_owned(), value);
        }
    }
}
