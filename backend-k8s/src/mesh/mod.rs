//! The [`ServiceMesh`] trait.
//!
//! A mesh is one crate that implements [`ServiceMesh`]. Every method is pure: what it returns
//! depends on its arguments and on the mesh's own settings, and what it adds is merged by the
//! backend. A field that backend and mesh would both write, and not alike, is a finding.
//!
//! There is no hook for what no mesh here needs. Namespaces are not written, and every mesh can be
//! asked for by Pod, so none decorates a namespace; calls are addressed to the Service of a
//! workload under every mesh, so none rewrites addresses; no policy names an account of a Pod, and
//! no Pod needs more than labels and annotations.

pub mod gateway_api;
mod meshed;
mod metadata;
mod none;
mod policy;
mod port;
mod requirements;
mod resource;

pub use meshed::{MeshFlow, MeshWorkload, Shutdown};
pub use metadata::Metadata;
pub use none::NoMesh;
pub use policy::{
    BadEndpoint, ENDPOINT_HEADER, Endpoint, MeshRetries, Policy, REPEATABLE_CALLS, Retries,
};
pub use port::{PortShape, PortUse, ServicePort};
pub use requirements::{After, Before, Requirements};
pub use resource::Spec;

use std::fmt::Debug;

use flow_model::arguments::RuntimeOptions;
use flow_model::plan::{Container, Workload};
use flow_model::{Diagnostics, Document, RuleInfo};

/// A service mesh, or what is done without one.
pub trait ServiceMesh: Debug + Send + Sync {
    /// What it is called.
    fn identity(&self) -> Identity;

    /// What it does for a Flow.
    fn capabilities(&self) -> Capabilities;

    /// The name and `appProtocol` of a Service port. The mesh owns both: what one mesh takes for
    /// gRPC, another carries as plain TCP.
    ///
    /// Names are unique within a Service when they hold the port's number wherever
    /// [`ServicePort::chosen`] says so; [`ServicePort::conventional_name`] does that.
    fn port(&self, port: ServicePort) -> PortShape;

    /// Labels and annotations of the Pods of a workload.
    fn pod_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let _ = workload;
        Metadata::default()
    }

    /// Labels and annotations of the Services of a workload.
    fn service_metadata(&self, workload: &MeshWorkload<'_>) -> Metadata {
        let _ = workload;
        Metadata::default()
    }

    /// How a workload is found by those that call it.
    fn service_plan(&self, workload: &Workload) -> ServicePlan {
        let _ = workload;
        ServicePlan::ClusterIp
    }

    /// What a process has to be told beyond the Flow's own settings. Whether Jina retries is not
    /// for the mesh to say: see [`Policy::retries`].
    fn runtime_options(&self, container: &Container) -> RuntimeOptions {
        let _ = container;
        RuntimeOptions::default()
    }

    /// Resources of the mesh that belong to a workload. They follow the objects that run it, in
    /// the same file.
    fn resources(&self, workload: &MeshWorkload<'_>) -> Vec<Document> {
        let _ = workload;
        Vec::new()
    }

    /// Resources of the mesh that belong to the Flow, in a file of their own.
    fn flow_resources(&self, flow: &MeshFlow<'_>) -> Vec<Document> {
        let _ = flow;
        Vec::new()
    }

    /// What the mesh has to say about a Flow. What follows from [`Capabilities`] is said by the
    /// backend already.
    fn check(&self, flow: &MeshFlow<'_>, diagnostics: &mut Diagnostics) {
        let _ = (flow, diagnostics);
    }

    /// What it needs of a cluster, before and after.
    fn requirements(&self) -> Requirements {
        Requirements::NONE
    }

    /// Namespaces of the mesh's own parts, where no Flow belongs.
    fn namespaces(&self) -> &'static [&'static str] {
        &[]
    }

    /// Every rule that the mesh's own findings may name.
    fn rules(&self) -> Vec<&'static RuleInfo> {
        Vec::new()
    }
}

/// The names of a mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// As on a command line: `linkerd`.
    pub name: &'static str,
    /// As in a sentence: `Linkerd`.
    pub title: &'static str,
}

/// The integration of a service mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How calls are spread over the replicas of a workload.
    pub balancing: Balancing,
    /// Whether calls between Pods are encrypted.
    pub encrypts: bool,
    /// Whether Executors can refuse calls that are not, and the kubelet's gRPC probes still get
    /// through.
    pub requires_mtls: bool,
    /// Whether replicas that keep failing can be left out for a while.
    pub breaks_circuits: bool,
    /// What it can try again.
    pub retries: RetrySupport,
}

impl Capabilities {
    /// Balances, and nothing else.
    pub const fn new(balancing: Balancing) -> Self {
        Self {
            balancing,
            encrypts: false,
            requires_mtls: false,
            breaks_circuits: false,
            retries: RetrySupport::None,
        }
    }
}

/// The calls that a mesh can retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetrySupport {
    /// Nothing.
    None,
    /// Calls of the endpoints that the user names.
    Endpoints,
    /// These, and calls of all endpoints that never reached an Executor.
    EndpointsAndConnections,
}

/// How calls are spread over replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancing {
    /// Each call goes its own way.
    PerRequest,
    /// Each connection does. gRPC keeps one connection, so one replica does all the work.
    PerConnection,
}

/// How a workload is found by those that call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServicePlan {
    /// By one address; whoever stands between spreads the calls.
    ClusterIp,
    /// By the addresses of its Pods, under `NAME-headless`: the caller spreads its calls itself.
    /// The Service `NAME` with one address stays, since `clusterIP` cannot be changed later.
    ClusterIpAndHeadless,
}
