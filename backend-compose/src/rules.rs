//! Rules about a Plan on Docker Compose.

use flow_model::{Level, RuleInfo};

/// `replicas` of the gateway.
pub(crate) static ONE_GATEWAY: RuleInfo = RuleInfo {
    code: "one-gateway",
    level: Level::Warning,
    summary: "`replicas` of the gateway on Docker Compose, where one runs",
    explanation: "\
A port of the host can be published once, and Docker Compose does not balance calls over several gateways. One gateway runs, and `replicas` is ignored; on Kubernetes it is used.",
};

/// Parts of a block that Compose has no equal for.
pub(crate) static KUBERNETES_ONLY: RuleInfo = RuleInfo {
    code: "kubernetes-only",
    level: Level::Note,
    summary: "parts of a block `kubernetes` that have no effect on Docker Compose",
    explanation: "\
A block `kubernetes` is written in the words of the Kubernetes API. Docker Compose has an equal for \
some parts, which have the same effect there: `labels`, `files` from files beside the Flow, \
`sharedMemory` (`shm_size`), `container: {resources: …}` (`cpus`, `mem_limit`, `mem_reservation`), and \
`pod: {terminationGracePeriodSeconds: …}` (`stop_grace_period`). The other parts have no effect.",
};

/// A port of an Executor that is not published.
pub(crate) static INSIDE_PORT: RuleInfo = RuleInfo {
    code: "inside-port",
    level: Level::Note,
    summary: "`port` of an Executor that runs inside the Flow",
    explanation: "\
On Docker Compose every container has its own address and listens on 8081; only the ports of the gateway are published. The port of an Executor has an effect only if the Executor is external.",
};

/// A gateway that is added to a standalone Deployment.
pub(crate) static ADDED_GATEWAY: RuleInfo = RuleInfo {
    code: "added-gateway",
    level: Level::Note,
    summary: "a Deployment by itself, which gets a gateway on Docker Compose",
    explanation: "\
Docker Compose does not balance calls over replicas, so a standalone Deployment gets a gateway, as in `jina export docker-compose`. The gateway serves the protocols and publishes the ports of the Deployment, and calls the replicas, or the head of the shards, over gRPC. It runs the image of `JINA_GATEWAY_IMAGE`, or Jina's own. On Kubernetes a Service does this, and no gateway is added.",
};

/// Two services with the same name.
pub(crate) static SERVICE_TWICE: RuleInfo = RuleInfo {
    code: "service-twice",
    level: Level::Error,
    summary: "two containers that would be the same service of a Compose file",
    explanation: "\
On Docker Compose each replica is a service, `NAME-rep-0`, `NAME-rep-1`, and so are \
`NAME-uses-before` and `NAME-uses-after`. Another Executor cannot have such a name: one service \
would replace the other, as in the files of `jina export`.

```yaml
executors:
  - {name: index, replicas: 2}      # `index-rep-0`, `index-rep-1`
  - {name: index_rep_0}             # error: `index-rep-0` again
```",
};

/// Two servers with the same port.
pub(crate) static PUBLISHED_TWICE: RuleInfo = RuleInfo {
    code: "published-twice",
    level: Level::Error,
    summary: "two servers on one port on Docker Compose",
    explanation: "\
On Docker Compose the gateway listens on the ports that the Flow sets. Protocols without a port \
get 8080, 8081 and 8082, by position. With `monitoring`, metrics of the gateway are published on \
9090, and those of Executors where `port_monitoring` is set. Each port can be published once. \
Executors take calls on 8081, so their metrics need another port.

```yaml
gateway:
  protocol: [grpc, http]
  port: [8081]          # error: HTTP has 8081 already
```",
};

/// Two Secret values with the same variable.
pub(crate) static SECRET_VARIABLE_TWICE: RuleInfo = RuleInfo {
    code: "secret-variable-twice",
    level: Level::Error,
    summary: "two Secret values that would be read from the same variable",
    explanation: "\
A Compose file contains no secrets. It refers to environment variables, which Compose reads from its environment or from the file `.env` beside it: the key `password` of the Secret `db` is the variable `DB_PASSWORD`. `a-b` with `c` and `a` with `b-c` would both be `A_B_C`.",
};

