//! The fate of each key on Kubernetes.

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

/// The fate of what a Flow asks of the cluster.
pub(crate) fn provision(provision: Provision) -> Fate {
    match provision {
        Provision::Labels
        | Provision::Cpu
        | Provision::Memory
        | Provision::Gpus
        | Provision::EphemeralStorage
        | Provision::BlockStorage
        | Provision::Autoscale
        | Provision::Disruption => Fate::Exact,
        Provision::SharedGpu | Provision::Capacity | Provision::FileStorage => {
            Fate::Depends("the profile of the cluster")
        }
        Provision::Expose => Fate::Approximated("a load balancer, unless `exposure` says more"),
        Provision::Timeout => Fate::Ignored(
            "set it for the Ingress controller or the load balancer, in `exposure.annotations`",
        ),
    }
}

const DOCKER: Fate = Fate::Ignored("used only by the Docker Engine");
const METRICS_PORT: Fate = Fate::Approximated(
    "containers offer metrics on 9090 and up, and a ServiceMonitor refers to these ports",
);

/// [`COMPOSE_ONLY`](crate::rules::COMPOSE_ONLY) reports it.
const CONTAINER: Fate =
    Fate::Depends("limits, security contexts and folders in memory; findings name the rest");
const COMPOSE: Fate = Fate::Depends("only on Docker Compose");

fn flow(key: FlowKey) -> Fate {
    match key {
        FlowKey::Name => Fate::Depends(
            "the namespace, unless `--k8s-namespace` is passed; changed if it is not a DNS label",
        ),
        FlowKey::Env | FlowKey::Inspect | FlowKey::Kubernetes => Fate::Exact,
        FlowKey::Compose => COMPOSE,
        FlowKey::WorkspaceId
        | FlowKey::Quiet
        | FlowKey::QuietError
        | FlowKey::Reload
        | FlowKey::SuppressRootLogging
        | FlowKey::Asyncio => BUILDER,
        FlowKey::Jcloud => PROVISIONS,
        FlowKey::Uses | FlowKey::UsesWith => ENTRIES,
    }
}

fn gateway(key: GatewayKey) -> Fate {
    match key {
        GatewayKey::Compose => COMPOSE,
        GatewayKey::Host => Fate::Depends("containers listen on every address"),
        GatewayKey::PortMonitoring => METRICS_PORT,
        GatewayKey::DockerKwargs => CONTAINER,
        GatewayKey::Jcloud => PROVISIONS,
        GatewayKey::RuntimeCls | GatewayKey::K8sNamespace => CHOSEN,
        GatewayKey::GraphDescription
        | GatewayKey::GraphConditions
        | GatewayKey::DeploymentsAddresses
        | GatewayKey::DeploymentsMetadata
        | GatewayKey::DeploymentsNoReduce => GRAPH,
        // Containers listen on 8080 and up; the Service offers the chosen port besides.
        GatewayKey::Port
        | GatewayKey::Exposure
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
        | GatewayKey::Kubernetes
        | GatewayKey::ProviderEndpoint => Fate::Exact,
    }
}

fn executor(key: ExecutorKey) -> Fate {
    match key {
        ExecutorKey::Compose => COMPOSE,
        ExecutorKey::Port => Fate::Depends(
            "the port of an external Executor; otherwise an additional port of the Service, and the container listens on 8080",
        ),
        ExecutorKey::Host => Fate::Depends(
            "the address of an external Executor; other Executors listen on every address",
        ),
        ExecutorKey::Tls => {
            Fate::Depends("only for external Executors; a mesh encrypts traffic between Pods")
        }
        ExecutorKey::Protocol => {
            Fate::Depends("only `GRPC` behind a gateway; any protocol in a standalone Deployment")
        }
        ExecutorKey::UsesBefore | ExecutorKey::UsesAfter | ExecutorKey::Polling => {
            Fate::Depends("with `shards: 2` or more")
        }
        ExecutorKey::Volumes => Fate::Depends(
            "claimed for each Pod of a StatefulSet and mounted at the container's path; files on the host are not copied",
        ),
        ExecutorKey::Gpus => {
            Fate::Depends("a number of `nvidia.com/gpu`; for `all` pass `--gpu-all N`")
        }
        ExecutorKey::Stateful => Fate::Depends("a StatefulSet with only one replica"),
        ExecutorKey::PeerPorts => Fate::Ignored("a stateful Executor has one replica"),
        ExecutorKey::PortMonitoring => METRICS_PORT,
        ExecutorKey::Workspace => Fate::Depends(
            "a path inside the container; a relative path starts at the container's working directory",
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
        ExecutorKey::Jcloud => PROVISIONS,
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
        | ExecutorKey::Kubernetes
        | ExecutorKey::ProviderEndpoint => Fate::Exact,
    }
}
