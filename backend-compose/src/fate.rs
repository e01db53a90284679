//! The fate of each key on Docker Compose.

use flow_model::Fate;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key};
use flow_model::launcher::fates::{
    BUILDER, CHOSEN, ENTRIES, GATEWAY_ONLY, GRAPH, HUB, LAUNCHER, PROVIDER, PROVISIONS,
};
use flow_model::values::Provision;

/// No wildcard below: a new key does not compile until it is decided here.
pub(crate) fn fate(key: Key) -> Fate {
    match key {
        Key::Flow(key) => flow(key),
        Key::Gateway(key) => gateway(key),
        Key::Executor(key) => executor(key),
    }
}

const SECRETS: Fate =
    Fate::Approximated("read from the environment variable `SECRET_KEY`, or from `.env`");
const PULL_SECRETS: Fate = Fate::Ignored("images are pulled with the login of the Docker client");
const DOCKER: Fate = Fate::Ignored("used only for containers that Jina starts");
const CONTAINER: Fate = Fate::Depends("options of the service; findings name the rest");
const METRICS_PORT: Fate = Fate::Depends(
    "with `monitoring`; a port that is set is published, by the first service of the Executor",
);

/// The fate of what a Flow asks of the machine.
pub(crate) fn provision(provision: Provision) -> Fate {
    match provision {
        Provision::Labels | Provision::Memory | Provision::Gpus => Fate::Exact,
        Provision::Cpu => Fate::Approximated("a limit: Docker reserves no processors"),
        Provision::SharedGpu => Fate::Approximated("one GPU, which containers may share"),
        Provision::EphemeralStorage => {
            Fate::Approximated("a volume of the project, which is kept until it is removed")
        }
        Provision::BlockStorage | Provision::FileStorage => Fate::Approximated(
            "a volume of the project that all replicas share; Docker does not limit its size",
        ),
        Provision::Autoscale => {
            Fate::Approximated("`replicas`, or `min`, run all the time: nothing scales them")
        }
        Provision::Expose => Fate::Approximated(
            "the gateway is always published, an Executor on a free port of the machine",
        ),
        Provision::Capacity => Fate::Ignored("everything runs on this machine"),
        Provision::Disruption => Fate::Ignored("Docker does not drain machines"),
        Provision::Timeout => Fate::Ignored("clients call the gateway itself"),
    }
}

const BLOCK: Fate = Fate::Depends(
    "resources, shared memory, files, labels and grace period; findings name the rest",
);

fn flow(key: FlowKey) -> Fate {
    match key {
        FlowKey::Name => Fate::Depends(
            "a label of containers and volumes; the project has the name that Compose gives it",
        ),
        FlowKey::Env | FlowKey::Inspect | FlowKey::Compose => Fate::Exact,
        FlowKey::WorkspaceId
        | FlowKey::Quiet
        | FlowKey::QuietError
        | FlowKey::Reload
        | FlowKey::SuppressRootLogging
        | FlowKey::Asyncio => BUILDER,
        FlowKey::Kubernetes => BLOCK,
        FlowKey::Jcloud => PROVISIONS,
        FlowKey::Uses | FlowKey::UsesWith => ENTRIES,
    }
}

fn gateway(key: GatewayKey) -> Fate {
    match key {
        GatewayKey::Host => Fate::Depends("containers listen on every address"),
        GatewayKey::PortMonitoring => METRICS_PORT,
        GatewayKey::DockerKwargs => CONTAINER,
        GatewayKey::Jcloud => PROVISIONS,
        GatewayKey::Kubernetes => BLOCK,
        GatewayKey::RuntimeCls | GatewayKey::K8sNamespace => CHOSEN,
        GatewayKey::GraphDescription
        | GatewayKey::GraphConditions
        | GatewayKey::DeploymentsAddresses
        | GatewayKey::DeploymentsMetadata
        | GatewayKey::DeploymentsNoReduce => GRAPH,
        GatewayKey::Replicas => {
            Fate::Depends("only one gateway runs, because each port can be published once")
        }
        GatewayKey::Exposure => {
            Fate::Ignored("the ports of the gateway are published on this machine")
        }
        GatewayKey::EnvFromSecret => SECRETS,
        GatewayKey::ImagePullSecrets => PULL_SECRETS,
        GatewayKey::Compose
        | GatewayKey::Port
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
        | GatewayKey::QuietError
        | GatewayKey::Entrypoint
        | GatewayKey::PyModules
        | GatewayKey::UvicornKwargs
        | GatewayKey::SslCertfile
        | GatewayKey::SslKeyfile
        | GatewayKey::ExposeGraphqlEndpoint
        | GatewayKey::Proxy
        | GatewayKey::Monitoring
        | GatewayKey::Tracing
        | GatewayKey::TracesExporterHost
        | GatewayKey::TracesExporterPort
        | GatewayKey::Metrics
        | GatewayKey::MetricsExporterHost
        | GatewayKey::MetricsExporterPort
        | GatewayKey::ExtraSearchPaths
        | GatewayKey::Reload
        | GatewayKey::Provider
        | GatewayKey::ProviderEndpoint => Fate::Exact,
    }
}

