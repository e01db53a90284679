//! Keys of an entry of `executors:`.

use super::macros::keys;
use crate::values::{
    Anything, Command, ComposeBlock, Compression, Environment, Gpus, Hosts, Jcloud, KeyValues,
    KubernetesBlock, Metadata, Method, Names, Needs, NetworkMode, OptionalLimit, Polling, Port,
    Ports, Positive, Protocols, Provider, SecretReferences, Shards, Text, Toggle, Uses, Volumes,
};

keys! {
    /// The settings of an Executor.
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
    /// Arguments of the Executor's constructor.
    UsesWith uses_with: KeyValues = "none", since "3.0", flag "--uses-with" for Worker;
    /// The Executor's `metas`.
    UsesMetas uses_metas: KeyValues = "none", since "3.0", flag "--uses-metas" for Worker [inherited];
    /// The method for each endpoint.
    UsesRequests uses_requests: KeyValues = "none", since "3.0", flag "--uses-requests" for Worker [inherited];
    /// The endpoints that batch requests, with their options.
    UsesDynamicBatching uses_dynamic_batching: KeyValues = "none", since "3.13", flag "--uses-dynamic-batching" for Worker [inherited];
    /// The image of an Executor that runs before the shards, beside the head.
    UsesBefore uses_before: Uses = "none", since "3.0" [inherited];
    /// The image of an Executor that runs after the shards, beside the head.
    UsesAfter uses_after: Uses = "none", since "3.0" [inherited];
    /// Python files of the Executor, as paths inside the image.
    PyModules py_modules: Names = "none", since "3.0", flag "--py-modules" for UserCode [inherited];
    /// The number of Pods of each shard.
    Replicas replicas: Positive = "`1`", since "3.0" [inherited];
    /// The number of parts that the data is split into.
    Shards shards: Shards = "`1`", since "3.0", flag "--shards" for Every [inherited];
    /// The shards that take a request: `ANY`, `ALL`, or one of both for each endpoint.
    Polling polling: Polling = "`ANY`", since "3.0", flag "--polling" for Head [inherited];
    /// Environment variables.
    Env env: Environment = "none", since "3.0";
    /// Environment variables whose values are kept in Secrets.
    EnvFromSecret env_from_secret: SecretReferences = "none", since "3.14" [inherited];
    /// Secrets with the credentials of image registries.
    ImagePullSecrets image_pull_secrets: Names = "none", since "3.19" [inherited];
    /// Milliseconds until the Executor must be ready; `-1` for no limit.
    TimeoutReady timeout_ready: OptionalLimit = "`600000`", since "3.0", flag "--timeout-ready" for Every [inherited];
    /// Milliseconds that one call may take; `-1` for no limit.
    TimeoutSend timeout_send: OptionalLimit = "no limit", since "3.4", flag "--timeout-send" for Every [inherited];
    /// Milliseconds that a control request may take; `-1` for no limit.
    TimeoutCtrl timeout_ctrl: OptionalLimit = "`60`", since "3.0", flag "--timeout-ctrl" for Every [inherited];
    /// The number of retries of a failed call; `-1` lets Jina choose.
    Retries retries: OptionalLimit = "`-1`", since "3.0", flag "--retries" for Every [inherited];
    /// Compression of calls: `NoCompression`, `Deflate` or `Gzip`.
    Compression compression: Compression = "none", since "3.3", flag "--compression" for Every [inherited];
    /// Options of the channels that a head opens.
    GrpcChannelOptions grpc_channel_options: KeyValues = "none", since "3.15", flag "--grpc-channel-options" for Every [inherited];
    /// Options of the gRPC server.
    GrpcServerOptions grpc_server_options: KeyValues = "none", since "3.9", flag "--grpc-server-options" for Every [inherited];
    /// `GRPC`: the gateway only calls Executors over gRPC.
    Protocol protocol ["protocols"]: Protocols = "`GRPC`", since "3.0";
    /// The port of an external Executor; containers listen on 8080.
    Port port ["ports"]: Ports = "8080", since "3.0";
    /// The host of an external Executor, or several; containers listen on every address.
    Host host ["host_in"]: Hosts = "`0.0.0.0`", since "3.0" [inherited];
    /// The Executor runs outside the Flow, which only dials it.
    External external: Toggle = "`false`", since "3.0" [inherited];
    /// Dials the external Executor with TLS.
    Tls tls: Toggle = "`false`", since "3.3" [inherited];
    /// gRPC metadata sent with each call of this Executor.
    GrpcMetadata grpc_metadata: Metadata = "none", since "3.11" [inherited];
    /// The answer does not wait for this Executor.
    Floating floating: Toggle = "`false`", since "3.7", flag "--floating" for Every [inherited];
    /// A filter for the documents that reach this Executor, in DocArray's query language.
    When when: KeyValues = "every document", since "3.3" [inherited];
    /// Passes the results of several needs, or shards, without merging them.
    NoReduce no_reduce ["disable_reduce"]: Toggle = "`false`", since "3.1", flag "--no-reduce" for Every [inherited];
    /// Lets one Executor run several requests concurrently.
    AllowConcurrent allow_concurrent: Toggle = "`false`", since "3.15", flag "--allow-concurrent" for Every [inherited];
    /// Exceptions that end the process, by class name.
    ExitOnExceptions exit_on_exceptions: Names = "none", since "3.10", flag "--exit-on-exceptions" for Worker [inherited];
    /// The tensor type of results: `numpy`, `torch`, …
    OutputArrayType output_array_type: Text = "none", since "3.2", flag "--output-array-type" for UserCode [inherited];
    /// The working folder inside the container.
    Workspace workspace: Text = "the Flow's", since "3.0", flag "--workspace" for UserCode [inherited];
    /// The logger configuration.
    LogConfig log_config: Text = "the Flow's", since "3.0", flag "--log-config" for Every [inherited];
    /// Prints only errors.
    Quiet quiet: Toggle = "`false`", since "3.0", flag "--quiet" for Every;
    /// Prints no errors either.
    QuietError quiet_error: Toggle = "`false`", since "3.0", flag "--quiet-error" for Every;
    /// The program to run instead of `jina` in the image, with its arguments.
    Entrypoint entrypoint: Command = "`jina`", since "3.0" [inherited];
    /// Volumes to mount: `PATH`, or `HOST:PATH`.
    Volumes volumes: Volumes = "none", since "3.0" [inherited];
    /// The number of GPUs of each Pod.
    Gpus gpus: Gpus = "none", since "3.0", flag "--gpus" for Worker [inherited];
    /// Does not mount the cache volume that Jina adds with Docker.
    DisableAutoVolume disable_auto_volume: Toggle = "`false`", since "3.0", flag "--disable-auto-volume" for Every [inherited];
    /// Synchronizes the state of replicas by consensus (RAFT).
    Stateful stateful: Toggle = "`false`", since "3.16", flag "--stateful" for Worker [inherited];
    /// Ports of the replicas of a stateful Executor for each other.
    PeerPorts peer_ports: Anything = "none", since "3.16";
    /// RAFT settings of a stateful Executor.
    RaftConfiguration raft_configuration: KeyValues = "none", since "3.16", flag "--raft-configuration" for Worker [inherited];
    /// Offers metrics to Prometheus.
    Monitoring monitoring: Toggle = "`false`", since "3.4", flag "--monitoring" for Every [inherited];
    /// The port of these metrics.
    PortMonitoring port_monitoring: Ports = "9090", since "3.4";
    /// Sends traces with OpenTelemetry.
    Tracing tracing: Toggle = "`false`", since "3.12", flag "--tracing" for Every [inherited];
    /// The host of the trace collector.
    TracesExporterHost traces_exporter_host: Text = "none", since "3.12", flag "--traces-exporter-host" for Every [inherited];
    /// The port of that host.
    TracesExporterPort traces_exporter_port: Port = "none", since "3.12", flag "--traces-exporter-port" for Every [inherited];
    /// Sends metrics with OpenTelemetry.
    Metrics metrics: Toggle = "`false`", since "3.12", flag "--metrics" for Every [inherited];
    /// The host of the metrics collector.
    MetricsExporterHost metrics_exporter_host: Text = "none", since "3.12", flag "--metrics-exporter-host" for Every [inherited];
    /// The port of that host.
    MetricsExporterPort metrics_exporter_port: Port = "none", since "3.12", flag "--metrics-exporter-port" for Every [inherited];
    /// Additional folders in which the container searches for files of the Executor.
    ExtraSearchPaths extra_search_paths: Names = "none", since "3.7", flag "--extra-search-paths" for Every [inherited];
    /// Restarts the Executor when its files change.
    Reload reload: Toggle = "`false`", since "3.10", flag "--reload" for Every;
    /// The cloud whose serving protocol the HTTP Executor uses.
    Provider provider: Provider = "`NONE`", since "3.20", flag "--provider" for Every [inherited];
    /// The endpoint that is served with this protocol.
    ProviderEndpoint provider_endpoint: Text = "none", since "3.22", flag "--provider-endpoint" for Every [inherited];
    /// Settings of the container for the Docker Engine.
    DockerKwargs docker_kwargs: KeyValues = "none", since "3.0" [inherited];
    /// The network of a container that Jina's launcher starts.
    ForceNetworkMode force_network_mode: NetworkMode = "`AUTO`", since "3.10" [inherited];
    /// Installs the requirements of a hub Executor.
    InstallRequirements install_requirements: Toggle = "`false`", since "3.0" [inherited];
    /// Pulls a newer Executor from the hub.
    ForceUpdate force_update ["force"]: Toggle = "`false`", since "3.0" [inherited];
    /// Pulls the image for this platform from the hub.
    PreferPlatform prefer_platform: Text = "none", since "3.16" [inherited];
    /// The identity of the workspace.
    WorkspaceId workspace_id: Text = "random", since "3.0";
    /// The class that Jina's launcher starts.
    RuntimeCls runtime_cls: Anything = "by role", since "3.0";
    /// The namespace that is passed to the process.
    K8sNamespace k8s_namespace: Anything = "the Flow's", since "3.0";
    /// Runs without a container.
    Native native: Anything = "`true`", since "3.0";
    /// The number of the shard.
    ShardId shard_id: Anything = "by position", since "3.0";
    /// The number of the replica.
    ReplicaId replica_id: Anything = "by position", since "3.0";
    /// The role of the Pod.
    PodRole pod_role: Anything = "by position", since "3.0";
    /// The role of the Executor.
    DeploymentRole deployment_role: Anything = "by position", since "3.0";
    /// Lets Jina's launcher continue before the Executor is ready.
    NoblockOnStart noblock_on_start: Anything = "`false`", since "3.0";
    /// The address of the `uses_before` Executor.
    UsesBeforeAddress uses_before_address: Anything = "by position", since "3.0";
    /// The address of the `uses_after` Executor.
    UsesAfterAddress uses_after_address: Anything = "by position", since "3.0";
    /// The addresses of the shards.
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
    /// What it asks of the platform: resources, storage, autoscaling, disruption.
    Jcloud jcloud: Jcloud = "none", since "3.0";
    /// Your own parts of its objects on Kubernetes; Jina ignores it.
    Kubernetes kubernetes: KubernetesBlock = "none", since "–";
    /// Logging, restarts and the published address of its services on Docker Compose; Jina ignores
    /// it.
    Compose compose: ComposeBlock = "none", since "–";
}
