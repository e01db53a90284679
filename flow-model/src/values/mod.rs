//! The values of keys: one type for each form of value.

/// Implements conversions from arrays and vectors for values that are lists, through their
/// `FromIterator`.
macro_rules! from_lists {
    ($Name:ident of $Item:ty $(where $($generics:tt)+)?) => {
        impl<$($($generics)+,)? const N: usize> From<[$Item; N]> for $Name {
            fn from(list: [$Item; N]) -> Self {
                list.into_iter().collect()
            }
        }

        impl<$($($generics)+)?> From<Vec<$Item>> for $Name {
            fn from(list: Vec<$Item>) -> Self {
                list.into_iter().collect()
            }
        }
    };
}

mod anything;
mod argument;
mod bad_value;
mod block;
mod choice;
mod command;
mod compose;
mod environment;
mod exposure;
mod extra;
mod form;
mod gpus;
mod hosts;
mod image;
mod inline;
mod jcloud;
mod key_values;
mod metadata;
mod names;
mod needs;
mod number;
mod polling;
mod ports;
mod reader;
mod rules;
mod secrets;
mod text;
mod tree;
mod uses;
mod volumes;

pub use anything::Anything;
pub(crate) use argument::{ArgumentValue, to_json};
pub use bad_value::BadValue;
pub use block::{BlockFile, BlockWord, KubernetesBlock};
pub use choice::{Compression, Inspect, Method, NetworkMode, Protocol, Protocols, Provider};
pub use command::Command;
pub use compose::{ComposeBlock, LogDriver, Logging, Restart};
pub use environment::Environment;
pub use exposure::{ClassName, DnsName, Entrance, ExposedHosts, Exposure, GatewayName, HostName};
pub use extra::{Extra, ExtraValue};
pub use form::{Form, Formed};
pub use gpus::Gpus;
pub use hosts::{Host, Hosts};
pub use image::{BadImage, Image};
pub use inline::InlineExecutor;
pub(crate) use inline::name_in_metas;
pub use jcloud::{
    Autoscale, Capacity, Collector, Disruption, GpuShare, Jcloud, Metric, Monitor, OtherKey, Pods,
    Provision, Resources, Storage, StorageKind,
};
pub use key_values::{KeyValues, Part};
pub use metadata::Metadata;
pub use names::Names;
pub use needs::Needs;
pub use number::{Count, GpuCount, OptionalLimit, Port, Positive, Shards};
pub use polling::{Poll, Polling};
pub use ports::Ports;
pub use reader::{FromNode, Reader};
pub use rules::{RULES, WRONG_TYPE, WRONG_VALUE};
pub use secrets::{SecretKey, SecretReferences};
pub use text::{Text, Toggle};
pub use tree::{Tree, TreeEntry, TreeScalar, TreeValue};
pub use uses::{JinaGateway, Uses};
pub use volumes::{Relabel, Volume, Volumes};

use serde_json::Value;

/// The inverse of [`FromNode`]: a value as it is written in a Flow.
pub trait ToValue {
    /// The value.
    fn to_value(&self) -> Value;
}

/// A list of one item is written as the item itself.
fn one_or_list(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

/// A value that Jina's processes accept on their command line.
pub(crate) trait ToArguments {
    /// The values of the flag, or a flag without a value.
    fn to_arguments(&self) -> ArgumentValue;
}