fn executor(key: ExecutorKey) -> Fate {
    match key {
        ExecutorKey::Port => Fate::Depends(
            "the port of an external Executor or of a standalone Deployment; other Executors listen on 8081",
        ),
        ExecutorKey::Host => Fate::Depends(
            "the address of an external Executor; other Executors listen on every address",
        ),
        ExecutorKey::Tls => {
            Fate::Depends("only for external Executors; other Executors serve gRPC without TLS")
        }
        ExecutorKey::Protocol => {
            Fate::Depends("only `GRPC` behind a gateway; any protocol in a standalone Deployment")
        }
        ExecutorKey::UsesBefore | ExecutorKey::UsesAfter | ExecutorKey::Polling => {
            Fate::Depends("with `shards: 2` or more")
        }
        ExecutorKey::Volumes => Fate::Approximated(
            "mounted from the host, or a named volume; shards and replicas share it",
        ),
        ExecutorKey::Stateful => Fate::Depends("only with one replica"),
        ExecutorKey::PeerPorts => Fate::Ignored("a stateful Executor has one replica"),
        ExecutorKey::PortMonitoring => METRICS_PORT,
        ExecutorKey::Workspace => Fate::Depends(
            "a path inside the container, stored in a named volume; a relative path is not stored",
        ),
        ExecutorKey::DockerKwargs => CONTAINER,
        ExecutorKey::ForceNetworkMode => DOCKER,
        ExecutorKey::InstallRequirements
        | ExecutorKey::ForceUpdate
        | ExecutorKey::PreferPlatform => HUB,
        ExecutorKey::WorkspaceId | ExecutorKey::NoblockOnStart => LAUNCHER,
        ExecutorKey::RuntimeCls
        | ExecutorKey::K8sNamespace
        | ExecutorKey::Native
        | ExecutorKey::ShardId
        | ExecutorKey::ReplicaId
        | ExecutorKey::PodRole
        | ExecutorKey::DeploymentRole
        | ExecutorKey::UsesBeforeAddress
        | ExecutorKey::UsesAfterAddress
        | ExecutorKey::ConnectionList => CHOSEN,
        ExecutorKey::Title
        | ExecutorKey::Description
        | ExecutorKey::Cors
        | ExecutorKey::UvicornKwargs
        | ExecutorKey::SslCertfile
        | ExecutorKey::SslKeyfile => GATEWAY_ONLY,
        ExecutorKey::EnvFromSecret => SECRETS,
        ExecutorKey::ImagePullSecrets => PULL_SECRETS,
        ExecutorKey::Jcloud => PROVISIONS,
        ExecutorKey::Kubernetes => BLOCK,
        ExecutorKey::Provider => PROVIDER,
        ExecutorKey::Compose
        | ExecutorKey::Name
        | ExecutorKey::Needs
        | ExecutorKey::Method
        | ExecutorKey::Uses
        | ExecutorKey::UsesWith
        | ExecutorKey::UsesMetas
        | ExecutorKey::UsesRequests
        | ExecutorKey::UsesDynamicBatching
        | ExecutorKey::PyModules
        | ExecutorKey::Replicas
        | ExecutorKey::Shards
        | ExecutorKey::Env
        | ExecutorKey::Gpus
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
        | ExecutorKey::QuietError
        | ExecutorKey::Entrypoint
        | ExecutorKey::DisableAutoVolume
        | ExecutorKey::RaftConfiguration
        | ExecutorKey::Monitoring
        | ExecutorKey::Tracing
        | ExecutorKey::TracesExporterHost
        | ExecutorKey::TracesExporterPort
        | ExecutorKey::Metrics
        | ExecutorKey::MetricsExporterHost
        | ExecutorKey::MetricsExporterPort
        | ExecutorKey::ExtraSearchPaths
        | ExecutorKey::Reload
        | ExecutorKey::ProviderEndpoint => Fate::Exact,
    }
}
