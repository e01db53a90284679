//! Keys of an entry of `executors:`.

use super::macros::keys;
use crate::values::{
    Compression, Count, Environment, Hosts, KeyValues, Limit, Metadata, Method, Names, Needs,
    Polling, Ports, Positive, Protocols, SecretReferences, Shards, Text, Toggle, Uses,
};

keys! {
    /// What a Flow says about one Executor.
    struct ExecutorKeys;
    /// A key of an entry of `executors:`.
    enum ExecutorKey;

    /// The Executor's name: letters, digits and `_`.
    Name name: Text = "`executor` and a number", since "3.0";
    /// The Executors (or `gateway`) whose results this one takes.
    Needs needs: Needs = "the Executor before", since "3.0";
    /// How the entry joins the graph: `add`, `needs` or `needs_all`.
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
    Replicas replicas: Positive = "`1`", since "3.0", flag "--replicas" for Worker [inherited];
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
    TimeoutReady timeout_ready: Limit = "`600000`", since "3.0", flag "--timeout-ready" for Every [inherited];
    /// Milliseconds that one call may take; `-1` for no limit.
    TimeoutSend timeout_send: Limit = "no limit", since "3.4", flag "--timeout-send" for Every [inherited];
    /// Milliseconds that a control request may take.
    TimeoutCtrl timeout_ctrl: Count = "`60`", since "3.0", flag "--timeout-ctrl" for Every [inherited];
    /// How often a failed call is tried again; `-1` lets Jina choose.
    Retries retries: Limit = "`-1`", since "3.0", flag "--retries" for Every [inherited];
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
}
