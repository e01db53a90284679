//! Numbers.

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{ArgumentValue, BadValue, ToArguments, ToValue};
use crate::source::Node;

macro_rules! number {
    ($(#[$doc:meta])* $Name:ident($Inner:ty), $least:literal to $most:literal, $expects:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Name($Inner);

        impl $Name {
            pub(super) const RANGE: std::ops::RangeInclusive<i64> = $least..=$most;

            /// The number, or `None` when it is out of range.
            pub fn new(value: $Inner) -> Option<Self> {
                Self::RANGE.contains(&i64::from(value)).then_some(Self(value))
            }

            /// The number.
            pub fn get(self) -> $Inner {
                self.0
            }
        }

        impl FromNode for $Name {
            const EXPECTS: &'static str = $expects;

            fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                reader.integer_in(node, Self::RANGE, Self::EXPECTS).map(Self)
            }
        }

        impl TryFrom<$Inner> for $Name {
            type Error = BadValue;

            fn try_from(value: $Inner) -> Result<Self, BadValue> {
                Self::new(value).ok_or_else(|| BadValue::new(value, $expects))
            }
        }

        impl std::str::FromStr for $Name {
            type Err = BadValue;

            fn from_str(written: &str) -> Result<Self, BadValue> {
                let value = written.trim().parse().ok().and_then(Self::new);
                value.ok_or_else(|| BadValue::new(written, $expects))
            }
        }

        impl ToValue for $Name {
            fn to_value(&self) -> Value {
                self.0.into()
            }
        }

        impl ToArguments for $Name {
            fn to_arguments(&self) -> ArgumentValue {
                ArgumentValue::Words(vec![self.0.to_string()])
            }
        }
    };
}

number! {
    /// The number of replicas: at least 1, and limited because no cluster supports more.
    Positive(u32), 1 to 1_000_000, "an integer from 1 to 1000000"
}

impl Positive {
    /// One.
    pub const ONE: Self = Self(1);
}

number! {
    /// The number of shards. Each is a workload, so the number is limited.
    Shards(u32), 1 to 1_000, "an integer from 1 to 1000"
}

number! {
    /// An integer of at least 0.
    Count(u32), 0 to 4_294_967_295, "an integer from 0 on"
}

number! {
    /// The number of GPUs, which may be 0.
    GpuCount(u32), 0 to 1_024, "a number of GPUs from 0 to 1024"
}

number! {
    /// A TCP port.
    Port(u16), 1 to 65_535, "a port between 1 and 65535"
}

number! {
    /// At least 0, or -1 for "no limit": Jina's timeouts (milliseconds) and retries.
    OptionalLimit(i32), -1 to 2_147_483_647, "an integer from 0 on, or -1"
}

impl OptionalLimit {
    /// No limit; for retries, Jina's default.
    pub const NONE: Self = Self(-1);

    /// The limit, or `None` for "no limit".
    pub fn limit(self) -> Option<u32> {
        u32::try_from(self.0).ok()
    }
}
