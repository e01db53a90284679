//! What to run, and which container calls which; without host names or ports.

mod address;
mod build;
mod calls;
mod deployment;
mod images;
mod images_file;
mod size;

pub use crate::names::{dns_label, nearest_label, volume_label};
pub use address::Address;
pub use build::{NO_LIMIT, build, external_addresses, gateway_protocols};
pub use images::{DEFAULT_IMAGE, ImageProblem, Images};
pub use size::charge;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::keys::{ExecutorSettings, GatewaySettings, Role};
use crate::names::flow_name;
use crate::span::{Span, Spanned};
use crate::values::{
    Command, Environment, Gpus, Image, JinaGateway, KeyValues, Metadata, Names, OptionalLimit,
    Ports, Positive, Protocol, SecretReferences, Volumes,
};

/// Where Jina's processes offer their metrics, unless something else is said.
pub const METRICS_PORT: u16 = 9090;

/// All that a backend has to run for one Flow.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The Flow's name, where it has one.
    pub name: Option<Spanned<String>>,
    /// What it goes by where it has no name: that of its file, where whoever compiles says so.
    pub default_name: Option<String>,
    /// What Jina's own programs run in.
    pub jina: Image,
    /// The graph as the gateway is told it.
    pub graph: Graph,
    /// The gateway; a Deployment by itself has none.
    pub gateway: Option<Workload>,
    /// The Executors in the order in which they were declared.
    pub executors: Vec<ExecutorPlan>,
}

/// The graph as the gateway is told it, by Executor names.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Graph {
    /// Who hands its results to whom, from `start-gateway` to `end-gateway`.
    pub description: IndexMap<String, Vec<String>>,
    /// Filters on what reaches an Executor.
    pub conditions: IndexMap<String, Map<String, Value>>,
    /// gRPC metadata sent with each call.
    pub metadata: IndexMap<String, IndexMap<String, String>>,
    /// Executors that take the results of their needs unmerged.
    pub no_reduce: Vec<String>,
    /// Where all of it is written.
    pub origins: GraphOrigins,
}

/// Where the graph is written: values of keys, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphOrigins {
    /// `needs`, `method`, `floating`, and the Flow's `inspect`.
    pub description: Vec<Span>,
    /// `when`.
    pub conditions: Vec<Span>,
    /// `grpc_metadata`.
    pub metadata: Vec<Span>,
    /// `no_reduce`.
    pub no_reduce: Vec<Span>,
    /// `external`, `host`, `port` and `tls` of external Executors.
    pub addresses: Vec<Span>,
}

/// One Executor.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExecutorPlan {
    /// Its name in the Flow.
    pub name: Spanned<String>,
    /// Where it runs.
    pub placement: Placement,
}

/// Where an Executor runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// Somewhere else; the gateway takes these addresses in turn.
    External(Vec<Address>),
    /// In the Flow.
    Internal {
        /// In front of the shards, where there is more than one.
        head: Option<Box<Workload>>,
        /// One for each shard, at least one.
        shards: Vec<Workload>,
    },
}

impl Placement {
    /// The workloads in the order in which they are written.
    pub fn workloads(&self) -> impl Iterator<Item = &Workload> {
        let (head, shards) = match self {
            Self::External(_) => (None, [].as_slice()),
            Self::Internal { head, shards } => (head.as_deref(), shards.as_slice()),
        };
        head.into_iter().chain(shards)
    }
}

/// Pods that are all alike.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Workload {
    /// Its name before a backend makes a DNS label of it: `encoder`, `encoder-0`, `encoder-head`.
    pub name: String,
    /// The Executor's name, or `gateway`.
    pub deployment: String,
    /// Where this name is written; the gateway has no name of its own.
    pub name_span: Option<Span>,
    /// The role of its first container.
    pub role: Role,
    /// Which shard it serves, where there is more than one.
    pub shard: Option<u32>,
    /// How many Pods.
    pub replicas: Spanned<Positive>,
    /// The first one does the work; uses-before and uses-after follow.
    pub containers: Vec<Container>,
    /// Environment variables of every container.
    pub env: Spanned<Environment>,
    /// Environment variables of every container whose values are kept in Secrets.
    pub env_from_secret: Spanned<SecretReferences>,
    /// Secrets with the credentials of image registries.
    pub image_pull_secrets: Spanned<Names>,
    /// Milliseconds until a Pod must be up.
    pub timeout_ready: Spanned<OptionalLimit>,
    /// The ports that the user wants to dial, in the order of the protocols.
    pub ports: Ports,
    /// Offers metrics to Prometheus.
    pub monitoring: Spanned<bool>,
    /// What outlives its containers.
    pub volumes: Spanned<Volumes>,
    /// The GPUs of each Pod; `None` for none.
    pub gpus: Option<Spanned<Gpus>>,
    /// Keeps state by consensus, in its working folder.
    pub stateful: Spanned<bool>,
    /// The entry that it comes from. For a gateway of which the Flow says nothing, the key
    /// `executors`, or the start of the Flow.
    pub span: Option<Span>,
}

/// One container of a workload.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Container {
    /// The role of the Pod.
    pub role: Role,
    /// The name that Jina's process goes by: `encoder-0`, `encoder/head`.
    pub name: String,
    /// Its image.
    pub image: Spanned<Image>,
    /// What runs in it.
    pub program: Program,
    /// What it speaks, one port a protocol.
    pub protocols: Vec<Protocol>,
    /// Which shard it serves, where there is more than one.
    pub shard: Option<u32>,
    /// What it calls. The gateway calls every Executor, external ones as well.
    pub dials: Vec<Callee>,
    /// What runs instead of the image's own `jina`.
    pub entrypoint: Option<Spanned<Command>>,
    /// Its servers speak TLS, with a certificate that the image holds.
    pub tls: bool,
    /// What the Flow says about it.
    pub settings: Settings,
}

