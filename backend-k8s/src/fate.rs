//! What becomes of each key on Kubernetes.

use flow_model::Fate;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key};

/// No wildcard below: a new key does not compile until it is decided here.
pub(crate) fn fate(key: Key) -> Fate {
    match key {
        Key::Flow(key) => flow(key),
        Key::Gateway(key) => gateway(key),
        Key::Executor(key) => executor(key),
    }
}

const CHOSEN_PORT: Fate = Fate::Approximated(
    "containers listen on 8080 and up; the Service offers the chosen port besides, with the same target",
);

fn flow(key: FlowKey) -> Fate {
    match key {
        FlowKey::Name => Fate::Approximated(
            "the namespace, unless `--k8s-namespace` names one; respelled where it is no DNS label",
        ),
        FlowKey::Env => Fate::Exact,
        FlowKey::WorkspaceId | FlowKey::Quiet | FlowKey::QuietError => {
            Fate::Ignored("concerns the process that builds the Flow, not its containers")
        }
    }
}

fn gateway(key: GatewayKey) -> Fate {
    match key {
        GatewayKey::Port => CHOSEN_PORT,
        GatewayKey::Uses
        | GatewayKey::UsesWith
        | GatewayKey::Protocol
        | GatewayKey::Replicas
        | GatewayKey::Env
        | GatewayKey::EnvFromSecret
        | GatewayKey::ImagePullSecrets
        | GatewayKey::Prefetch
        | GatewayKey::TimeoutSend
        | GatewayKey::TimeoutReady
        | GatewayKey::TimeoutCtrl
        | GatewayKey::Retries
        | GatewayKey::Compression
        | GatewayKey::GrpcChannelOptions
        | GatewayKey::GrpcServerOptions
        | GatewayKey::Title
        | GatewayKey::Description
        | GatewayKey::Cors
        | GatewayKey::NoDebugEndpoints
        | GatewayKey::NoCrudEndpoints
        | GatewayKey::ExposeEndpoints
        | GatewayKey::LogConfig
        | GatewayKey::Quiet
        | GatewayKey::QuietError => Fate::Exact,
    }
}

fn executor(key: ExecutorKey) -> Fate {
    match key {
        ExecutorKey::Port => CHOSEN_PORT,
        ExecutorKey::Host => {
            Fate::Approximated("the address of an external Executor, else ignored")
        }
        ExecutorKey::Tls => {
            Fate::Approximated("how an external Executor is called, else ignored: a mesh encrypts")
        }
        ExecutorKey::Protocol => Fate::Approximated(
            "`GRPC`; any other protocol is refused, since the gateway speaks gRPC",
        ),
        ExecutorKey::Workspace => Fate::Approximated(
            "a path inside the container; a relative one is not resolved where \
                                flowship runs",
        ),
        ExecutorKey::Name
        | ExecutorKey::Needs
        | ExecutorKey::Method
        | ExecutorKey::Uses
        | ExecutorKey::UsesWith
        | ExecutorKey::UsesMetas
        | ExecutorKey::UsesRequests
        | ExecutorKey::UsesDynamicBatching
        | ExecutorKey::UsesBefore
        | ExecutorKey::UsesAfter
        | ExecutorKey::PyModules
        | ExecutorKey::Replicas
        | ExecutorKey::Shards
        | ExecutorKey::Polling
        | ExecutorKey::Env
        | ExecutorKey::EnvFromSecret
        | ExecutorKey::ImagePullSecrets
        | ExecutorKey::TimeoutReady
        | ExecutorKey::TimeoutSend
        | ExecutorKey::TimeoutCtrl
        | ExecutorKey::Retries
        | ExecutorKey::Compression
        | ExecutorKey::GrpcChannelOptions
        | ExecutorKey::GrpcServerOptions
        | ExecutorKey::External
        | ExecutorKey::GrpcMetadata
        | ExecutorKey::Floating
        | ExecutorKey::When
        | ExecutorKey::NoReduce
        | ExecutorKey::AllowConcurrent
        | ExecutorKey::ExitOnExceptions
        | ExecutorKey::OutputArrayType
        | ExecutorKey::LogConfig
        | ExecutorKey::Quiet
        | ExecutorKey::QuietError => Fate::Exact,
    }
}
