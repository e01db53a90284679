//! Keys of `gateway:`.

use super::macros::keys;
use crate::values::{
    Compression, Count, Environment, KeyValues, Limit, Names, Ports, Positive, Protocols,
    SecretReferences, Text, Toggle, Uses,
};

keys! {
    /// What a Flow says about its gateway.
    struct GatewayKeys;
    /// A key of `gateway:`.
    enum GatewayKey;

    /// What runs: one of Jina's own gateways (by default the one for the protocol), or
    /// `docker://IMAGE` for a gateway of your own.
    Uses uses: Uses = "by protocol", since "3.0";
    /// What a gateway of your own is constructed with.
    UsesWith uses_with: KeyValues = "none", since "3.0", flag "--uses-with" for Gateway;
    /// The protocols that clients speak: `GRPC`, `HTTP`, `WEBSOCKET`, one or several.
    Protocol protocol ["protocols"]: Protocols = "`GRPC`", since "3.0" [inherited];
    /// The ports that clients dial, one a protocol. Containers listen on 8080 and up; a Service
    /// offers these besides.
    Port port ["ports", "port_expose", "port_in"]: Ports = "8080 and up", since "3.0" [inherited];
    /// How many gateways run side by side.
    Replicas replicas: Positive = "`1`", since "3.0", flag "--replicas" for Gateway [inherited];
    /// Environment variables.
    Env env: Environment = "none", since "3.0";
    /// Environment variables whose values are kept in Secrets.
    EnvFromSecret env_from_secret: SecretReferences = "none", since "3.14" [inherited];
    /// Secrets with the credentials of image registries.
    ImagePullSecrets image_pull_secrets: Names = "none", since "3.19" [inherited];
    /// How many requests of one client are in flight at once; `0` for no limit.
    Prefetch prefetch: Count = "`1000`", since "3.0", flag "--prefetch" for Gateway [inherited];
    /// Milliseconds that one call of an Executor may take; `-1` for no limit.
    TimeoutSend timeout_send: Limit = "no limit", since "3.4", flag "--timeout-send" for Gateway [inherited];
    /// Milliseconds until the gateway must be up; `-1` for no limit.
    TimeoutReady timeout_ready: Limit = "`600000`", since "3.0", flag "--timeout-ready" for Gateway [inherited];
    /// Milliseconds that a control request may take.
    TimeoutCtrl timeout_ctrl: Count = "`60`", since "3.0", flag "--timeout-ctrl" for Gateway [inherited];
    /// How often a failed call of an Executor is tried again; `-1` lets Jina choose.
    Retries retries: Limit = "`-1`", since "3.0", flag "--retries" for Gateway [inherited];
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
    /// Leaves out the HTTP gateway's `/status` and `/post`.
    NoDebugEndpoints no_debug_endpoints: Toggle = "`false`", since "3.0", flag "--no-debug-endpoints" for Gateway [inherited];
    /// Leaves out the HTTP gateway's `/index`, `/search`, `/update`, `/delete`.
    NoCrudEndpoints no_crud_endpoints: Toggle = "`false`", since "3.0", flag "--no-crud-endpoints" for Gateway [inherited];
    /// Executor endpoints that the HTTP gateway offers as routes of their own.
    ExposeEndpoints expose_endpoints: KeyValues = "none", since "3.0", flag "--expose-endpoints" for Gateway [inherited];
    /// The logger configuration.
    LogConfig log_config: Text = "the Flow's", since "3.0", flag "--log-config" for Gateway [inherited];
    /// Prints nothing but errors.
    Quiet quiet: Toggle = "`false`", since "3.0", flag "--quiet" for Gateway;
    /// Prints no errors either.
    QuietError quiet_error: Toggle = "`false`", since "3.0", flag "--quiet-error" for Gateway;
}
