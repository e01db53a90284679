//! The settings of a container that only a backend knows.

use serde_json::{Map, Value};

use crate::plan::{Address, Callee};
use crate::span::Spanned;

/// Addresses, ports and names that a backend gives to a container of the Plan.
pub struct Wiring<'a> {
    /// The namespace that is passed to the process.
    pub namespace: Option<Spanned<&'a str>>,
    /// The index of the replica, if each replica has its own arguments.
    pub replica: Option<u32>,
    /// The ports that the process listens on, one per protocol.
    pub ports: Vec<Spanned<u16>>,
    /// The port of its metrics.
    pub monitoring_port: Spanned<u16>,
    /// The addresses of a callee of the Plan, at least one.
    pub addresses: &'a dyn Fn(Callee) -> Vec<Address>,
    /// Options of the process that the mesh sets.
    pub options: RuntimeOptions,
}

/// Settings of Jina's processes in addition to those of the Flow. gRPC options of the Flow win.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RuntimeOptions {
    /// Options of the channels that the process opens.
    pub channel_options: Map<String, Value>,
    /// Options of the gRPC server that the process runs.
    pub server_options: Map<String, Value>,
    /// The number of retries of a failed call, which overrides the Flow: only one layer retries a
    /// call, and retries of the others are switched off.
    pub retries: Option<u32>,
}
