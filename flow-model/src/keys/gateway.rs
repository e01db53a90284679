//! Keys of `gateway:`.

use super::macros::keys;
use crate::values::{
    Anything, Command, ComposeBlock, Compression, Count, Environment, Exposure, Hosts, Jcloud,
    KeyValues, KubernetesBlock, Names, OptionalLimit, Port, Ports, Positive, Protocols, Provider,
    SecretReferences, Text, Toggle, Uses,
};

keys! {
    /// The settings of a gateway.
    struct GatewaySettings;
    /// A key of `gateway:`.
    enum GatewayKey;
    builder GatewayBuilder;

    /// The gateway: one of Jina's gateways (by default the one for the protocol), or
    /// `docker://IMAGE` for your own gateway.
    Uses uses: Uses = "by protocol", since "3.0";
    /// Arguments of the constructor of your own gateway.
    UsesWith uses_with: KeyValues = "none", since "3.0", flag "--uses-with" for Gateway;
    /// The protocols that clients use: one or several of `GRPC`, `HTTP` and `WEBSOCKET`.
    Protocol protocol ["protocols"]: Protocols = "`GRPC`", since "3.0" [inherited];
    /// The ports that clients dial, one for each protocol. Containers listen on 8080 and up; the
    /// Service offers these ports too.
    Port port ["ports", "port_expose", "port_in"]: Ports = "8080 and up", since "3.0" [inherited];
    /// How clients outside the cluster reach the gateway: `host`, with `class` and `tls` for an Ingress or
    /// `gateway` for routes of the Gateway API, or `type: LoadBalancer`; `annotations`.
    Exposure exposure ["expose"]: Exposure = "inside the cluster only", since "3.0";
    /// The number of gateways.
    Replicas replicas: Positive = "`1`", since "3.0" [inherited];
    /// Environment variables.
    Env env: Environment = "none", since "3.0";
    /// Environment variables whose values are kept in Secrets.
    EnvFromSecret env_from_secret: SecretReferences = "none", since "3.14" [inherited];
    /// Secrets with the credentials of image registries.
    ImagePullSecrets image_pull_secrets: Names = "none", since "3.19" [inherited];
    /// The number of concurrent requests of one client; `0` for no limit.
    Prefetch prefetch: Count = "`1000`", since "3.0", flag "--prefetch" for Gateway [inherited];
    /// Milliseconds that one call of an Executor may take; `-1` for no limit.
    TimeoutSend timeout_send: OptionalLimit = "no limit", since "3.4", flag "--timeout-send" for Gateway [inherited];
    /// Milliseconds until the gateway must be ready; `-1` for no limit.
    TimeoutReady timeout_ready: OptionalLimit = "`600000`", since "3.0", flag "--timeout-ready" for Gateway [inherited];
    /// Milliseconds that a control request may take; `-1` for no limit.
    TimeoutCtrl timeout_ctrl: OptionalLimit = "`60`", since "3.0", flag "--timeout-ctrl" for Gateway [inherited];
    /// The number of retries of a failed call of an Executor; `-1` lets Jina choose.
    Retries retries: OptionalLimit = "`-1`", since "3.0", flag "--retries" for Gateway [inherited];
    /// Compression of calls: `NoCompression`, `Deflate` or `Gzip`.
    Compression compression: Compression = "none", since "3.3", flag "--compression" for Gateway [inherited];
    /// Options of the channels to Executors.
    GrpcChannelOptions grpc_channel_options: KeyValues = "none", since "3.15", flag "--grpc-channel-options" for Gateway [inherited];
    /// Options of the gateway's own gRPC server.
    GrpcServerOptions grpc_server_options: KeyValues = "none", since "3.9", flag "--grpc-server-options" for Gateway [inherited];
    /// The title of the HTTP gateway's own documentation.
    Title title: Text = "none", since "3.0", flag "--title" for Gateway [inherited];
    /// The description in the HTTP gateway's own documentation.
    Description description: Text = "none", since "3.0", flag "--description" for Gateway [inherited];
    /// Lets browsers of any origin call the HTTP gateway.
    Cors cors: Toggle = "`false`", since "3.0", flag "--cors" for Gateway [inherited];
    /// Removes `/status` and `/post` of the HTTP gateway.
    NoDebugEndpoints no_debug_endpoints: Toggle = "`false`", since "3.0", flag "--no-debug-endpoints" for Gateway [inherited];
    /// Removes `/index`, `/search`, `/update` and `/delete` of the HTTP gateway.
    NoCrudEndpoints no_crud_endpoints: Toggle = "`false`", since "3.0", flag "--no-crud-endpoints" for Gateway [inherited];
    /// Executor endpoints that the HTTP gateway offers as routes.
    ExposeEndpoints expose_endpoints: KeyValues = "none", since "3.0", flag "--expose-endpoints" for Gateway [inherited];
    /// The logger configuration.
    LogConfig log_config: Text = "the Flow's", since "3.0", flag "--log-config" for Gateway [inherited];
    /// Prints only errors.
    Quiet quiet: Toggle = "`false`", since "3.0", flag "--quiet" for Gateway;
    /// Prints no errors either.
    QuietError quiet_error: Toggle = "`false`", since "3.0", flag "--quiet-error" for Gateway;
    /// The program to run instead of `jina` in the image, with its arguments.
    Entrypoint entrypoint: Command = "`jina`", since "3.0" [inherited];
    /// Python files of your own gateway, as paths inside the image.
    PyModules py_modules: Names = "none", since "3.10", flag "--py-modules" for Gateway [inherited];
    /// Settings of the HTTP gateway's server.
    UvicornKwargs uvicorn_kwargs: KeyValues = "none", since "3.0", flag "--uvicorn-kwargs" for Gateway [inherited];
    /// The TLS certificate of the gateway, as a path inside the image.
    SslCertfile ssl_certfile: Text = "none", since "3.0", flag "--ssl-certfile" for Gateway [inherited];
    /// The private key of the certificate, as a path inside the image.
    SslKeyfile ssl_keyfile: Text = "none", since "3.0", flag "--ssl-keyfile" for Gateway [inherited];
    /// Offers `GraphQL` on the HTTP gateway.
    ExposeGraphqlEndpoint expose_graphql_endpoint: Toggle = "`false`", since "3.0", flag "--expose-graphql-endpoint" for Gateway [inherited];
    /// Uses `http_proxy` and `https_proxy` of the environment.
    Proxy proxy: Toggle = "`false`", since "3.0", flag "--proxy" for Gateway [inherited];
    /// The address that the gateway listens on; a container listens on every address.
    Host host ["host_in"]: Hosts = "`0.0.0.0`", since "3.0" [inherited];
    /// Offers metrics to Prometheus.
    Monitoring monitoring: Toggle = "`false`", since "3.4", flag "--monitoring" for Gateway [inherited];
    /// The port of these metrics.
    PortMonitoring port_monitoring: Ports = "9090", since "3.4" [inherited];
    /// Sends traces with OpenTelemetry.
    Tracing tracing: Toggle = "`false`", since "3.12", flag "--tracing" for Gateway [inherited];
    /// The host of the trace collector.
    TracesExporterHost traces_exporter_host: Text = "none", since "3.12", flag "--traces-exporter-host" for Gateway [inherited];
    /// The port of that host.
    TracesExporterPort traces_exporter_port: Port = "none", since "3.12", flag "--traces-exporter-port" for Gateway [inherited];
    /// Sends metrics with OpenTelemetry.
    Metrics metrics: Toggle = "`false`", since "3.12", flag "--metrics" for Gateway [inherited];
    /// The host of the metrics collector.
    MetricsExporterHost metrics_exporter_host: Text = "none", since "3.12", flag "--metrics-exporter-host" for Gateway [inherited];
    /// The port of that host.
    MetricsExporterPort metrics_exporter_port: Port = "none", since "3.12", flag "--metrics-exporter-port" for Gateway [inherited];
    /// Additional folders in which the container searches for files.
    ExtraSearchPaths extra_search_paths: Names = "none", since "3.7", flag "--extra-search-paths" for Gateway [inherited];
    /// Starts the gateway anew when its files change.
    Reload reload: Toggle = "`false`", since "3.10", flag "--reload" for Gateway;
    /// A cloud's own form of serving.
    Provider provider: Provider = "`NONE`", since "3.20", flag "--provider" for Gateway [inherited];
    /// The endpoint that is served with this protocol.
    ProviderEndpoint provider_endpoint: Text = "none", since "3.22", flag "--provider-endpoint" for Gateway [inherited];
    /// Settings of the container for the Docker Engine.
    DockerKwargs docker_kwargs: KeyValues = "none", since "3.0" [inherited];
    /// Which of Jina's runtimes starts.
    RuntimeCls runtime_cls: Anything = "by role", since "3.0";
    /// The namespace that is passed to the process.
    K8sNamespace k8s_namespace: Anything = "the Flow's", since "3.0";
    /// Who hands results to whom.
    GraphDescription graph_description: Anything = "by `needs`", since "3.0" [inherited];
    /// What reaches an Executor.
    GraphConditions graph_conditions: Anything = "by `when`", since "3.0" [inherited];
    /// Where Executors are found.
    DeploymentsAddresses deployments_addresses: Anything = "by position", since "3.0" [inherited];
    /// gRPC metadata by Executor.
    DeploymentsMetadata deployments_metadata: Anything = "by `grpc_metadata`", since "3.11" [inherited];
    /// Executors whose results are not merged.
    DeploymentsNoReduce deployments_no_reduce: Anything = "by `no_reduce`", since "3.1" [inherited];
    /// What it asks of the platform: resources, autoscaling, disruption.
    Jcloud jcloud: Jcloud = "none", since "3.0";
    /// Your own parts of its objects on Kubernetes; Jina ignores it.
    Kubernetes kubernetes: KubernetesBlock = "none", since "–";
    /// Logging, restarts and the published address of its services on Docker Compose; Jina ignores
    /// it.
    Compose compose: ComposeBlock = "none", since "–";
}
