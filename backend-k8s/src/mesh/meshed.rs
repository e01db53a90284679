//! The Flow and the workloads that a mesh is asked about.

use flow_model::plan::{Plan, Workload};

use super::{Policy, ServicePort};
use crate::namespace::Namespace;

/// A Flow in its namespace, as a mesh sees it.
#[derive(Debug, Clone, Copy)]
pub struct MeshFlow<'a> {
    /// The plan of the Flow.
    pub plan: &'a Plan,
    /// The namespace of its objects.
    pub namespace: &'a Namespace,
    /// The retries, timeouts and encryption that the user asks for.
    pub policy: &'a Policy,
}

/// A workload in its namespace, as a mesh sees it.
#[derive(Debug, Clone, Copy)]
pub struct MeshWorkload<'a> {
    /// The Flow.
    pub flow: MeshFlow<'a>,
    /// The workload as planned.
    pub planned: &'a Workload,
    /// The name of its Service, and of what runs it. Its Pods have the label `app: NAME`.
    pub name: &'a str,
    /// The ports of its Service.
    pub ports: &'a [ServicePort],
    /// How its Pods end.
    pub shutdown: Shutdown,
}

/// How a Pod ends, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shutdown {
    /// How long it still takes calls, because not every caller knows yet that it stops.
    pub drain: u32,
    /// How long Jina then lets calls in flight finish (`server.stop(1.0)`, jina 3.34.0).
    pub finish: u32,
    /// After how long the kubelet kills what still runs: `terminationGracePeriodSeconds`.
    pub grace: u32,
}

impl Shutdown {
    /// How long the containers of the Flow need.
    pub const fn needed(self) -> u32 {
        self.drain + self.finish
    }
}

impl MeshWorkload<'_> {
    /// The number of Pods.
    pub fn replicas(&self) -> u32 {
        self.planned.replicas.value.get()
    }
}
