//! Processors, memory and GPUs.

use serde_json::{Map, Value};

use super::fields::{each, put, quantity, set};
use super::{Jcloud, OtherKey, storage};
use crate::quantity::Quantity;
use crate::source::Node;
use crate::span::Spanned;
use crate::values::number::GpuCount;
use crate::values::reader::Reader;

/// What each replica needs to run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    /// Processors.
    pub cpu: Option<Spanned<Quantity>>,
    /// Memory, in bytes.
    pub memory: Option<Spanned<Quantity>>,
    /// GPUs.
    pub gpus: Option<Spanned<GpuShare>>,
    /// The kind of machine.
    pub capacity: Option<Spanned<Capacity>>,
}

/// GPUs of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuShare {
    /// A part of one GPU.
    Shared,
    /// This many.
    Whole(GpuCount),
}

/// The kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// Cheap, and taken away at short notice.
    Spot,
    /// Kept as long as it is needed.
    OnDemand,
}

impl Capacity {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spot => "spot",
            Self::OnDemand => "on-demand",
        }
    }
}

/// The sizes that Jina's cloud had: name, processors, memory, GPUs.
///
/// Those with GPUs named no processors.
const INSTANCES: [(&str, Option<&str>, &str, Option<&str>); 12] = [
    ("C1", Some("100m"), "200M", None),
    ("C2", Some("500m"), "1G", None),
    ("C3", Some("1"), "2G", None),
    ("C4", Some("2"), "4G", None),
    ("C5", Some("4"), "8G", None),
    ("C6", Some("8"), "16G", None),
    ("C7", Some("16"), "32G", None),
    ("C8", Some("32"), "64G", None),
    ("G1", None, "14G", Some("shared")),
    ("G2", None, "14G", Some("1")),
    ("G3", None, "24G", Some("2")),
    ("G4", None, "56G", Some("4")),
];

const GPUS: &str = "`shared`, or a number of GPUs from 0 to 1024";

const KEYS: [&str; 6] = ["instance", "cpu", "memory", "gpu", "capacity", "storage"];

/// Reads `resources`. Returns false if something is wrong.
pub(super) fn read(
    node: &Node,
    jcloud: &mut Jcloud,
    others: &mut Vec<OtherKey>,
    reader: &mut Reader<'_>,
) -> bool {
    const EXPECTS: &str = "a mapping such as `{cpu: 2, memory: 4G}`";
    let Jcloud { resources, storage: volume, .. } = jcloud;
    let mut of_instance = Resources { capacity: resources.capacity, ..Resources::default() };
    let mut own = Resources::default();
    let is_complete = each(node, EXPECTS, reader, |key, at, value, reader| {
        if !KEYS.contains(&key) {
            let path = format!("resources.{key}");
            others.push(OtherKey { path, span: at, value: value.to_json() });
            return true;
        }
        match key {
            "instance" => instance(value, &mut of_instance, reader),
            "cpu" => {
                let cpu = quantity(value, "1m", "a number of processors such as `0.5`", reader);
                set(&mut own.cpu, cpu, value)
            }
            "memory" => {
                let memory = quantity(value, "1M", "a size such as `4G`", reader);
                set(&mut own.memory, memory, value)
            }
            "gpu" => set(&mut own.gpus, gpus(value, reader), value),
            "capacity" => set(&mut own.capacity, capacity(value, reader), value),
            _ => set(volume, storage::read(value, others, reader), value),
        }
    });
    // What is written for itself wins over the instance, in whatever order they stand.
    *resources = Resources {
        cpu: own.cpu.or(of_instance.cpu),
        memory: own.memory.or(of_instance.memory),
        gpus: own.gpus.or(of_instance.gpus).filter(|gpus| !gpus.value.is_none()),
        capacity: own.capacity.or(of_instance.capacity),
    };
    is_complete.unwrap_or(false)
}

/// Reads `instance`, the name of a size.
pub(super) fn instance(node: &Node, resources: &mut Resources, reader: &mut Reader<'_>) -> bool {
    const EXPECTS: &str = "a size from `C1` to `C8`, or from `G1` to `G4`";
    let Some(text) = reader.text(node, EXPECTS) else { return false };
    let Some((_, cpu, memory, gpus)) =
        INSTANCES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text.trim()))
    else {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value_with_help(
            node.span,
            &why,
            &format!("expected {EXPECTS}"),
            "write the resources themselves: `cpu`, `memory`, `gpu`",
        );
        return false;
    };
    let amount = |text: &str| {
        let quantity = text.parse::<Quantity>().expect("the constant is a quantity");
        Spanned::new(quantity, node.span)
    };
    resources.cpu = resources.cpu.take().or(cpu.map(amount));
    resources.memory = resources.memory.take().or(Some(amount(memory)));
    let share = gpus.and_then(GpuShare::named);
    resources.gpus = resources.gpus.or(share.map(|share| Spanned::new(share, node.span)));
    true
}

impl GpuShare {
    fn named(text: &str) -> Option<Self> {
        match text.trim() {
            "shared" => Some(Self::Shared),
            number => number.parse().ok().map(Self::Whole),
        }
    }

    fn is_none(self) -> bool {
        matches!(self, Self::Whole(count) if count.get() == 0)
    }
}

fn gpus(node: &Node, reader: &mut Reader<'_>) -> Option<GpuShare> {
    let text = reader.text(node, GPUS)?;
    let share = GpuShare::named(&text);
    if share.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {GPUS}"));
    }
    share
}

/// Reads `capacity`.
pub(super) fn capacity(node: &Node, reader: &mut Reader<'_>) -> Option<Capacity> {
    const EXPECTS: &str = "`spot` or `on-demand`";
    let text = reader.text(node, EXPECTS)?;
    let found = [Capacity::Spot, Capacity::OnDemand]
        .into_iter()
        .find(|known| known.word().eq_ignore_ascii_case(&text.trim().replace('_', "-")));
    if found.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
    }
    found
}

impl Resources {
    /// The keys that are set, as they are written.
    pub(super) fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        let quantity = |quantity: &Spanned<Quantity>| Value::from(quantity.as_str());
        put(&mut map, "cpu", self.cpu.as_ref().map(quantity));
        put(&mut map, "memory", self.memory.as_ref().map(quantity));
        put(
            &mut map,
            "gpu",
            self.gpus.map(|gpus| match gpus.value {
                GpuShare::Shared => "shared".into(),
                GpuShare::Whole(count) => count.get().into(),
            }),
        );
        put(&mut map, "capacity", self.capacity.map(|capacity| capacity.word().into()));
        map
    }
}
