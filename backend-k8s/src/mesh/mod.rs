//! What a service mesh decides.
//!
//! A mesh is one crate that implements [`ServiceMesh`]. Every method is pure: what it returns
//! depends on its arguments and on the mesh's own settings, and what it adds is merged by the
//! backend.

mod none;

pub use none::NoMesh;

use std::collections::BTreeMap;
use std::fmt::Debug;

use flow_model::RuleInfo;
use flow_model::arguments::RuntimeOptions;
use flow_model::plan::{Container, Workload};
use flow_model::values::Protocol;

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
    fn pod_metadata(&self, workload: &Workload) -> Metadata {
        let _ = workload;
        Metadata::default()
    }

    /// How a workload is found by those that call it.
    fn service_plan(&self, workload: &Workload) -> ServicePlan {
        let _ = workload;
        ServicePlan::ClusterIp
    }

    /// What a process has to be told beyond the Flow's own settings.
    fn runtime_options(&self, container: &Container) -> RuntimeOptions {
        let _ = container;
        RuntimeOptions::default()
    }

    /// Every rule that the mesh's own findings may name.
    fn rules(&self) -> Vec<&'static RuleInfo> {
        Vec::new()
    }
}

/// What a mesh is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// As on a command line: `linkerd`.
    pub name: &'static str,
    /// As in a sentence: `Linkerd`.
    pub title: &'static str,
}

/// What a mesh does for a Flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// How calls are spread over the replicas of a workload.
    pub balancing: Balancing,
    /// Whether calls between Pods are encrypted.
    pub encrypts: bool,
}

/// How calls are spread over replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancing {
    /// Each call goes its own way.
    PerRequest,
    /// Each connection does. gRPC keeps one connection, so one replica does all the work.
    PerConnection,
}

/// Labels and annotations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

/// A port of a Service, before the mesh names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServicePort {
    /// What is spoken there.
    pub usage: PortUse,
    /// Its number in the Service.
    pub number: u16,
    /// True for a port that the user chose, beside the one that Jina's process listens on.
    pub chosen: bool,
}

/// What is spoken on a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortUse {
    /// gRPC without TLS.
    Grpc,
    /// HTTP/1.1.
    Http,
    /// HTTP/1.1 that becomes a WebSocket.
    WebSocket,
    /// Metrics in Prometheus' own format, over HTTP/1.1.
    Metrics,
    /// One of the protocols inside TLS that ends in the container: nobody between can look inside.
    Tls(Protocol),
}

impl PortUse {
    /// The protocol as port names spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::Metrics => "http-metrics",
            Self::Tls(Protocol::Grpc) => "tls-grpc",
            Self::Tls(Protocol::Http) => "https",
            Self::Tls(Protocol::WebSocket) => "https-ws",
        }
    }
}

impl ServicePort {
    /// `grpc`, or `grpc-12345` for a port that the user chose: the form `PROTOCOL[-SUFFIX]` that
    /// Istio reads, 15 characters at most, unique within a Service.
    pub fn conventional_name(self) -> String {
        let word = self.usage.word();
        match self.usage {
            // Containers of one Pod offer their metrics at 9090 and up.
            PortUse::Metrics if self.number > 9090 => format!("{word}-{}", self.number - 9090),
            _ if self.chosen => format!("{word}-{}", self.number),
            _ => word.to_owned(),
        }
    }
}

/// The name and `appProtocol` of a Service port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortShape {
    /// 15 characters at most (`IANA_SVC_NAME`).
    pub name: String,
    /// `appProtocol`, where the mesh wants one.
    pub app_protocol: Option<String>,
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
