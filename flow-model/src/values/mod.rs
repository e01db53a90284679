//! What may stand behind a key: one type for each form of value.

mod choice;
mod environment;
mod hosts;
mod image;
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
mod uses;

pub use choice::{Compression, Method, Protocol, Protocols};
pub use environment::Environment;
pub use hosts::{Host, Hosts};
pub use image::{BadImage, Image};
pub use key_values::KeyValues;
pub use metadata::Metadata;
pub use names::Names;
pub use needs::Needs;
pub use number::{Count, Limit, Positive, Shards};
pub use polling::{Poll, Polling};
pub use ports::Ports;
pub use reader::{FromNode, Reader};
pub use rules::{RULES, WRONG_TYPE, WRONG_VALUE};
pub use secrets::{SecretKey, SecretReferences};
pub use text::{Text, Toggle};
pub use uses::{JinaGateway, Uses};

use crate::arguments::ArgumentValue;

/// A value that Jina's processes take on their command line.
pub(crate) trait ToArguments {
    /// The words behind the flag, or a bare flag.
    fn to_arguments(&self) -> ArgumentValue;
}
