//! GPUs.

use serde_json::Value;

use super::number::GpuCount;
use super::reader::{FromNode, Reader};
use super::{ArgumentValue, ToArguments, ToValue};
use crate::source::Node;

/// A number of GPUs, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gpus {
    /// This many, possibly none.
    Count(GpuCount),
    /// All GPUs of the machine, which Docker supports and Kubernetes does not.
    All,
}

impl Gpus {
    /// No GPU at all.
    pub fn is_none(self) -> bool {
        matches!(self, Self::Count(count) if count.get() == 0)
    }
}

impl From<GpuCount> for Gpus {
    fn from(count: GpuCount) -> Self {
        Self::Count(count)
    }
}

impl FromNode for Gpus {
    const EXPECTS: &'static str = "a number of GPUs from 0 to 1024, or `all`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = node.as_scalar().map(|scalar| scalar.text.trim()).unwrap_or_default();
        if written == "all" {
            return Some(Self::All);
        }
        // Other values of `docker run`, and values that Jina reads in CUDA_VISIBLE_DEVICES.
        if written.starts_with("device=") || written.starts_with("RR") || written.contains(',') {
            reader.wrong_value_with_help(
                node.span,
                "chooses devices",
                "expected a number",
                "write the number of GPUs; the scheduler chooses them",
            );
            return None;
        }
        let count = reader.integer_in(node, GpuCount::RANGE, Self::EXPECTS)?;
        GpuCount::new(count).map(Self::Count)
    }
}

impl ToArguments for Gpus {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::word(match self {
            Self::Count(count) => count.get().to_string(),
            Self::All => "all".to_owned(),
        })
    }
}

impl ToValue for Gpus {
    fn to_value(&self) -> Value {
        match self {
            Self::Count(count) => count.get().into(),
            Self::All => "all".into(),
        }
    }
}
