//! What becomes of each key on Kubernetes.

use flow_model::Fate;
use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key};
use flow_model::launcher::fates::{
    BUILDER, CHOSEN, CLOUD, ENTRIES, GATEWAY_ONLY, GRAPH, HUB, LAUNCHER, PROVIDER,
};

/// No wildcard below: a new key does not compile until it is decided here.
pub(crate) fn fate(key: Key) -> Fate {
    match key {
        Key::Flow(key) => flow(key),
        Key::Gateway(key) => gateway(key),
        Key::Executor(key) => executor(key),
    }
}

const DOCKER: Fate = Fate::Ignored("concerns the Docker Engine");
const METRICS_PORT: Fate = Fate::Approximated(
    "containers offer metrics on 9090 and up, where a ServiceMonitor finds them",
);

fn flow(key: FlowKey) -> Fate {
    match key {
        FlowKey::Name => Fate::Depends(
            "the namespace, unless `--k8s-namespace` names one; respelled where it is no DNS label",
        ),
        FlowKey::Env | FlowKey::Inspect => Fate::Exact,
        FlowKey::WorkspaceId
        | FlowKey::Quiet
        | FlowKey::QuietError
        | FlowKey::Reload
        | FlowKey::SuppressRootLogging
        | FlowKey::Asyncio => BUILDER,
        FlowKey::Uses | FlowKey::UsesWith => ENTRIES,
    }
}

fn gateway(key: GatewayKey) -> Fate {
    match key {
        GatewayKey::Host => Fate::Depends("containers listen on every address"),
        GatewayKey::PortMonitoring => METRICS_PORT,
        GatewayKey::DockerKwargs => DOCKER,
        GatewayKey::Jcloud => CLOUD,
        GatewayKey::RuntimeCls | GatewayKey::K8sNamespace => CHOSEN,
        GatewayKey::GraphDescription
        | GatewayKey::GraphConditions
        | GatewayKey::DeploymentsAddresses
        | GatewayKey::DeploymentsMetadata
        | GatewayKey::DeploymentsNoReduce => GRAPH,
        // Containers listen on 8080 and up; the Service offers the chosen port besides.
        GatewayKey::Port
        | GatewayKey::Uses
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
            "the port of an external Executor; else a further port of the Service, while the container listens on 8080",
        ),
        ExecutorKey::Host => {
            Fate::Depends("the address of an external Executor; others listen on every address")
        }
        ExecutorKey::Tls => Fate::Depends(
            "how an external Executor is called; a mesh encrypts what runs between Pods",
        ),
        ExecutorKey::Protocol => {
            Fate::Depends("`GRPC` behind a gateway, which speaks nothing else; any by itself")
        }
        ExecutorKey::UsesBefore | ExecutorKey::UsesAfter | ExecutorKey::Polling => {
            Fate::Depends("with `shards: 2` or more")
        }
        ExecutorKey::Volumes => Fate::Depends(
            "claimed for each Pod of a StatefulSet, and mounted at the container's path; what lies on a host is not copied",
        ),
        ExecutorKey::Gpus => {
            Fate::Depends("a number of `nvidia.com/gpu`; for `all` say `--gpu-all N`")
        }
        ExecutorKey::Stateful => Fate::Depends("a StatefulSet of one replica; several are refused"),
        ExecutorKey::PeerPorts => Fate::Ignored("a stateful Executor has one replica"),
        ExecutorKey::PortMonitoring => METRICS_PORT,
        ExecutorKey::Workspace => Fate::Depends(
            "a path inside the container; a relative one is not resolved where flowship runs",
        ),
        ExecutorKey::DockerKwargs | ExecutorKey::ForceNetworkMode => DOCKER,
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
        ExecutorKey::Jcloud => CLOUD,
        ExecutorKey::Provider => PROVIDER,
        ExecutorKey::Name
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
