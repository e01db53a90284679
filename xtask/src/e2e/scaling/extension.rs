//! API servers of this machine, to which the API server passes requests on.

use std::time::Duration;

use serde_json::json;

use crate::e2e::kubelet::MACHINE;
use crate::e2e::process::Process;
use crate::e2e::server::{Server, has_condition};

const PATIENCE: Duration = Duration::from_mins(2);

/// An API that another program serves.
pub(super) struct Extension {
    /// The Service through which it is reached, and its namespace.
    pub(super) service: &'static str,
    pub(super) namespace: &'static str,
    pub(super) group: &'static str,
    /// Where the program listens.
    pub(super) port: u16,
}

impl Extension {
    const VERSION: &'static str = "v1beta1";

    /// Registers it and waits until the API server reaches it.
    pub(super) fn register(&self, server: &Server, program: &mut Process) -> anyhow::Result<()> {
        let Self { service, namespace, group, port } = self;
        let version = Self::VERSION;
        let name = format!("{version}.{group}");
        let objects = [
            json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": {"name": service, "namespace": namespace},
                "spec": {"ports": [{"port": 443, "targetPort": port}]},
            }),
            // There is no Pod: the program runs on this machine.
            json!({
                "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                "metadata": {
                    "name": service, "namespace": namespace,
                    "labels": {"kubernetes.io/service-name": service},
                },
                "addressType": "IPv4",
                "endpoints": [{"addresses": [MACHINE], "conditions": {"ready": true}}],
                "ports": [{"name": "", "port": port, "protocol": "TCP"}],
            }),
            json!({
                "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                "metadata": {"name": name},
                "spec": {
                    "service": {"name": service, "namespace": namespace},
                    "group": group, "version": version,
                    "insecureSkipTLSVerify": true,
                    "groupPriorityMinimum": 100, "versionPriority": 100,
                },
            }),
        ];
        for object in objects {
            server.create(&object)?;
        }
        let path = format!("/apis/apiregistration.k8s.io/v1/apiservices/{name}");
        program.wait(PATIENCE, || {
            let found = server.get(&path).ok().flatten();
            found.is_some_and(|found| has_condition(&found, "Available"))
        })
    }
}
