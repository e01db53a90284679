//! The Plan: the containers to run, and which one calls which, without host names or ports.

mod address;
mod build;
mod calls;
mod deployment;
mod images;
mod images_file;
mod layers;
mod provisions;
mod size;

pub use crate::names::{dns_label, nearest_label, volume_label};
pub use address::Address;
pub use build::{NO_LIMIT, build, external_addresses, gateway_protocols};
pub use images::{DEFAULT_IMAGE, ImageProblem, Images};
pub use size::charge;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::docker::DockerOptions;
use crate::keys::{ExecutorSettings, GatewaySettings, Role};
use crate::names::flow_name;
use crate::span::{Span, Spanned};
use crate::values::{
    Autoscale, Command, ComposeBlock, Disruption, Environment, Gpus, Image, JinaGateway, KeyValues,
    KubernetesBlock, Metadata, Names, OptionalLimit, Ports, Positive, Protocol, Resources,
    SecretReferences, Storage, Volumes,
};

/// The default port of the metrics of Jina's processes.
pub const METRICS_PORT: u16 = 9090;

/// The workloads that a backend has to run for one Flow.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The Flow's name, if it has one.
    pub name: Option<Spanned<String>>,
    /// The name for a Flow without a name, usually that of its file, if the caller sets it.
    pub default_name: Option<String>,
    /// The image of Jina's own programs.
    pub jina: Image,
    /// The graph as it is passed to the gateway.
    pub graph: Graph,
    /// The gateway; a standalone Deployment has none.
    pub gateway: Option<Workload>,
    /// The Flow's own block of `kubernetes`, of which the objects belong to the Flow as a whole.
    pub block: Option<Spanned<KubernetesBlock>>,
    /// The Executors in the order of the file.
    pub executors: Vec<ExecutorPlan>,
}

/// The graph as it is passed to the gateway, by Executor names.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Graph {
    /// The successors of each node, from `start-gateway` to `end-gateway`.
    pub description: IndexMap<String, Vec<String>>,
    /// The filters on the documents that reach an Executor.
    pub conditions: IndexMap<String, Map<String, Value>>,
    /// gRPC metadata sent with each call.
    pub metadata: IndexMap<String, IndexMap<String, String>>,
    /// Executors that take the results of their needs unmerged.
    pub no_reduce: Vec<String>,
    /// The places of the graph in the source.
    pub origins: GraphOrigins,
}

/// The places of the graph in the source: values of keys, in the order of the file.
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
    /// The place where it runs.
    pub placement: Placement,
}

/// The place where an Executor runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// Outside the Flow; the gateway calls these addresses in turn.
    External(Vec<Address>),
    /// In the Flow.
    Internal {
        /// The head, if there is more than one shard.
        head: Option<Box<Workload>>,
        /// One workload per shard, at least one.
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

/// A workload: a set of equal Pods.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Workload {
    /// The name, before a backend converts it to a DNS label: `encoder`, `encoder-0`,
    /// `encoder-head`.
    pub name: String,
    /// The Executor's name, or `gateway`.
    pub deployment: String,
    /// The place of this name in the source; the gateway has no name of its own.
    pub name_span: Option<Span>,
    /// The role of its first container.
    pub role: Role,
    /// The index of its shard, if there is more than one.
    pub shard: Option<u32>,
    /// The number of Pods.
    pub replicas: Spanned<Positive>,
    /// The first one does the work; uses-before and uses-after follow.
    pub containers: Vec<Container>,
    /// Environment variables of every container.
    pub env: Spanned<Environment>,
    /// Environment variables of every container with values from Secrets.
    pub env_from_secret: Spanned<SecretReferences>,
    /// Secrets with the credentials of image registries.
    pub image_pull_secrets: Spanned<Names>,
    /// The time in which a Pod must be ready, in milliseconds.
    pub timeout_ready: Spanned<OptionalLimit>,
    /// The ports that the user chose, in the order of the protocols.
    pub ports: Ports,
    /// Whether it serves metrics for Prometheus.
    pub monitoring: Spanned<bool>,
    /// The volumes, which are kept when containers are removed.
    pub volumes: Spanned<Volumes>,
    /// The GPUs of each Pod; `None` for none.
    pub gpus: Option<Spanned<Gpus>>,
    /// Whether it keeps state by consensus, in its workspace.
    pub stateful: Spanned<bool>,
    /// The options of the container that does the work; of a head, none.
    pub docker: DockerOptions,
    /// Labels of everything that belongs to it.
    pub labels: IndexMap<String, Spanned<String>>,
    /// What the container that does the work needs in each Pod. GPUs of its own are in `gpus`.
    pub resources: Resources,
    /// A volume at its workspace. A disk of each replica is among `volumes` too.
    pub storage: Option<Spanned<Mount>>,
    /// The number of Pods, by their load; `replicas` then has no meaning.
    pub autoscale: Option<Spanned<Autoscale>>,
    /// The number of Pods that the platform may stop at a time.
    pub disruption: Option<Spanned<Disruption>>,
    /// Whether clients reach it from outside; of a gateway, `exposure` of its settings says how.
    pub expose: Option<Spanned<bool>>,
    /// Blocks of `kubernetes` that apply to it; later ones win.
    pub blocks: Vec<Layer>,
    /// Blocks of `compose` that apply to it; later ones win.
    pub compose: Vec<Spanned<ComposeBlock>>,
    /// The entry that it comes from. For a gateway that the Flow does not define, the key
    /// `executors`, or the start of the Flow.
    pub span: Option<Span>,
}

