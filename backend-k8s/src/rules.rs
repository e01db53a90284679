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
DNS label of 63 characters at most. `-head` and the numbers of shards count as well. Shorten the \
Executor's name, or choose a mesh.",
};

/// Two ports of a Service are one.
pub(crate) static SERVICE_PORT_TWICE: RuleInfo = RuleInfo {
    code: "service-port-twice",
    level: Level::Error,
    summary: "a chosen port that another protocol, or metrics, have already",
    explanation: "\
The Service of a workload has a port for each protocol: the chosen one, or that of the container, \
where the first protocol has 8080, the second 8081, the third 8082. Where a chosen port is that of \
another protocol, nothing leads to the other any more.

```yaml
gateway:
  protocol: [grpc, http]
  port: 8081            # error: HTTP has 8081; write [8081, 8080]
```

With `monitoring` it offers metrics on 9090, where a ServiceMonitor finds them; with uses-before and \
uses-after on 9091 and 9092 as well. A port for clients needs another number.

```yaml
gateway:
  port: 9090    # error
  monitoring: true
```",
};

/// Two writers of one field.
pub(crate) static TWO_WRITERS: RuleInfo = RuleInfo {
    code: "two-writers",
    level: Level::Error,
    summary: "a field or an object that would be written twice",
    explanation: "\
A mesh adds labels, annotations and resources. Where one of them is what flowship writes already, \
nobody can say which of the two should win, so nothing is written. This is a mistake in the mesh's \
crate, or a name of the Flow that is needed for something else: without a mesh each Executor has a \
second Service.

```yaml
executors:
  - {name: a}              # the Services `a` and `a-headless`
  - {name: a_headless}     # error: `a-headless` again
```",
};

/// A policy that the mesh cannot carry out.
pub(crate) static NO_SUCH_POLICY: RuleInfo = RuleInfo {
    code: "no-such-policy",
    level: Level::Error,
    summary: "something asked of a mesh that it cannot do",
    explanation: "\
`--retries mesh`, `--circuit-breaking` and `--require-mtls` are asked of the mesh, and not every \
mesh can do them: without a mesh, nobody does. Linkerd cannot require mTLS of these Pods, since its \
policies let the kubelet's HTTP probes through but not its gRPC probes, and no Pod would ever be \
ready.",
};

/// A write that may run twice.
pub(crate) static WRITE_RETRIED: RuleInfo = RuleInfo {
    code: "write-retried",
    level: Level::Warning,
    summary: "an endpoint that usually writes, among those that may run twice",
    explanation: "\
`--retry ENDPOINT` names endpoints whose calls the mesh may repeat although an Executor may have \
done its work before the connection broke. `/index`, `/update`, `/delete` and `/train` usually \
change something, and would change it twice. Say `--allow write-retried` if these can.",
};

/// A mesh that is to retry, and is told nothing to retry.
pub(crate) static NOTHING_RETRIED: RuleInfo = RuleInfo {
    code: "nothing-retried",
    level: Level::Warning,
    summary: "a mesh that owns retries and retries nothing",
    explanation: "\
With `--retries mesh`, Jina tries every call once. Linkerd repeats calls of those endpoints that \
`--retry ENDPOINT` names, and there are none. Name those that may run twice, such as `/search`, or \
say `--retries off` if that is what you mean.",
};

/// The Flow's own retries have no effect.
pub(crate) static RETRIES_OVERRIDDEN: RuleInfo = RuleInfo {
    code: "retries-overridden",
    level: Level::Warning,
    summary: "retries of the Flow that have no effect",
    explanation: "\
One owner retries a call. With `--retries mesh` that is the mesh, with `--retries off` nobody, and \
the gateway and the heads are told `--retries 0`, whatever the Flow says. `retries: 0` in the Flow \
says the same.",
};

