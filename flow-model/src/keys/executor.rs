//! Keys of an entry of `executors:`.

use super::macros::keys;
use crate::values::{
    Anything, Command, Compression, Environment, Gpus, Hosts, KeyValues, Metadata, Method, Names,
    Needs, NetworkMode, OptionalLimit, Polling, Port, Ports, Positive, Protocols, Provider,
    SecretReferences, Shards, Text, Toggle, Uses, Volumes,
};

keys! {
    /// What a Flow says about one Executor.
    struct ExecutorSettings;
    /// A key of an entry of `executors:`.
    enum ExecutorKey;
    builder ExecutorBuilder;

    /// The Executor's name: letters, digits and `_`.
    Name name: Text = "`executor` and a number", since "3.0";
    /// The Executors (or `gateway`) whose results this one takes.
    Needs needs: Needs = "the Executor before", since "3.0";
    /// How the entry joins the graph: `add`, `needs`, `needs_all`, `inspect` or `gather_inspect`.
    Method method: Method = "`add`", since "3.0";
    /// The container image as `docker://IMAGE`; without it Jina's own image runs `BaseExecutor`.
    Uses uses: Uses = "`BaseExecutor`", since "3.0";
    /// What the Executor is constructed with.
    UsesWith uses_with: KeyValues = "none", since "3.0", flag "--uses-with" for Worker;
    /// The Executor's `metas`.
    UsesMetas uses_metas: KeyValues = "none", since "3.0", flag "--uses-metas" for Worker [inherited];
    /// Which method answers which endpoint.
    UsesRequests uses_requests: KeyValues = "none", since "3.0", flag "--uses-requests" for Worker [inherited];
    /// Which endpoints batch requests, and how.
    UsesDynamicBatching uses_dynamic_batching: KeyValues = "none", since "3.13", flag "--uses-dynamic-batching" for Worker [inherited];
    /// The image of what runs before the shards, beside the head.
    UsesBefore uses_before: Uses = "none", since "3.0" [inherited];
    /// The image of what runs after the shards, beside the head.
    UsesAfter uses_after: Uses = "none", since "3.0" [inherited];
    /// Python files that hold the Executor, as paths inside the image.
    PyModules py_modules: Names = "none", since "3.0", flag "--py-modules" for UserCode [inherited];
    /// How many Pods serve each shard.
    Replicas replicas: Positive = "`1`", since "3.0" [inherited];
    /// Into how many parts the data is split.
    Shards shards: Shards = "`1`", since "3.0", flag "--shards" for Every [inherited];
    /// Which shards take a request: `ANY`, `ALL`, or one of both for each endpoint.
    Polling polling: Polling = "`ANY`", since "3.0", flag "--polling" for Head [inherited];
    /// Environment variables.
    Env env: Environment = "none", since "3.0";
    /// Environment variables whose values are kept in Secrets.
    EnvFromSecret env_from_secret: SecretReferences = "none", since "3.14" [inherited];
    /// Secrets with the credentials of image registries.
    ImagePullSecrets image_pull_secrets: Names = "none", since "3.19" [inherited];
    /// Milliseconds until the Executor must be up; `-1` for no limit.
    TimeoutReady timeout_ready: OptionalLimit = "`600000`", since "3.0", flag "--timeout-ready" for Every [inherited];
    /// Milliseconds that one call may take; `-1` for no limit.
    TimeoutSend timeout_send: OptionalLimit = "no limit", since "3.4", flag "--timeout-send" for Every [inherited];
    /// Milliseconds that a control request may take; `-1` for no limit.
    TimeoutCtrl timeout_ctrl: OptionalLimit = "`60`", since "3.0", flag "--timeout-ctrl" for Every [inherited];
    /// How often a failed call is tried again; `-1` lets Jina choose.
    Retries retries: OptionalLimit = "`-1`", since "3.0", flag "--retries" for Every [inherited];
    /// Compression of calls: `NoCompression`, `Deflate` or `Gzip`.
    Compression compression: Compression = "none", since "3.3", flag "--compression" for Every [inherited];
    /// Options of the channels that a head opens.
    GrpcChannelOptions grpc_channel_options: KeyValues = "none", since "3.15", flag "--grpc-channel-options" for Every [inherited];
    /// Options of the gRPC server.
    GrpcServerOptions grpc_server_options: KeyValues = "none", since "3.9", flag "--grpc-server-options" for Every [inherited];
    /// `GRPC`: an Executor in a Flow speaks nothing else, since the gateway does not.
    Protocol protocol ["protocols"]: Protocols = "`GRPC`", since "3.0";
    /// The port of an external Executor; containers listen on 8080.
    Port port ["ports"]: Ports = "8080", since "3.0";
    /// The host of an external Executor, or several; containers listen on every address.
    Host host ["host_in"]: Hosts = "`0.0.0.0`", since "3.0" [inherited];
    /// Runs somewhere else: the Flow only dials it.
    External external: Toggle = "`false`", since "3.0" [inherited];
    /// The external Executor is dialled with TLS.
    Tls tls: Toggle = "`false`", since "3.3" [inherited];
    /// gRPC metadata sent with each call of this Executor.
    GrpcMetadata grpc_metadata: Metadata = "none", since "3.11" [inherited];
    /// Takes requests, but no answer waits for it.
    Floating floating: Toggle = "`false`", since "3.7", flag "--floating" for Every [inherited];
    /// Which documents reach this Executor: a filter in DocArray's query language.
    When when: KeyValues = "every document", since "3.3" [inherited];
    /// Results of several needs, or shards, are handed on as they are, not merged.
    NoReduce no_reduce ["disable_reduce"]: Toggle = "`false`", since "3.1", flag "--no-reduce" for Every [inherited];
    /// Runs several requests in one Executor at once.
    AllowConcurrent allow_concurrent: Toggle = "`false`", since "3.15", flag "--allow-concurrent" for Every [inherited];
    /// Exceptions that end the process, by class name.
    ExitOnExceptions exit_on_exceptions: Names = "none", since "3.10", flag "--exit-on-exceptions" for Worker [inherited];
    /// The tensor type of results: `numpy`, `torch`, …
    OutputArrayType output_array_type: Text = "none", since "3.2", flag "--output-array-type" for UserCode [inherited];
    /// The working folder inside the container.
    Workspace workspace: Text = "the Flow's", since "3.0", flag "--workspace" for UserCode [inherited];
    /// The logger configuration.
    LogConfig log_config: Text = "the Flow's", since "3.0", flag "--log-config" for Every [inherited];
    /// Prints nothing but errors.
    Quiet quiet: Toggle = "`false`", since "3.0", flag "--quiet" for Every;
    /// Prints no errors either.
    QuietError quiet_error: Toggle = "`false`", since "3.0", flag "--quiet-error" for Every;
    /// What runs instead of the image's own `jina`: words, or a list of them.
    Entrypoint entrypoint: Command = "`jina`", since "3.0" [inherited];
    /// What is kept outside the container: `PATH`, or `HOST:PATH`.
    Volumes volumes: Volumes = "none", since "3.0" [inherited];
    /// How many GPUs each Pod of the Executor gets.
    Gpus gpus: Gpus = "none", since "3.0", flag "--gpus" for Worker [inherited];
    /// No volume for the cache that Jina adds by itself under Docker.
    DisableAutoVolume disable_auto_volume: Toggle = "`false`", since "3.0", flag "--disable-auto-volume" for Every [inherited];
    /// Keeps state by consensus between replicas (RAFT).
    Stateful stateful: Toggle = "`false`", since "3.16", flag "--stateful" for Worker [inherited];
    /// Ports by which replicas of a stateful Executor find each other.
    PeerPorts peer_ports: Anything = "none", since "3.16";
    /// Settings of the consensus of a stateful Executor.
    RaftConfiguration raft_configuration: KeyValues = "none", since "3.16", flag "--raft-configuration" for Worker [inherited];
    /// Offers metrics to Prometheus.
    Monitoring monitoring: Toggle = "`false`", since "3.4", flag "--monitoring" for Every [inherited];
    /// The port of these metrics.
    PortMonitoring port_monitoring: Ports = "9090", since "3.4";
    /// Sends traces by OpenTelemetry.
    Tracing tracing: Toggle = "`false`", since "3.12", flag "--tracing" for Every [inherited];
    /// The host that takes traces.
    TracesExporterHost traces_exporter_host: Text = "none", since "3.12", flag "--traces-exporter-host" for Every [inherited];
    /// The port of that host.
    TracesExporterPort traces_exporter_port: Port = "none", since "3.12", flag "--traces-exporter-port" for Every [inherited];
    /// Sends metrics by OpenTelemetry.
    Metrics metrics: Toggle = "`false`", since "3.12", flag "--metrics" for Every [inherited];
    /// The host that takes metrics.
    MetricsExporterHost metrics_exporter_host: Text = "none", since "3.12", flag "--metrics-exporter-host" for Every [inherited];
    /// The port of that host.
    MetricsExporterPort metrics_exporter_port: Port = "none", since "3.12", flag "--metrics-exporter-port" for Every [inherited];
    /// Where the container finds further files of the Executor.
    ExtraSearchPaths extra_search_paths: Names = "none", since "3.7", flag "--extra-search-paths" for Every [inherited];
    /// Starts the Executor anew when its files change.
    Reload reload: Toggle = "`false`", since "3.10", flag "--reload" for Every;
    /// A cloud's own form of serving, which an HTTP Executor can take.
    Provider provider: Provider = "`NONE`", since "3.20", flag "--provider" for Every [inherited];
    /// The endpoint that this form serves.
    ProviderEndpoint provider_endpoint: Text = "none", since "3.22", flag "--provider-endpoint" for Every [inherited];
    /// Settings of the container for the Docker Engine.
    DockerKwargs docker_kwargs: KeyValues = "none", since "3.0" [inherited];
    /// Which network Jina's own launcher puts the container in.
    ForceNetworkMode force_network_mode: NetworkMode = "`AUTO`", since "3.10" [inherited];
    /// Installs what a hub Executor requires.
    InstallRequirements install_requirements: Toggle = "`false`", since "3.0" [inherited];
    /// Asks the hub for a newer Executor.
    ForceUpdate force_update ["force"]: Toggle = "`false`", since "3.0" [inherited];
    /// Asks the hub for an image of this platform.
    PreferPlatform prefer_platform: Text = "none", since "3.16" [inherited];
    /// The identity of the workspace.
    WorkspaceId workspace_id: Text = "random", since "3.0";
    /// What Jina's launcher would start, if not a worker.
    RuntimeCls runtime_cls: Anything = "by role", since "3.0";
    /// The namespace that the process is told.
    K8sNamespace k8s_namespace: Anything = "the Flow's", since "3.0";
    /// Runs without a container.
    Native native: Anything = "`true`", since "3.0";
    /// Which shard it is.
    ShardId shard_id: Anything = "by position", since "3.0";
    /// Which replica it is.
    ReplicaId replica_id: Anything = "by position", since "3.0";
    /// What it does.
    PodRole pod_role: Anything = "by position", since "3.0";
    /// What the whole Executor does.
    DeploymentRole deployment_role: Anything = "by position", since "3.0";
    /// Lets Jina's launcher go on before the Executor is up.
    NoblockOnStart noblock_on_start: Anything = "`false`", since "3.0";
    /// Where the head finds what runs before the shards.
    UsesBeforeAddress uses_before_address: Anything = "by position", since "3.0";
    /// Where the head finds what runs after the shards.
    UsesAfterAddress uses_after_address: Anything = "by position", since "3.0";
    /// Where the head finds the shards.
    ConnectionList connection_list: Anything = "by position", since "3.0";
    /// The title of the Executor's own HTTP documentation.
    Title title: Text = "none", since "3.0";
    /// The description in that documentation.
    Description description: Text = "none", since "3.0";
    /// Lets browsers of any origin call the Executor.
    Cors cors: Toggle = "`false`", since "3.0";
    /// Settings of the Executor's HTTP server.
    UvicornKwargs uvicorn_kwargs: KeyValues = "none", since "3.0";
    /// A certificate for the Executor's server.
    SslCertfile ssl_certfile: Text = "none", since "3.0";
    /// The key of that certificate.
    SslKeyfile ssl_keyfile: Text = "none", since "3.0";
    /// Settings of Jina's own cloud.
    Jcloud jcloud: Anything = "none", since "3.0";
}