/// A relative workspace, which cannot be a volume.
pub(crate) static RELATIVE_WORKSPACE: RuleInfo = RuleInfo {
    code: "relative-workspace",
    level: Level::Warning,
    summary: "a relative `workspace`, which cannot be a volume",
    explanation: "\
On Docker Compose an Executor's workspace is a named volume, so that its data outlive the container. A volume is mounted at an absolute path. A relative workspace is a folder in the container's own file system, below the working directory of the image, and is lost after `flowship down`.",
};

/// A source that Compose cannot read.
pub(crate) static BAD_VOLUME_SOURCE: RuleInfo = RuleInfo {
    code: "bad-volume-source",
    level: Level::Error,
    summary: "the source of a mount is neither a path nor the name of a volume",
    explanation: "\
On Docker Compose the text before `:` is a path on the host if it begins with `/`, `./` or `~`. \
Otherwise it is the name of a volume, which consists of letters, digits, `_`, `.` and `-`. Compose \
rejects any other name. Shell syntax is not expanded; a relative path starts at the folder of the \
Flow.

```yaml
executors:
  - name: encoder
    volumes: models/bert:/models      # error: write ./models/bert:/models
```",
};

/// A path that Docker cannot mount anything at.
pub(crate) static BAD_MOUNT_PATH: RuleInfo = RuleInfo {
    code: "bad-mount-path",
    level: Level::Error,
    summary: "a path in a container at which Docker Compose cannot mount a volume",
    explanation: "\
On Docker Compose an absolute `workspace` becomes a volume. Docker reads the text after `:` as \
mount options, so `workspace: /data:ro` would be a read-only `/data`, and `..` may point outside \
the folder.

```yaml
executors:
  - name: indexer
    workspace: /data:ro      # error: write /data
```",
};

/// A service whose name resolves to the container itself.
pub(crate) static RESERVED_HOST: RuleInfo = RuleInfo {
    code: "reserved-host",
    level: Level::Error,
    summary: "an Executor whose name resolves to the container itself on Docker Compose",
    explanation: "\
On Docker Compose containers call each other by service name. Docker writes `localhost` and names such as `ip6-localhost` into `/etc/hosts` of every container, and this file wins: a container that calls an Executor named `localhost` calls itself.",
};

/// An external host with the name of a service.
pub(crate) static SHADOWED_HOST: RuleInfo = RuleInfo {
    code: "shadowed-host",
    level: Level::Warning,
    summary: "the host of an external Executor is also a service of the Flow",
    explanation: "\
In the network of a Flow the name of a service wins over hosts elsewhere with the same name. If the Flow has an Executor `redis`, an external Executor with `host: redis` refers to that Executor.",
};

/// More services than one network connects.
pub(crate) static TOO_MANY_SERVICES: RuleInfo = RuleInfo {
    code: "too-many-services",
    level: Level::Error,
    summary: "more services than one Docker network connects",
    explanation: "\
On Docker Compose each replica of each shard is a service, and all services share a network. Docker uses a Linux bridge for it, which connects at most 1023 containers.",
};

/// Two Executors that would share a volume.
pub(crate) static VOLUME_TWICE: RuleInfo = RuleInfo {
    code: "volume-twice",
    level: Level::Error,
    summary: "two Executors that would silently share a volume on Docker Compose",
    explanation: "\
A path without a source gets its own volume, `EXECUTOR_PATH`: `volumes: /data` of `encoder` is \
`encoder_data`. If the Flow names such a volume, or the names of two Executors become the same, \
one would write into the data of the other. To share a volume, name it in both Executors.

```yaml
executors:
  - {name: encoder, volumes: /data}               # `encoder_data`
  - {name: other, volumes: encoder_data:/data}   # error
```",
};

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &ADDED_GATEWAY,
    &BAD_MOUNT_PATH,
    &BAD_VOLUME_SOURCE,
    &INSIDE_PORT,
    &KUBERNETES_ONLY,
    &ONE_GATEWAY,
    &PUBLISHED_TWICE,
    &RELATIVE_WORKSPACE,
    &RESERVED_HOST,
    &SECRET_VARIABLE_TWICE,
    &SERVICE_TWICE,
    &SHADOWED_HOST,
    &TOO_MANY_SERVICES,
    &VOLUME_TWICE,
];