/// Attempts that multiply.
pub(crate) static MANY_ATTEMPTS: RuleInfo = RuleInfo {
    code: "many-attempts",
    level: Level::Warning,
    summary: "layers of retries that multiply to more than three attempts",
    explanation: "\
The gateway tries a failed call again, and so does the head of a sharded Executor: four times each \
unless the Flow says otherwise. Each attempt of the one is a call of the other, so their attempts \
multiply. When an Executor is overloaded, sixteen times the load is what it gets.

Say `retries: 0` for one of them: in `with` of the Flow for all, in the entry of an Executor for \
its head. With `--retries mesh` the mesh tries calls in front of a head and behind it, and the Flow \
has no say: give a smaller `--retry-times`, or name fewer endpoints with `--retry`. `flowship check` \
shows the attempts of each Executor, unless it checks for Docker Compose.",
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

/// A variable that the Pod sets itself.
pub(crate) static VARIABLE_OVERRIDDEN: RuleInfo = RuleInfo {
    code: "variable-overridden",
    level: Level::Warning,
    summary: "a variable of `env` that every Pod sets itself",
    explanation: "\
Jina's processes read their place in `POD_UID`, `JINA_DEPLOYMENT_NAME`, `K8S_DEPLOYMENT_NAME` (or \
`K8S_STATEFULSET_NAME`), `K8S_NAMESPACE_NAME` and `K8S_POD_NAME`, as in every export of Jina. On \
Kubernetes what a container is given so wins over what `env` says.

```yaml
executors:
  - name: encoder
    env: {K8S_POD_NAME: encoder}      # warning: the container finds the name of its Pod
```",
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

/// A Flow's name of which no namespace can be made.
pub(crate) static NO_NAMESPACE: RuleInfo = RuleInfo {
    code: "no-namespace",
    level: Level::Error,
    summary: "a Flow's name that cannot be respelled as a namespace",
    explanation: "\
Without `--k8s-namespace` a Flow goes into the namespace of its own name. The name of a namespace \
has lower-case letters `a` to `z`, digits and `-`, 63 characters at most. Other letters have no \
spelling in it, and a name that is cut is no longer the Flow's own: two Flows could share it. Name \
the namespace:

```sh
flowship export kubernetes --k8s-namespace search flow.yml k8s
```",
};

/// A namespace that belongs to the cluster or to a mesh.
pub(crate) static RESERVED_NAMESPACE: RuleInfo = RuleInfo {
    code: "reserved-namespace",
    level: Level::Denied,
    summary: "a namespace that belongs to Kubernetes or to the mesh",
    explanation: "\
Namespaces whose names begin with `kube-` are reserved for Kubernetes, and a mesh installs its own \
parts into namespaces such as `istio-system` or `linkerd`. A Flow there can replace objects that the \
cluster needs, and meshes add no sidecars to its Pods. Rename the Flow, or pass \
`--k8s-namespace NAME`.",
};

/// An object that belongs to the cluster.
pub(crate) static RESERVED_NAME: RuleInfo = RuleInfo {
    code: "reserved-name",
    level: Level::Error,
    summary: "an Executor that would replace a Service of the cluster",
    explanation: "\
In the namespace `default`, the Service `kubernetes` is the address of the API server. An Executor \
of this name would replace it. Rename the Executor, or put the Flow into another namespace: name it, \
or pass `--k8s-namespace NAME`.",
};

/// An image that changes under its name.
pub(crate) static UNPINNED_IMAGE: RuleInfo = RuleInfo {
    code: "unpinned-image",
    level: Level::Warning,
    summary: "an image without a tag, or with the tag `latest`",
    explanation: "\
Whoever pushes a new `latest` changes what a Pod runs the next time it starts, on whatever node and \
at whatever hour, and `kubectl rollout undo` cannot go back. Nodes are told to ask for such an image \
every time (`imagePullPolicy: Always`, which is Kubernetes' own default for it), so that all \
replicas run the same one; Pods then need the registry whenever they start. `jina export` writes \
`IfNotPresent`, with which each node keeps the image that it pulled first.

```yaml
executors:
  - name: encoder
    uses: docker://example/encoder:1.2    # or @sha256:…
```",
};

/// A rollout that needs one more GPU.
pub(crate) static GPU_ROLLOUT: RuleInfo = RuleInfo {
    code: "gpu-rollout",
    level: Level::Note,
    summary: "a single replica with GPUs, which needs free ones to be replaced",
    explanation: "\
A Deployment of one replica starts the new Pod before it ends the old one, so that calls are always \
answered. Both Pods need their GPUs meanwhile: where none is free, the new Pod stays `Pending` and \
the rollout waits. Keep one free, or delete the old Pod yourself, which interrupts the Executor for \
as long as it takes to start. With two or more replicas one Pod ends first, and the others take its \
calls.",
};

/// Replicas behind one head.
pub(crate) static SINGLE_HEAD: RuleInfo = RuleInfo {
    code: "single-head",
    level: Level::Note,
    summary: "an Executor with shards and replicas, which has one head",
    explanation: "\
`replicas` of an Executor with shards multiplies its shards. All calls pass through its head, which \
is a single Pod in Jina: while it is replaced after a failure, the Executor answers nothing. A \
rollout interrupts nothing, because the new head is ready before the old one ends. No key of a Flow \
sets the replicas of a head; set those of the Deployment `NAME-head` in a Kustomize overlay.",
};

/// A file of the host.
pub(crate) static FILE_VOLUME: RuleInfo = RuleInfo {
    code: "file-volume",
    level: Level::Denied,
    summary: "a volume that names a file of the host",
    explanation: "\
Under Docker, `./conf.yml:/app/conf.yml` shows one file of the machine in the container. A volume of \
a cluster is a folder: mounted there, `/app/conf.yml` would be an empty folder, and a program that \
reads it fails. Put the file into the image, or pass its content in `env` or `uses_with`. If it is \
a folder all the same, pass `--allow file-volume`.",
};

/// An object that `kubectl apply` cannot apply.
pub(crate) static LARGE_OBJECT: RuleInfo = RuleInfo {
    code: "large-object",
    level: Level::Denied,
    summary: "an object that is too large for `kubectl apply`",
    explanation: "\
`kubectl apply` keeps a copy of each object in one of its annotations, and an API server takes no \
more than 256 KiB of annotations. `kubectl apply --server-side` keeps no copy: if that is how you \
apply manifests, pass `--allow large-object`. Otherwise put large values into files of the image.",
};

/// An object that no cluster stores.
pub(crate) static OBJECT_TOO_LARGE: RuleInfo = RuleInfo {
    code: "object-too-large",
    level: Level::Error,
    summary: "an object that is too large for a cluster",
    explanation: "\
A ConfigMap holds 1 MiB of data, and etcd stores objects of 1.5 MiB at most. `env` of an Executor is \
one ConfigMap. Put large values into files of the image.",
};

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &FILE_VOLUME,
    &GPU_ALL,
    &GPU_ROLLOUT,
    &HOST_VOLUME,
    &LARGE_OBJECT,
    &MANY_ATTEMPTS,
    &NAMESPACE_CHANGED,
    &NO_NAMESPACE,
    &NO_SUCH_POLICY,
    &NOTHING_RETRIED,
    &OBJECT_TOO_LARGE,
    &OWN_GRPC_OPTION,
    &RESERVED_NAME,
    &RESERVED_NAMESPACE,
    &RETRIES_OVERRIDDEN,
    &SERVICE_NAME_TOO_LONG,
    &SERVICE_PORT_TWICE,
    &SINGLE_HEAD,
    &STATEFUL_NAME_TOO_LONG,
    &TWO_WRITERS,
    &UNBALANCED_REPLICAS,
    &UNPINNED_IMAGE,
    &VARIABLE_OVERRIDDEN,
    &VOLUME_PER_REPLICA,
    &WRITE_RETRIED,
];
