//! What becomes of each key on Docker Compose.

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

const SECRETS: Fate = Fate::Approximated(
    "taken from the variable `SECRET_KEY` of the environment that Compose runs in, or of `.env`",
);

const PULL_SECRETS: Fate = Fate::Ignored("images are pulled with the login of the Docker client");

fn flow(key: FlowKey) -> Fate {
    match key {
        FlowKey::Name => Fate::Approximated(
            "the project that `flowship up` starts; respelled where it is no name of a project",
        ),
        FlowKey::Env => Fate::Exact,
        FlowKey::WorkspaceId | FlowKey::Quiet | FlowKey::QuietError => {
            Fate::Ignored("concerns the process that builds the Flow, not its containers")
        }
    }
}

fn gateway(key: GatewayKey) -> Fate {
    match key {
        GatewayKey::Replicas => Fate::Ignored("one gateway runs: its ports can be published once"),
        GatewayKey::EnvFromSecret => SECRETS,
        GatewayKey::ImagePullSecrets => PULL_SECRETS,
        GatewayKey::Port
        | GatewayKey::Uses
        | GatewayKey::UsesWith
        | GatewayKey::Protocol
        | GatewayKey::Env
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
        ExecutorKey::Port => Fate::Approximated(
            "the port of an external Executor, else ignored: containers listen on 8081, and only \
             the gateway's ports are published",
        ),
        ExecutorKey::Host => {
            Fate::Approximated("the address of an external Executor, else ignored")
        }
        ExecutorKey::Tls => Fate::Approximated("how an external Executor is called, else ignored"),
        ExecutorKey::Protocol => Fate::Approximated(
            "`GRPC`; any other protocol is refused, since the gateway speaks gRPC",
        ),
        ExecutorKey::Workspace => Fate::Approximated(
            "a path inside the container, kept in a named volume that shards and replicas share",
        ),
        ExecutorKey::EnvFromSecret => SECRETS,
        ExecutorKey::ImagePullSecrets => PULL_SECRETS,
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
