//! The Flow and the workloads that are passed to a mesh.

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
    /// The retries, circuit breaking and encryption that the user asked for.
    pub policy: &'a Policy,
}

/// A workload in its namespace, as a mesh sees it.
#[derive(Debug, Clone, Copy)]
pub struct MeshWorkload<'a> {
    /// The Flow.
    pub flow: MeshFlow<'a>,
    /// The workload as planned.
    pub planned: &'a Workload,
    /// The name of its Service and of its Deployment or StatefulSet. Its Pods have the label `app:
    /// NAME`.
    pub name: &'a str,
    /// The ports of its Service.
    pub ports: &'a [ServicePort],
    /// The shutdown of its Pods.
    pub shutdown: Shutdown,
}

/// The phases of a Pod's shutdown, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shutdown {
    /// The time in which it still takes calls, because callers have not noticed yet that it stops.
    pub drain: u32,
    /// The time that Jina then gives calls in flight to finish (`server.stop(1.0)`, jina 3.34.0).
    pub finish: u32,
    /// The time after which the kubelet kills the Pod: `terminationGracePeriodSeconds`.
    pub grace: u32,
}

impl Shutdown {
    /// The time that the containers of the Flow need to shut down.
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
