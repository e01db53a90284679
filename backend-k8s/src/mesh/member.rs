//! What a mesh is asked about.

use flow_model::plan::{Plan, Workload};

use super::{Policy, ServicePort};
use crate::namespace::Namespace;

/// A Flow where it is going to run.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// What has to run.
    pub plan: &'a Plan,
    /// Where.
    pub namespace: &'a Namespace,
    /// What the user asks of the mesh.
    pub policy: &'a Policy,
}

/// A workload of a Flow where it is going to run.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The Flow.
    pub site: Site<'a>,
    /// The workload.
    pub workload: &'a Workload,
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
    /// How long it still takes calls, because not every caller knows yet that it is gone.
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

impl Member<'_> {
    /// How many Pods.
    pub fn replicas(&self) -> u32 {
        self.workload.replicas.value.get()
    }
}
