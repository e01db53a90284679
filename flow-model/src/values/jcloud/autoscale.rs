//! Replicas by load.

use serde_json::{Map, Value};

use super::OtherKey;
use super::fields::{each, number, set};
use crate::source::{Node, ScalarValue};
use crate::span::Spanned;
use crate::values::ToValue;
use crate::values::number::Positive;
use crate::values::reader::Reader;

/// A number of replicas that follows their load.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Autoscale {
    /// The fewest replicas, possibly none. Not more than `most`.
    least: Spanned<u32>,
    /// The most replicas.
    most: Spanned<Positive>,
    /// What is measured.
    pub metric: Spanned<Metric>,
    /// The load of one replica to aim at: a percentage of what it asks for, or a number of requests.
    pub target: Spanned<Positive>,
    /// The seconds for which fewer replicas must be enough before some are stopped.
    pub scale_down_delay: Spanned<u32>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Requests that are in work, for each replica.
    Concurrency,
    /// Requests per second, for each replica.
    Rps,
    /// Processors, in percent of what a replica asks for.
    Cpu,
    /// Memory, in percent of what a replica asks for.
    Memory,
}

impl Metric {
    const ALL: [Self; 4] = [Self::Concurrency, Self::Rps, Self::Cpu, Self::Memory];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Concurrency => "concurrency",
            Self::Rps => "rps",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    /// Whether it is about requests, which Jina's own processes count.
    pub const fn is_traffic(self) -> bool {
        matches!(self, Self::Concurrency | Self::Rps)
    }
}

/// The largest number of replicas, and of a target.
const MOST: i64 = 1_000_000;

/// The longest delay that autoscalers of Kubernetes take, in seconds
/// (`stabilizationWindowSeconds`).
const LONGEST: u32 = 3_600;

impl Default for Autoscale {
    /// From 1 to 2 replicas, for 100 requests in work each; a replica is stopped after 30 s.
    fn default() -> Self {
        let positive = |number| Positive::new(number).expect("the constant is positive");
        Self {
            least: Spanned::unwritten(1),
            most: Spanned::unwritten(positive(2)),
            metric: Spanned::unwritten(Metric::Concurrency),
            target: Spanned::unwritten(positive(100)),
            scale_down_delay: Spanned::unwritten(30),
        }
    }
}

impl Autoscale {
    /// Between these numbers of replicas; `None` if there are fewer at the most than at the least.
    pub fn between(least: u32, most: Positive) -> Option<Self> {
        let scale = Self {
            least: Spanned::unwritten(least),
            most: Spanned::unwritten(most),
            ..Self::default()
        };
        (least <= most.get()).then_some(scale)
    }

    /// The fewest replicas, possibly none.
    pub fn least(&self) -> Spanned<u32> {
        self.least
    }

    /// The most replicas.
    pub fn most(&self) -> Spanned<Positive> {
        self.most
    }
}

/// Reads `autoscale`.
pub(super) fn read(
    node: &Node,
    others: &mut Vec<OtherKey>,
    reader: &mut Reader<'_>,
) -> Option<Autoscale> {
    const EXPECTS: &str = "a mapping such as `{min: 1, max: 4, metric: cpu, target: 80}`";
    const REPLICAS: &str = "a number of replicas from 1 to 1000000";
    let (mut least, mut most, mut metric, mut target, mut delay) = (None, None, None, None, None);
    let positive = |node: &Node, expected, reader: &mut Reader<'_>| {
        number(node, 1..=MOST, expected, reader).and_then(Positive::new)
    };
    let is_complete = each(node, EXPECTS, reader, |key, at, value, reader| match key {
        "min" => {
            let expected = "a number of replicas from 0 to 1000000";
            set(&mut least, number(value, 0..=MOST, expected, reader), value)
        }
        "max" => set(&mut most, positive(value, REPLICAS, reader), value),
        "metric" => set(&mut metric, read_metric(value, reader), value),
        "target" => {
            let expected = "a number from 1 to 1000000";
            set(&mut target, positive(value, expected, reader), value)
        }
        "scale_down_delay" => set(&mut delay, seconds(value, reader), value),
        _ => {
            let path = format!("autoscale.{key}");
            others.push(OtherKey { path, span: at, value: value.to_json() });
            true
        }
    })?;
    let default = Autoscale::default();
    let scale = Autoscale {
        least: least.unwrap_or(default.least),
        most: most.unwrap_or(default.most),
        metric: metric.unwrap_or(default.metric),
        target: target.unwrap_or(default.target),
        scale_down_delay: delay.unwrap_or(default.scale_down_delay),
    };
    if scale.least.value > scale.most.value.get() {
        let (why, label) = match scale.most.span {
            Some(_) => ("has a `min` above its `max`", "more than `max`".to_owned()),
            None => ("has a `min` above 2", "`max` is 2 if it is not set".to_owned()),
        };
        let span = scale.least.span.unwrap_or(node.span);
        reader.wrong_value_with_help(span, why, &label, "set a larger `max`");
        return None;
    }
    is_complete.then_some(scale)
}

fn read_metric(node: &Node, reader: &mut Reader<'_>) -> Option<Metric> {
    const EXPECTS: &str = "`concurrency`, `rps`, `cpu` or `memory`";
    let text = reader.text(node, EXPECTS)?;
    let found =
        Metric::ALL.into_iter().find(|known| known.word().eq_ignore_ascii_case(text.trim()));
    if found.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
    }
    found
}

/// A duration as Go writes it in one unit: `30s`, `5m`, `1h`; or a number of seconds.
fn seconds(node: &Node, reader: &mut Reader<'_>) -> Option<u32> {
    const EXPECTS: &str = "a time up to an hour, such as `30s` or `5m`";
    if let Some(scalar) = node.as_scalar()
        && let ScalarValue::Int(seconds) = scalar.resolve()
        && let Ok(seconds) = u32::try_from(seconds)
        && seconds <= LONGEST
    {
        return Some(seconds);
    }
    let text = reader.text(node, EXPECTS)?;
    let factors = [("s", 1), ("m", 60), ("h", 3_600)];
    let read = factors.into_iter().find_map(|(unit, factor)| {
        let number: u32 = text.trim().strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(factor).filter(|seconds| *seconds <= LONGEST)
    });
    if read.is_none() {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
    }
    read
}

impl ToValue for Autoscale {
    fn to_value(&self) -> Value {
        let entries = [
            ("min", self.least.value.into()),
            ("max", self.most.get().into()),
            ("metric", self.metric.word().into()),
            ("target", self.target.get().into()),
            ("scale_down_delay", format!("{}s", self.scale_down_delay.value).into()),
        ];
        Value::Object(
            entries
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>(),
        )
    }
}
