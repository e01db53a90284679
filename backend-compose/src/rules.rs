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

/// A Deployment of which one replica can be called.
pub(crate) static IDLE_REPLICAS: RuleInfo = RuleInfo {
    code: "idle-replicas",
    level: Level::Warning,
    summary: "replicas of a Deployment by itself, of which Docker Compose publishes the first",
    explanation: "\
A Deployment by itself has no gateway: clients call its own port. With several replicas there would \
be several, and nothing on Docker Compose that spreads calls over them, so the first is published. A \
Flow has a gateway, which spreads calls; a Deployment with `shards` has a head, which does as well.

```yaml
jtype: Flow
executors:
  - {name: encoder, uses: docker://example/encoder:1.0, replicas: 2}
```",
};

/// The Flow's name had to be respelled.
pub(crate) static PROJECT_CHANGED: RuleInfo = RuleInfo {
    code: "project-changed",
    level: Level::Warning,
    summary: "a Flow's name that had to be respelled to be a Compose project",
    explanation: "\
`flowship up` starts a Flow as the Compose project of its name. The name of a project is made of \
lower-case letters, digits, `-` and `_`, and begins with a letter or digit. Any other name is \
respelled: `My Flow` becomes `my-flow`.",
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

/// Two protocols have one port.
pub(crate) static PUBLISHED_TWICE: RuleInfo = RuleInfo {
    code: "published-twice",
    level: Level::Error,
    summary: "two protocols of the gateway on one port",
    explanation: "\
On Docker Compose the gateway listens on the ports that the Flow chooses, and on 8080 and up for \
protocols without one: the second has 8081, the third 8082. Each must be another.

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
    summary: "what is mounted on Docker Compose is neither a path nor the name of a volume",
    explanation: "\
What stands before `:` is a path of the machine where it begins with `/`, `./` or `~`, and the name \
of a volume otherwise: letters, digits, `_`, `.` and `-`. Compose refuses a file with any other name.

```yaml
executors:
  - name: encoder
    volumes: models/bert:/models      # error: write ./models/bert:/models
```",
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
    &BAD_VOLUME_SOURCE,
    &IDLE_REPLICAS,
    &INSIDE_PORT,
    &ONE_GATEWAY,
    &PROJECT_CHANGED,
    &PUBLISHED_TWICE,
    &RELATIVE_WORKSPACE,
    &SECRET_VARIABLE_TWICE,
    &SERVICE_TWICE,
    &VOLUME_TWICE,
];
