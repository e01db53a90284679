//! What can be wrong with a Plan on Kubernetes.

use flow_model::{Level, RuleInfo};

/// The Flow's name had to be respelled.
pub(crate) static NAMESPACE_CHANGED: RuleInfo = RuleInfo {
    code: "namespace-changed",
    level: Level::Warning,
    summary: "a Flow's name that had to be respelled to be a namespace",
    explanation: "\
Without `--k8s-namespace` a Flow goes into the namespace of its own name. The name of a namespace \
is a DNS label: lower-case letters, digits and `-`. Any other name is respelled: `My_Flow` becomes \
`my-flow`. `jina export` writes it as it is, and the API server refuses every object.",
};

/// The Flow contradicts what the mesh needs.
pub(crate) static OWN_GRPC_OPTION: RuleInfo = RuleInfo {
    code: "own-grpc-option",
    level: Level::Warning,
    summary: "a gRPC option of the Flow that replaces one that the mesh needs",
    explanation: "\
What the Flow itself says about gRPC wins. Without a mesh, replicas share the work only because \
flowship sets `grpc.lb_policy_name` and the age of connections; another value may send every \
request to one Pod.",
};

/// Nobody spreads calls over replicas.
pub(crate) static UNBALANCED_REPLICAS: RuleInfo = RuleInfo {
    code: "unbalanced-replicas",
    level: Level::Warning,
    summary: "replicas that a mesh does not spread calls over",
    explanation: "\
gRPC keeps one connection, and a mesh that balances connections sends all calls of a gateway to \
one Pod. Further replicas stand idle. Choose a mesh that balances requests, or `--mesh none`, where \
callers spread their calls themselves.",
};

/// The name leaves no room for the headless Service.
pub(crate) static SERVICE_NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "service-name-too-long",
    level: Level::Error,
    summary: "a name that leaves no room for the headless Service",
    explanation: "\
Without a mesh, each workload is found through a second Service `NAME-headless`, whose name is a \
DNS label of 63 characters at most. Shorten the Executor's name, or choose a mesh.",
};

/// Two ports of a Service are one.
pub(crate) static SERVICE_PORT_TWICE: RuleInfo = RuleInfo {
    code: "service-port-twice",
    level: Level::Error,
    summary: "a chosen port that is the port of metrics",
    explanation: "\
With `monitoring` the Service of a workload offers metrics on 9090, where a ServiceMonitor finds \
them; with uses-before and uses-after on 9091 and 9092 as well. A port for clients needs another \
number.

```yaml
gateway:
  port: 9090    # error
  monitoring: true
```",
};

/// All of an unknown number.
pub(crate) static GPU_ALL: RuleInfo = RuleInfo {
    code: "gpu-all",
    level: Level::Error,
    summary: "`gpus: all`, which no cluster understands",
    explanation: "\
Docker gives a container all GPUs of its machine. A cluster hands them out by number \
(`nvidia.com/gpu`), and `all` is none: `jina export` asks for no GPU at all, without a word.

```yaml
executors:
  - name: encoder
    gpus: 1
```

`--gpu-all 1` says what `all` stands for, for the whole Flow.",
};

/// The host's files are not in the cluster.
pub(crate) static HOST_VOLUME: RuleInfo = RuleInfo {
    code: "host-volume",
    level: Level::Warning,
    summary: "a volume that names a folder of the host",
    explanation: "\
Under Docker, `HOST:PATH` shows a folder of the machine in the container. Pods run on any node, so \
the export claims an empty volume and mounts it at `PATH`; what lies on the host is not copied. \
`jina export` mounts it at a path that no API server accepts.

Where the folder is a cache, nothing is lost: it fills again. Other files belong into the image, or \
are copied into the volume once, for instance by `kubectl cp`.",
};

/// Volumes are not shared.
pub(crate) static VOLUME_PER_REPLICA: RuleInfo = RuleInfo {
    code: "volume-per-replica",
    level: Level::Warning,
    summary: "volumes of an Executor with several replicas",
    explanation: "\
Each Pod of a StatefulSet claims volumes of its own. Calls are spread over replicas, so what one of \
them writes, the others do not find. For a cache that is as it should be; an index needs shards \
instead, a single replica, or a store that all of them share.",
};

/// Replicas without consensus.
pub(crate) static STATEFUL_REPLICAS: RuleInfo = RuleInfo {
    code: "stateful-replicas",
    level: Level::Error,
    summary: "a stateful Executor with several replicas",
    explanation: "\
Replicas of a stateful Executor agree on what they keep by RAFT, for which Jina's own launcher \
gives each a number and makes them known to each other. Nothing does in a cluster: every Pod would \
elect itself, and keep what it happens to receive. `jina export` writes exactly that.

Say `replicas: 1`; its state lies in a volume and outlives the Pod.",
};

/// The name leaves no room for the hash of a revision.
pub(crate) static STATEFUL_NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "stateful-name-too-long",
    level: Level::Error,
    summary: "a name that is too long for a StatefulSet",
    explanation: "\
An Executor with volumes becomes a StatefulSet. Its Pods carry a label that holds its name and a \
hash, 63 characters at most, so that 52 are left for the name. With a longer one no Pod is ever \
made.",
};

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &GPU_ALL,
    &HOST_VOLUME,
    &NAMESPACE_CHANGED,
    &OWN_GRPC_OPTION,
    &SERVICE_NAME_TOO_LONG,
    &SERVICE_PORT_TWICE,
    &STATEFUL_NAME_TOO_LONG,
    &STATEFUL_REPLICAS,
    &UNBALANCED_REPLICAS,
    &VOLUME_PER_REPLICA,
];