/// Storage, and where it is mounted.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// The path in the container.
    pub path: String,
    /// The storage.
    pub storage: Storage,
}

/// A block of `kubernetes` that applies to a workload.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The block.
    pub block: Spanned<KubernetesBlock>,
    /// Whether other entries have it too, as it is written for the Flow.
    pub is_shared: bool,
}

/// One container of a workload.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Container {
    /// The role of the container.
    pub role: Role,
    /// The name of Jina's process: `encoder-0`, `encoder/head`.
    pub name: String,
    /// Its image.
    pub image: Spanned<Image>,
    /// The program that runs in it.
    pub program: Program,
    /// The protocols that it serves, each on its own port.
    pub protocols: Vec<Protocol>,
    /// The index of its shard, if there is more than one.
    pub shard: Option<u32>,
    /// The callees. The gateway calls every Executor, including external ones.
    pub dials: Vec<Callee>,
    /// The command that replaces the image's own `jina`.
    pub entrypoint: Option<Spanned<Command>>,
    /// Whether its servers use TLS, with a certificate from the image.
    pub tls: bool,
    /// The settings from the Flow.
    pub settings: Settings,
}

/// The program of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Jina's `BaseExecutor`, or its head.
    BaseExecutor,
    /// One of Jina's own gateways.
    JinaGateway(JinaGateway),
    /// The program that the image's `config.yml` defines.
    Image,
}

/// The settings of a container from the Flow.
#[derive(Debug, Clone, PartialEq)]
pub enum Settings {
    /// The settings of the gateway.
    Gateway(Arc<GatewaySettings>),
    /// The settings of the Executor that it belongs to.
    Executor(Arc<ExecutorSettings>),
}

/// The Flow's own gRPC options.
#[derive(Debug, Clone, Copy)]
pub struct GrpcOptions<'a> {
    /// Options of the channels that the process opens.
    pub channel: Option<&'a KeyValues>,
    /// Options of the server that it runs.
    pub server: Option<&'a KeyValues>,
    /// The place of the channel options in the source.
    pub channel_span: Option<Span>,
    /// The place of the server options in the source.
    pub server_span: Option<Span>,
}

impl Settings {
    /// `replicas`, if the Flow sets them.
    pub fn replicas(&self) -> Option<Spanned<Positive>> {
        match self {
            Self::Gateway(keys) => *keys.replicas,
            Self::Executor(keys) => *keys.replicas,
        }
    }

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

/// A part of an Executor that is called, without its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Callee {
    /// The index of the Executor in the Plan.
    pub executor: usize,
    /// The part of the Executor.
    pub part: Part,
}

/// A part of an Executor that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The part that the gateway calls: the head, or the only shard.
    Entry,
    /// One shard.
    Shard(u32),
    /// uses-before.
    UsesBefore,
    /// uses-after.
    UsesAfter,
}

impl Container {
    /// The place of its protocols in the source.
    pub fn protocol_span(&self) -> Option<Span> {
        let protocols = match &self.settings {
            Settings::Gateway(keys) => &keys.protocol,
            Settings::Executor(keys) => &keys.protocol,
        };
        protocols.as_ref().and_then(|protocols| protocols.span)
    }
}

impl Plan {
    /// The name that identifies the Flow: its own, else [`Plan::default_name`], as the nearest DNS
    /// label; `flow` if neither gives a label.
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

    /// Every workload, Executors first, each with its index among them; the gateway, if there is
    /// one, comes last and has none.
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
    /// One Pod with these containers, which asks for nothing and belongs to no entry.
    pub(crate) fn bare(name: String, role: Role, containers: Vec<Container>) -> Self {
        Self {
            deployment: name.clone(),
            name,
            name_span: None,
            role,
            shard: None,
            replicas: Spanned::unwritten(Positive::ONE),
            containers,
            env: Spanned::default(),
            env_from_secret: Spanned::default(),
            image_pull_secrets: Spanned::default(),
            timeout_ready: build::timeout_ready(None),
            ports: Ports::default(),
            monitoring: Spanned::unwritten(false),
            volumes: Spanned::default(),
            gpus: None,
            stateful: Spanned::unwritten(false),
            labels: IndexMap::new(),
            resources: Resources::default(),
            storage: None,
            autoscale: None,
            disruption: None,
            expose: None,
            docker: DockerOptions::default(),
            blocks: Vec::new(),
            compose: Vec::new(),
            span: None,
        }
    }

    /// Jina's name for the type of the Pod: `WORKER`, `HEAD`, `GATEWAY`.
    pub fn pod_type(&self) -> &'static str {
        match self.role {
            Role::Gateway => "GATEWAY",
            Role::Head => "HEAD",
            Role::Worker | Role::UsesBefore | Role::UsesAfter => "WORKER",
        }
    }

    /// The most Pods that it may have.
    pub fn most_replicas(&self) -> Spanned<Positive> {
        self.autoscale.as_ref().map_or(self.replicas, |autoscale| {
            let most = autoscale.most();
            Spanned { value: most.value, span: most.span.or(autoscale.span) }
        })
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
