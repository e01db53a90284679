//! What only a backend knows about a container.

use serde_json::{Map, Value};

use crate::plan::{Address, Callee};
use crate::span::Spanned;

/// Addresses, ports and names that a backend gives to a container of the Plan.
pub struct Wiring<'a> {
    /// Told to the process as its namespace.
    pub namespace: Option<Spanned<&'a str>>,
    /// Which of several replicas the process is, where each is told its own arguments.
    pub replica: Option<u32>,
    /// The ports that the process listens on, one a protocol.
    pub ports: Vec<Spanned<u16>>,
    /// The port of its metrics.
    pub monitoring_port: Spanned<u16>,
    /// Where a callee of the Plan is found: at least one address.
    pub addresses: &'a dyn Fn(Callee) -> Vec<Address>,
    /// What the mesh wants the process to be told.
    pub options: RuntimeOptions,
}

/// Settings of Jina's processes beyond those of the Flow. What the Flow itself says of gRPC wins.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RuntimeOptions {
    /// Options of the channels that the process opens.
    pub channel_options: Map<String, Value>,
    /// Options of the gRPC server that the process runs.
    pub server_options: Map<String, Value>,
    /// How often the process tries a failed call again, whatever the Flow says: one of all that
    /// could retry a call owns it, and the others are switched off.
    pub retries: Option<u32>,
}
