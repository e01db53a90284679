//! `MeshRetry`, as far as it is used.

use backend_k8s::mesh::Spec;
use serde::Serialize;

/// Which calls are tried again.
#[derive(Debug, Serialize)]
pub(crate) struct MeshRetry {
    to: [To; 1],
}

impl Spec for MeshRetry {
    const API_VERSION: &'static str = "kuma.io/v1alpha1";
    const KIND: &'static str = "MeshRetry";
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct To {
    target_ref: TargetRef,
    default: Default,
}

#[derive(Debug, Serialize)]
struct TargetRef {
    kind: &'static str,
    name: String,
}

#[derive(Debug, Serialize)]
struct Default {
    grpc: Retries,
    http: Retries,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Retries {
    num_retries: u32,
}

/// No call of a Service is tried again.
pub(crate) fn never(service: &str) -> MeshRetry {
    let none = || Retries { num_retries: 0 };
    MeshRetry {
        to: [To {
            target_ref: TargetRef { kind: "MeshService", name: service.to_owned() },
            default: Default { grpc: none(), http: none() },
        }],
    }
}
