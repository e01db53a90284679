//! What can be wrong with a Plan on Docker Compose.

use flow_model::{Level, RuleInfo};

/// Several gateways would run.
pub(crate) static ONE_GATEWAY: RuleInfo = RuleInfo {
    code: "one-gateway",
    level: Level::Warning,
    summary: "`replicas` of the gateway on Docker Compose, where one runs",
    explanation: "\
A port of the machine can be published once, and Docker Compose has nothing that would spread calls \
over several gateways. One gateway runs, whatever `replicas` says; on Kubernetes there are as many \
as it says.",
};

/// A port that nobody can dial.
pub(crate) static INSIDE_PORT: RuleInfo = RuleInfo {
    code: "inside-port",
    level: Level::Note,
    summary: "`port` of an Executor that runs inside the Flow",
    explanation: "\
On Docker Compose every container has an address of its own and listens on 8081; only the ports of \
the gateway are published. The port of an Executor matters where the Executor is external.",
};

/// A gateway that the file does not have.
pub(crate) static ADDED_GATEWAY: RuleInfo = RuleInfo {
    code: "added-gateway",
    level: Level::Note,
    summary: "a Deployment by itself, which gets a gateway on Docker Compose",
    explanation: "\
Nothing in Docker Compose spreads calls over replicas, so a Deployment by itself gets a gateway, as in \
`jina export docker-compose`: it serves the protocols and publishes the ports of the Deployment, and \
calls the replicas, or the head of the shards, by gRPC. It runs the image of `JINA_GATEWAY_IMAGE`, or \
Jina's own. On Kubernetes a Service does this, and no gateway is added.",
};

/// Two services have one name.
pub(crate) static SERVICE_TWICE: RuleInfo = RuleInfo {
    code: "service-twice",
    level: Level::Error,
    summary: "two containers that would be the same service of a Compose file",
    explanation: "\
On Docker Compose each replica is a service of its own, `NAME-rep-0`, `NAME-rep-1`, and so is what \
runs before and after shards, `NAME-uses-before`. Another Executor cannot have such a name: one \
would replace the other, as they do in the files of `jina export`.

```yaml
executors:
  - {name: index, replicas: 2}      # `index-rep-0`, `index-rep-1`
  - {name: index_rep_0}             # error: `index-rep-0` again
```",
};

/// Two servers have one port.
pub(crate) static PUBLISHED_TWICE: RuleInfo = RuleInfo {
    code: "published-twice",
    level: Level::Error,
    summary: "two servers on one port on Docker Compose",
    explanation: "\
On Docker Compose the gateway listens on the ports that the Flow chooses, and on 8080 and up for \
protocols without one: the second has 8081, the third 8082. With `monitoring`, metrics of the gateway \
are published on 9090, and those of Executors where `port_monitoring` is set. A port can be published \
once. Executors take calls on 8081, so their metrics need another port.

```yaml
gateway:
  protocol: [grpc, http]
  port: [8081]          # error: HTTP has 8081 already
```",
};

/// Two Secrets are one variable.
pub(crate) static SECRET_VARIABLE_TWICE: RuleInfo = RuleInfo {
    code: "secret-variable-twice",
    level: Level::Error,
    summary: "two values of Secrets that would be taken from the same variable",
    explanation: "\
A Compose file holds no secret. It refers to variables of the environment that Compose runs in, or \
of the file `.env` beside it: the value `password` of the Secret `db` is the variable \
`DB_PASSWORD`. `a-b` with `c` and `a` with `b-c` would both be `A_B_C`.",
};

/// A workspace without a volume.
pub(crate) static RELATIVE_WORKSPACE: RuleInfo = RuleInfo {
    code: "relative-workspace",
    level: Level::Warning,
    summary: "a relative `workspace`, which no volume can hold",
    explanation: "\
On Docker Compose an Executor's workspace is a named volume, so that its data outlive the \
container. A volume is mounted at an absolute path; a relative workspace lies in the container's \
own file system, below whatever folder the image starts in, and is gone after `flowship down`.",
};

/// A source that Compose cannot read.
pub(crate) static BAD_VOLUME_SOURCE: RuleInfo = RuleInfo {
    code: "bad-volume-source",
    level: Level::Error,
    summary: "the source of a mount is neither a path nor the name of a volume",
    explanation: "\
On Docker Compose the text before `:` is a path of the machine if it begins with `/`, `./` or `~`. \
Otherwise it is the name of a volume: letters, digits, `_`, `.` and `-`. Compose refuses any other name. \
No shell reads the file; a relative path begins at the folder of the Flow.

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
On Docker Compose an absolute `workspace` is a volume. Docker reads the text after `:` as options of \
the mount, so `workspace: /data:ro` would be a read-only `/data`, and `..` may leave the folder.

```yaml
executors:
  - name: indexer
    workspace: /data:ro      # error: write /data
```",
};

/// A service that cannot be called.
pub(crate) static RESERVED_HOST: RuleInfo = RuleInfo {
    code: "reserved-host",
    level: Level::Error,
    summary: "an Executor whose name means the container itself on Docker Compose",
    explanation: "\
On Docker Compose containers call each other by the names of services. Docker writes `localhost` and \
names such as `ip6-localhost` into `/etc/hosts` of every container, which wins: whoever calls an \
Executor `localhost` calls itself.",
};

/// A host that is not the one that was meant.
pub(crate) static SHADOWED_HOST: RuleInfo = RuleInfo {
    code: "shadowed-host",
    level: Level::Warning,
    summary: "the host of an external Executor is also a service of the Flow",
    explanation: "\
In the network of a Flow the name of a service wins over every host that has the same name elsewhere. \
An external Executor at `host: redis` is the Flow's own Executor `redis`, if it has one.",
};

/// More services than one network connects.
pub(crate) static TOO_MANY_SERVICES: RuleInfo = RuleInfo {
    code: "too-many-services",
    level: Level::Error,
    summary: "more services than one Docker network connects",
    explanation: "\
On Docker Compose each replica of each shard is a service of its own, and all of them share a network. \
Docker makes it with a bridge of Linux, which connects 1023 containers.",
};

/// Two things would share a volume.
pub(crate) static VOLUME_TWICE: RuleInfo = RuleInfo {
    code: "volume-twice",
    level: Level::Error,
    summary: "two things that would share a volume on Docker Compose without a word",
    explanation: "\
A path without a source gets a volume of its own, `EXECUTOR_PATH`: `volumes: /data` of `encoder` is \
`encoder_data`. Where the Flow names a volume like that, or two Executors are spelled alike, one would \
write into the data of the other. Executors that mean to share a volume name it.

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
