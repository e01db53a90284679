//! What can be wrong with a Plan on Docker Compose.

use flow_model::{Level, RuleInfo};

/// A key has no effect.
pub(crate) static IGNORED_KEY: RuleInfo = RuleInfo {
    code: "ignored-key",
    level: Level::Warning,
    summary: "a key that has no effect on Docker Compose",
    explanation: "\
Docker Compose runs containers on one machine, and has nothing that some keys ask for: a gateway \
with `replicas` would have to publish its ports several times, and credentials of image registries \
belong to the Docker client. docs/keys.md says of every key what becomes of it.",
};

/// A key means something close.
pub(crate) static APPROXIMATED_KEY: RuleInfo = RuleInfo {
    code: "approximated-key",
    level: Level::Note,
    summary: "a key that means something close on Docker Compose",
    explanation: "\
The key has an effect on Docker Compose, but not exactly the one that it has on Kubernetes or in \
Jina itself; the finding says which. docs/keys.md says of every key what becomes of it.",
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

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &APPROXIMATED_KEY,
    &IGNORED_KEY,
    &PROJECT_CHANGED,
    &PUBLISHED_TWICE,
    &RELATIVE_WORKSPACE,
    &SECRET_VARIABLE_TWICE,
    &SERVICE_TWICE,
];
