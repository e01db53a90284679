//! The [`ServiceMesh`] trait.
//!
//! A mesh is one crate that implements [`ServiceMesh`]. Every method is pure: its result depends
//! only on its arguments and on the mesh's own settings, and the backend merges it into the
//! objects. If backend and mesh set the same field to different values, this is a finding.
//!
//! A hook exists only if a mesh of this repository needs it. There is none for addresses, because
//! with every mesh callers dial the Service of a workload; none for service accounts, because no
//! policy uses them; and none for other fields of a Pod, because labels and annotations are enough.
//! Pods enable the mesh themselves, so an export works without labels of its namespace.

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

/// A service mesh, or the replacement for one.
pub trait ServiceMesh: Debug + Send + Sync {
    /// The names of the mesh.
    fn identity(&self) -> Identity;

    /// The features of the mesh.
    fn capabilities(&self) -> Capabilities;

    /// The name and `appProtocol` of a Service port. The mesh owns both: meshes detect gRPC in
    /// different ways.
    ///
    /// Names must be unique within a Service, so they contain the port's number if
    /// [`ServicePort::chosen`] is true; [`ServicePort::conventional_name`] does that.
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

    /// Labels and annotations of the namespace, if the export contains it. They must not change what
    /// the Pods of the Flow ask for themselves.
    fn namespace_metadata(&self) -> Metadata {
        Metadata::default()
    }

    /// The Service that callers of a workload dial.
    fn service_plan(&self, workload: &Workload) -> ServicePlan {
        let _ = workload;
        ServicePlan::ClusterIp
    }

    /// Options of a process in addition to the Flow's settings. The mesh does not decide whether
    /// Jina retries: see [`Policy::retries`].
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

    /// Resources of the mesh that belong to the Flow, in a separate file.
    fn flow_resources(&self, flow: &MeshFlow<'_>) -> Vec<Document> {
        let _ = flow;
        Vec::new()
    }

    /// Reports findings of the mesh about a Flow. The backend already reports what follows from
    /// [`Capabilities`].
    fn check(&self, flow: &MeshFlow<'_>, diagnostics: &mut Diagnostics) {
        let _ = (flow, diagnostics);
    }

    /// The requirements of the mesh on a cluster, before and after an apply.
    fn requirements(&self) -> Requirements {
        Requirements::NONE
    }

    /// The namespaces of the mesh's own components, in which no Flow may be deployed.
    fn namespaces(&self) -> &'static [&'static str] {
        &[]
    }

    /// The rules of the mesh's own findings.
    fn rules(&self) -> Vec<&'static RuleInfo> {
        Vec::new()
    }
}

/// The names of a mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The name on a command line: `linkerd`.
    pub name: &'static str,
    /// The name in a sentence: `Linkerd`.
    pub title: &'static str,
}

/// The integration of a service mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How calls are balanced over the replicas of a workload.
    pub balancing: Balancing,
    /// Whether calls between Pods are encrypted.
    pub encrypts: bool,
    /// Whether Executors can refuse unencrypted calls while the kubelet's gRPC probes still
    /// succeed.
    pub requires_mtls: bool,
    /// Whether the mesh can stop sending calls to replicas that keep failing.
    pub breaks_circuits: bool,
    /// The calls that the mesh can retry.
    pub retries: RetrySupport,
    /// Where the rules of a Pod's network are written.
    pub network: NetworkRules,
}

impl Capabilities {
    /// Balancing, and no other features.
    pub const fn new(balancing: Balancing) -> Self {
        Self {
            balancing,
            encrypts: false,
            requires_mtls: false,
            breaks_circuits: false,
            retries: RetrySupport::None,
            network: NetworkRules::Node,
        }
    }
}

/// Where a mesh writes the rules of a Pod's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkRules {
    /// On the node, or nowhere.
    Node,
    /// In an init container of the Pod with the capability `NET_ADMIN`, unless the CNI plugin of the
    /// mesh is installed. Pod Security allows this capability only at the level `privileged`.
    InitContainer,
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

/// How calls are balanced over replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancing {
    /// Each call may go to another replica.
    PerRequest,
    /// Each connection may go to another replica. gRPC keeps one connection, so one replica does
    /// all the work.
    PerConnection,
}

/// The Service that callers of a workload dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServicePlan {
    /// A Service with one address; the mesh or kube-proxy balances the calls.
    ClusterIp,
    /// A second, headless Service `NAME-headless` with the addresses of the Pods; callers balance
    /// their calls themselves. The Service `NAME` with one address is kept, because `clusterIP`
    /// cannot be changed later.
    ClusterIpAndHeadless,
}
