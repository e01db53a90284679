//! Replicas that may be stopped at a time.

use serde_json::Value;

use super::fields::set;
use crate::source::Node;
use crate::span::Spanned;
use crate::values::ToValue;
use crate::values::reader::Reader;

/// How many replicas a platform may stop at a time, to drain a machine for example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disruption {
    /// So many that this many remain.
    MinAvailable(Pods),
    /// This many.
    MaxUnavailable(Pods),
}

/// A number of replicas, or a share of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pods {
    /// This many.
    Count(u32),
    /// This many of a hundred.
    Percent(u8),
}

impl Disruption {
    /// The key and its value.
    pub const fn written(self) -> (&'static str, Pods) {
        match self {
            Self::MinAvailable(pods) => ("minAvailable", pods),
            Self::MaxUnavailable(pods) => ("maxUnavailable", pods),
        }
    }

    /// Whether none of so many replicas may be stopped.
    pub fn stops_none(self, replicas: u32) -> bool {
        match self {
            Self::MinAvailable(Pods::Count(count)) => count >= replicas,
            Self::MinAvailable(Pods::Percent(percent)) => {
                // Rounded up, as Kubernetes does.
                (replicas * u32::from(percent)).div_ceil(100) >= replicas
            }
            Self::MaxUnavailable(Pods::Count(count)) => count == 0,
            Self::MaxUnavailable(Pods::Percent(percent)) => percent == 0,
        }
    }
}

/// Reads `minAvailable` or `maxUnavailable`. Returns false if something is wrong.
pub(super) fn read(
    key: &str,
    node: &Node,
    disruption: &mut Option<Spanned<Disruption>>,
    reader: &mut Reader<'_>,
) -> bool {
    const EXPECTS: &str = "a number of replicas, or a percentage such as `50%`";
    let Some(text) = reader.text(node, EXPECTS) else { return false };
    let pods = match text.trim().strip_suffix('%') {
        Some(percent) => percent.parse().ok().filter(|percent| *percent <= 100).map(Pods::Percent),
        None => text.trim().parse().ok().filter(|count| *count <= 1_000_000).map(Pods::Count),
    };
    let Some(pods) = pods else {
        let why = format!("cannot be {}", reader.quoted(node.span, &text));
        reader.wrong_value(node.span, &why, &format!("expected {EXPECTS}"));
        return false;
    };
    if disruption.is_some() {
        reader.wrong_value_with_help(
            node.span,
            "is written beside the other limit",
            "expected `minAvailable` or `maxUnavailable`",
            "remove one of them",
        );
        return false;
    }
    let read = if key == "minAvailable" {
        Disruption::MinAvailable(pods)
    } else {
        Disruption::MaxUnavailable(pods)
    };
    set(disruption, Some(read), node)
}

impl ToValue for Pods {
    fn to_value(&self) -> Value {
        match self {
            Self::Count(count) => (*count).into(),
            Self::Percent(percent) => format!("{percent}%").into(),
        }
    }
}