/// What runs in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Jina's `BaseExecutor`, or its head.
    BaseExecutor,
    /// One of Jina's own gateways.
    JinaGateway(JinaGateway),
    /// What the image's `config.yml` says.
    Image,
}

/// What the Flow says about a container.
#[derive(Debug, Clone, PartialEq)]
pub enum Settings {
    /// About the gateway.
    Gateway(Arc<GatewaySettings>),
    /// About the Executor it belongs to.
    Executor(Arc<ExecutorSettings>),
}

/// The Flow's own gRPC options.
#[derive(Debug, Clone, Copy)]
pub struct GrpcOptions<'a> {
    /// Of the channels that the process opens.
    pub channel: Option<&'a KeyValues>,
    /// Of the server that it runs.
    pub server: Option<&'a KeyValues>,
    /// Where the channel options were written.
    pub channel_span: Option<Span>,
    /// Where the server options were written.
    pub server_span: Option<Span>,
}

impl Settings {
    /// The Flow's own gRPC options.
    pub fn grpc_options(&self) -> GrpcOptions<'_> {
        let (channel, server) = match self {
            Self::Gateway(keys) => (&keys.grpc_channel_options, &keys.grpc_server_options),
            Self::Executor(keys) => (&keys.grpc_channel_options, &keys.grpc_server_options),
        };
        GrpcOptions {
            channel: channel.as_ref().map(|options| &options.value),
            server: server.as_ref().map(|options| &options.value),
            channel_span: channel.as_ref().and_then(|options| options.span),
            server_span: server.as_ref().and_then(|options| options.span),
        }
    }
}

/// Something that is called, by what it is instead of where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Callee {
    /// The index of the Executor in the Plan.
    pub executor: usize,
    /// Which part of it.
    pub part: Part,
}

/// A part of an Executor that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What the gateway calls: the head, or the only shard.
    Entry,
    /// One shard.
    Shard(u32),
    /// What runs before the shards.
    UsesBefore,
    /// What runs after the shards.
    UsesAfter,
}

impl Container {
    /// Where the protocols are written that it speaks.
    pub fn protocol_span(&self) -> Option<Span> {
        let protocols = match &self.settings {
            Settings::Gateway(keys) => &keys.protocol,
            Settings::Executor(keys) => &keys.protocol,
        };
        protocols.as_ref().and_then(|protocols| protocols.span)
    }
}

impl Plan {
    /// The name by which the Flow is told from others: its own, else [`Plan::default_name`], as the
    /// nearest DNS label; `flow` where neither makes one.
    pub fn flow_name(&self) -> String {
        let own = self.name.as_ref().map(|name| name.value.as_str());
        flow_name(own, self.default_name.as_deref())
    }

    /// Where it comes from as a whole: where the Flow is named, or says what its gateway is, else from
    /// its first Executor.
    pub fn span(&self) -> Option<Span> {
        let name = self.name.as_ref().and_then(|name| name.span);
        let gateway = || self.gateway.as_ref().and_then(|gateway| gateway.span);
        let executor = || self.executors.first().and_then(|executor| executor.name.span);
        name.or_else(gateway).or_else(executor)
    }

    /// Every workload, Executors first, each with its index among them; the gateway, where there
    /// is one, comes last and has none.
    pub fn workloads(&self) -> impl Iterator<Item = (Option<usize>, &Workload)> {
        let executors = self.executors.iter().enumerate();
        executors
            .flat_map(|(index, executor)| {
                executor.placement.workloads().map(move |workload| (Some(index), workload))
            })
            .chain(self.gateway.iter().map(|gateway| (None, gateway)))
    }

    /// The container of a callee, and its workload. `None` for an external Executor, and for a part
    /// that the Executor does not have.
    pub fn find(&self, callee: Callee) -> Option<(&Workload, &Container)> {
        let Placement::Internal { head, shards } = &self.executors.get(callee.executor)?.placement
        else {
            return None;
        };
        let role = match callee.part {
            Part::Entry => {
                return head.as_deref().or(shards.first()).map(|found| (found, found.main()));
            }
            Part::Shard(shard) => {
                return shards.get(shard as usize).map(|found| (found, found.main()));
            }
            Part::UsesBefore => Role::UsesBefore,
            Part::UsesAfter => Role::UsesAfter,
        };
        let head = head.as_deref()?;
        head.containers.iter().find(|container| container.role == role).map(|found| (head, found))
    }
}

impl Workload {
    /// Metadata and conditions aside, what its Pods are called by Jina: `WORKER`, `HEAD`,
    /// `GATEWAY`.
    pub fn pod_type(&self) -> &'static str {
        match self.role {
            Role::Gateway => "GATEWAY",
            Role::Head => "HEAD",
            Role::Worker | Role::UsesBefore | Role::UsesAfter => "WORKER",
        }
    }

    /// The container that does the work.
    pub fn main(&self) -> &Container {
        &self.containers[0]
    }
}

impl From<&Metadata> for IndexMap<String, String> {
    fn from(metadata: &Metadata) -> Self {
        metadata.0.clone()
    }
}
