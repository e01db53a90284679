//! Rules about a Plan on Kubernetes.

use flow_model::{Level, RuleInfo};

/// A namespace that differs from the Flow's name.
pub(crate) static NAMESPACE_CHANGED: RuleInfo = RuleInfo {
    code: "namespace-changed",
    level: Level::Warning,
    summary: "a Flow's name that was changed to be a valid namespace",
    explanation: "\
Without `--k8s-namespace` the namespace of a Flow is its name. The name of a namespace is a DNS label: lower-case letters, digits and `-`. Any other name is changed: `My_Flow` becomes `my-flow`. `jina export` writes it unchanged, and the API server rejects every object.",
};

/// A gRPC option of the Flow that replaces one of the mesh.
pub(crate) static OWN_GRPC_OPTION: RuleInfo = RuleInfo {
    code: "own-grpc-option",
    level: Level::Warning,
    summary: "a gRPC option of the Flow that replaces one set for load balancing",
    explanation: "\
gRPC options in the Flow win over those that flowship sets. Without a mesh, replicas share the work only because flowship sets `grpc.lb_policy_name` and the age of connections; another value may send every request to one Pod.",
};

/// Replicas over which calls are not balanced.
pub(crate) static UNBALANCED_REPLICAS: RuleInfo = RuleInfo {
    code: "unbalanced-replicas",
    level: Level::Warning,
    summary: "replicas that the mesh does not balance calls over",
    explanation: "\
gRPC keeps one connection open, and a mesh that balances connections sends all calls of a gateway to one Pod. The other replicas are idle. Choose a mesh that balances requests, or pass `--mesh none`, with which callers balance their calls themselves.",
};

/// An option of `docker_kwargs` that Kubernetes has no equal for.
pub(crate) static DOCKER_ONLY: RuleInfo = RuleInfo {
    code: "docker-only",
    level: Level::Warning,
    summary: "an option of `docker_kwargs` that has no effect on Kubernetes",
    explanation: "\
Most options of `docker_kwargs` become parts of Pods: `mem_limit` and `nano_cpus` are limits of the container, `shm_size` and \
`tmpfs` are folders in memory, `user`, `cap_add`, `privileged` and `read_only` are its security context, `dns` and `sysctls` parts of \
the Pod. Others, such as `ulimits`, belong to the nodes. The help says what to do instead.",
};

/// A name that is too long for the headless Service.
pub(crate) static SERVICE_NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "service-name-too-long",
    level: Level::Error,
    summary: "a name that leaves no room for the headless Service",
    explanation: "\
Without a mesh, callers find each workload through a second Service, `NAME-headless`, whose name has at most 63 characters. The suffixes `-head` and `-0` of heads and shards count too. Shorten the Executor's name, or choose a mesh.",
};

/// A port that a Service would have twice.
pub(crate) static SERVICE_PORT_TWICE: RuleInfo = RuleInfo {
    code: "service-port-twice",
    level: Level::Error,
    summary: "a port that another protocol, or metrics, already use",
    explanation: "\
The Service of a workload has one port for each protocol: the port that the Flow sets, or the port \
of the container, which is 8080 for the first protocol, 8081 for the second and 8082 for the \
third. If two protocols have the same port, one of them cannot be reached.

```yaml
gateway:
  protocol: [grpc, http]
  port: 8081            # error: HTTP has 8081; write [8081, 8080]
```

With `monitoring`, port 9090 of the Service is used for metrics, and 9091 and 9092 for those of \
uses-before and uses-after. Choose another port for clients.

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
A mesh adds labels, annotations and resources. If flowship writes the same one, it is not clear \
which should win, so nothing is written. This is a mistake in the crate of the mesh, or a name in \
the Flow that is already used: without a mesh each Executor has a second Service.

```yaml
executors:
  - {name: a}              # the Services `a` and `a-headless`
  - {name: a_headless}     # error: `a-headless` again
```",
};

/// A block for Docker Compose.
pub(crate) static COMPOSE_ONLY: RuleInfo = RuleInfo {
    code: "compose-only",
    level: Level::Note,
    summary: "a block `compose`, which has no effect on Kubernetes",
    explanation: "\
`compose` sets logging, restarts and the published address of services on Docker Compose. On Kubernetes \
the kubelet rotates logs and restarts containers, and `exposure` of the gateway lets clients in.",
};

/// A policy that the mesh does not support.
pub(crate) static NO_SUCH_POLICY: RuleInfo = RuleInfo {
    code: "no-such-policy",
    level: Level::Error,
    summary: "a policy that the mesh does not support",
    explanation: "\
`--retries mesh`, `--circuit-breaking` and `--require-mtls` configure the mesh, and not every mesh supports them; without a mesh none is supported. Linkerd cannot require mTLS of these Pods: its policies let the kubelet's HTTP probes through but not its gRPC probes, so no Pod would become ready.",
};

/// A write that may run twice.
pub(crate) static WRITE_RETRIED: RuleInfo = RuleInfo {
    code: "write-retried",
    level: Level::Warning,
    summary: "an endpoint that usually writes data, among those that are retried",
    explanation: "\
`--retry ENDPOINT` names endpoints whose calls the mesh may retry even if an Executor finished its work before the connection broke. `/index`, `/update`, `/delete` and `/train` usually change data, and would change it twice. If these endpoints may run twice, pass `--allow write-retried`.",
};

/// A mesh that should retry, without endpoints to retry.
pub(crate) static NOTHING_RETRIED: RuleInfo = RuleInfo {
    code: "nothing-retried",
    level: Level::Warning,
    summary: "retries left to a mesh that retries nothing",
    explanation: "\
With `--retries mesh`, Jina tries every call once. Linkerd retries only calls of the endpoints that `--retry ENDPOINT` names, and none are named. Name the endpoints that may run twice, such as `/search`, or pass `--retries off`.",
};

/// `retries` of the Flow without effect.
pub(crate) static RETRIES_OVERRIDDEN: RuleInfo = RuleInfo {
    code: "retries-overridden",
    level: Level::Warning,
    summary: "retries of the Flow that have no effect",
    explanation: "\
Only one layer retries a call. With `--retries mesh` this is the mesh, with `--retries off` none, and the gateway and the heads get `--retries 0` instead of the Flow's value. Remove `retries` from the Flow, or set it to 0.",
};

/// Attempts that multiply.
pub(crate) static MANY_ATTEMPTS: RuleInfo = RuleInfo {
    code: "many-attempts",
    level: Level::Warning,
    summary: "nested retries that multiply to more than three attempts",
    explanation: "\
The gateway retries a failed call, and so does the head of a sharded Executor: four attempts each \
by default. Every attempt of the gateway is a call that the head retries, so the attempts \
multiply. An overloaded Executor gets sixteen times the load.

Set `retries: 0` for one of them: under `with` of the Flow for all, or in the entry of an Executor for its head. With `--retries mesh` the mesh retries calls both in front of a head and behind it, and the Flow's own retries are off: pass a smaller `--retry-times`, or name fewer endpoints with `--retry`. `flowship check` shows the attempts of each Executor, except for Docker Compose.",
};

/// `gpus: all`.
pub(crate) static GPU_ALL: RuleInfo = RuleInfo {
    code: "gpu-all",
    level: Level::Error,
    summary: "`gpus: all`, which Kubernetes does not support",
    explanation: "\
On Docker, `all` gives a container all GPUs of the machine. On Kubernetes a Pod requests a number \
of GPUs (`nvidia.com/gpu`), and `all` is not a number: `jina export` silently requests no GPU.

```yaml
executors:
  - name: encoder
    gpus: 1
```

Or pass `--gpu-all 1` to replace `all` with a number in the whole Flow.",
};

/// A volume of the host.
pub(crate) static HOST_VOLUME: RuleInfo = RuleInfo {
    code: "host-volume",
    level: Level::Warning,
    summary: "a volume that names a folder of the host",
    explanation: "\
On Docker, `HOST:PATH` mounts a folder of the host into the container. Pods run on any node, so \
the export claims an empty volume and mounts it at `PATH`; files on the host are not copied. `jina \
export` writes a mount path that the API server rejects.

If the folder is a cache, it fills again. Put other files into the image, or copy them into the volume once, for example with `kubectl cp`.",
};

/// A variable that the Pod sets itself.
pub(crate) static VARIABLE_OVERRIDDEN: RuleInfo = RuleInfo {
    code: "variable-overridden",
    level: Level::Warning,
    summary: "a variable of `env` that every Pod sets itself",
    explanation: "\
Jina's processes read `POD_UID`, `JINA_DEPLOYMENT_NAME`, `K8S_DEPLOYMENT_NAME` (or \
`K8S_STATEFULSET_NAME`), `K8S_NAMESPACE_NAME` and `K8S_POD_NAME`, as in every export of Jina. On \
Kubernetes these variables are set on the container and win over `env`.

```yaml
executors:
  - name: encoder
    env: {K8S_POD_NAME: encoder}      # warning: the container sees the name of its Pod
```",
};

/// Volumes of an Executor with several replicas.
pub(crate) static VOLUME_PER_REPLICA: RuleInfo = RuleInfo {
    code: "volume-per-replica",
    level: Level::Warning,
    summary: "volumes of an Executor with several replicas",
    explanation: "\
Each Pod of a StatefulSet claims its own volumes. Calls are balanced over replicas, so data that one replica writes is not visible to the others. This is fine for a cache; an index needs shards, a single replica, or a store that all replicas share.",
};

/// A name that is too long for a StatefulSet.
pub(crate) static STATEFUL_NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "stateful-name-too-long",
    level: Level::Error,
    summary: "a name that is too long for a StatefulSet",
    explanation: "\
An Executor with volumes becomes a StatefulSet. Its Pods have a label with its name and a hash, of at most 63 characters, which leaves 52 for the name. With a longer name no Pod is created.",
};

/// A Flow's name that cannot become a namespace.
pub(crate) static NO_NAMESPACE: RuleInfo = RuleInfo {
    code: "no-namespace",
    level: Level::Error,
    summary: "a Flow's name that cannot be turned into a namespace",
    explanation: "\
Without `--k8s-namespace` the namespace of a Flow is its name. The name of a namespace consists of \
the letters `a` to `z`, digits and `-`, at most 63 characters. Other letters cannot be converted, \
and two Flows could share a name that was cut. Set the namespace:

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
parts into namespaces such as `istio-system` or `linkerd`. A Flow in such a namespace can replace \
objects that the cluster needs, and meshes do not inject sidecars into its Pods. Rename the Flow, \
or pass `--k8s-namespace NAME`.",
};

/// An object with the name of one of the cluster's own.
pub(crate) static RESERVED_NAME: RuleInfo = RuleInfo {
    code: "reserved-name",
    level: Level::Error,
    summary: "an Executor that would replace a Service of the cluster",
    explanation: "\
In the namespace `default`, the Service `kubernetes` is the address of the API server. An Executor with this name would replace it. Rename the Executor, or use another namespace: rename the Flow, or pass `--k8s-namespace NAME`.",
};

/// An image whose tag may move.
pub(crate) static UNPINNED_IMAGE: RuleInfo = RuleInfo {
    code: "unpinned-image",
    level: Level::Warning,
    summary: "an image without a tag, or with the tag `latest`",
    explanation: "\
When somebody pushes a new `latest`, every Pod that starts later runs another image, and `kubectl \
rollout undo` does not bring the old one back. Nodes pull such an image at every start \
(`imagePullPolicy: Always`, Kubernetes' default for it), so that all replicas run the same image; \
Pods then need the registry whenever they start. `jina export` writes `IfNotPresent`, with which \
each node keeps the image that it pulled first.

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
    summary: "a single replica with GPUs, whose rollout needs as many free GPUs",
    explanation: "\
A Deployment with one replica starts the new Pod before it stops the old one, so that no call is lost. During this time both Pods need GPUs: if none is free, the new Pod stays `Pending` and the rollout waits. Keep a GPU free, or delete the old Pod yourself, which interrupts the Executor until the new Pod is ready. With two or more replicas one Pod stops first, and the others take its calls.",
};

/// Replicas of an Executor with one head.
pub(crate) static SINGLE_HEAD: RuleInfo = RuleInfo {
    code: "single-head",
    level: Level::Note,
    summary: "an Executor with shards and replicas, which has one head",
    explanation: "\
`replicas` of an Executor with shards sets the replicas of each shard. All calls pass through its head, which is a single Pod in Jina: if it fails, the Executor does not answer until a new head is ready. A rollout loses no call, because the new head is ready before the old one stops. Set `kubernetes: {head: {replicas: 2}}` for the Executor.",
};

/// A file of the host.
pub(crate) static FILE_VOLUME: RuleInfo = RuleInfo {
    code: "file-volume",
    level: Level::Denied,
    summary: "a volume that names a file of the host",
    explanation: "\
On Docker, `./conf.yml:/app/conf.yml` mounts one file of the host into the container. A volume on a cluster is a folder: `/app/conf.yml` would be an empty folder, and a program that reads the file fails. Put the file into the image, or pass its content in `env` or `uses_with`. If the path is a folder, pass `--allow file-volume`.",
};

/// An object that `kubectl apply` cannot apply.
pub(crate) static LARGE_OBJECT: RuleInfo = RuleInfo {
    code: "large-object",
    level: Level::Denied,
    summary: "an object that is too large for `kubectl apply`",
    explanation: "\
`kubectl apply` stores a copy of each object in an annotation, and the API server accepts at most 256 KiB of annotations. `kubectl apply --server-side` stores no copy: if you apply manifests this way, pass `--allow large-object`. Otherwise put large values into files of the image.",
};

/// An object that is too large for a cluster.
pub(crate) static OBJECT_TOO_LARGE: RuleInfo = RuleInfo {
    code: "object-too-large",
    level: Level::Error,
    summary: "an object that is too large for a cluster",
    explanation: "\
A ConfigMap has at most 1 MiB of data, and etcd stores objects of at most 1.5 MiB. `env` of an Executor becomes one ConfigMap. Put large values into files of the image.",
};

/// A mesh whose init container Pod Security does not allow.
pub(crate) static MESH_INIT_CONTAINER: RuleInfo = RuleInfo {
    code: "mesh-init-container",
    level: Level::Warning,
    summary: "a mesh whose init container Pod Security does not allow",
    explanation: "\
The sidecars of Linkerd and Istio need rules of the Pod's network, which an init container with the capability `NET_ADMIN` writes. Pod Security allows this capability neither at the level `baseline` nor at `restricted`: no Pod is created, and only the Deployment's events say why. Both meshes have a CNI plugin, which writes the rules on the node instead. If it is installed, pass `--allow mesh-init-container`. Istio's ambient mode needs no init container.",
};

/// Settings of a block that Pod Security does not allow.
pub(crate) static POD_SECURITY: RuleInfo = RuleInfo {
    code: "pod-security",
    level: Level::Denied,
    summary: "a block that writes what Pod Security does not allow",
    explanation: "\
A namespace that enforces a Pod Security Standard refuses Pods that do not meet it: `kubectl apply` succeeds, and no Pod appears. Neither level allows folders, ports or namespaces of the host, privileged containers, or most capabilities; `restricted` also requires of each container, of init containers and sidecars too, that it gains no privileges and drops all capabilities, and that it does not run as root.

```yaml
kubernetes:
  pod:
    volumes: [{name: host, hostPath: {path: /data}}]    # error with `--pod-security baseline`
```",
};

/// Images that run as another user.
pub(crate) static ROOT_IMAGE: RuleInfo = RuleInfo {
    code: "root-image",
    level: Level::Note,
    summary: "an image of yours that runs as another user than root",
    explanation: "\
With `--pod-security restricted` all containers run as user and group 1000, also if the image says another user. `HOME` is `/tmp`, an empty volume that every container of the Pod can write to; volumes of the Flow can be written to as well. The program and its models must be readable by every user, and not below `/root`, which only root can enter.

```dockerfile
ENV HF_HOME=/models
RUN python download.py && chmod -R a+rX /models
```",
};

/// A workspace without permission to write.
pub(crate) static UNWRITABLE_WORKSPACE: RuleInfo = RuleInfo {
    code: "unwritable-workspace",
    level: Level::Warning,
    summary: "a workspace that the Executor may not be able to write to",
    explanation: "\
With `--pod-security restricted` containers do not run as root, and folders of an image usually belong to root. An Executor that writes to its `workspace` then fails at its first request. Volumes belong to the group of the process, so it can write to them.

```yaml
executors:
  - name: indexer
    workspace: /workspace
    volumes: /workspace
```",
};

/// gRPC behind an Ingress controller that needs more for it.
pub(crate) static EXPOSED_GRPC: RuleInfo = RuleInfo {
    code: "exposed-grpc",
    level: Level::Warning,
    summary: "gRPC behind an Ingress controller that needs more for it",
    explanation: "\
An Ingress does not say that a backend speaks gRPC; each controller has annotations of its own for it. flowship writes those of ingress-nginx, Traefik and the AWS Load Balancer Controller, which it knows by the class. For other controllers, add what they need to `annotations`, or set `gateway` for routes of the Gateway API, which say so themselves.

ingress-nginx serves HTTP/2, which gRPC needs, only over TLS: set `tls`. GKE's Ingress calls gRPC backends only over TLS; its Gateways call them without.

```yaml
gateway:
  exposure: {host: search.example.com, class: nginx, tls: search-tls}
```",
};

/// A route to a gateway with TLS of its own.
pub(crate) static EXPOSED_TLS: RuleInfo = RuleInfo {
    code: "exposed-tls",
    level: Level::Error,
    summary: "a route of the Gateway API to a gateway that serves TLS itself",
    explanation: "\
A Gateway ends TLS and calls its backends without it, unless a `BackendTLSPolicy` says otherwise. With `ssl_certfile` and `ssl_keyfile`, Jina's gateway takes only TLS, and every call fails. Remove both, and let the Gateway have the certificate; or pass connections through with `type: LoadBalancer`.",
};

/// A time limit that is shorter than the calls behind it.
pub(crate) static OUTER_TIMEOUT: RuleInfo = RuleInfo {
    code: "outer-timeout",
    level: Level::Warning,
    summary: "a time limit outside the cluster that ends before the longest call",
    explanation: "\
The longest call of a gateway is the sum of `timeout_send` on the longest path through the Flow. If an Ingress ends calls earlier, clients get an error while the Executors still work. flowship writes a limit that is one second longer than the longest call; an annotation of yours replaces it.",
};

/// Protocols that cannot share a host.
pub(crate) static SHARED_HOST: RuleInfo = RuleInfo {
    code: "shared-host",
    level: Level::Error,
    summary: "protocols of the gateway that cannot share a host",
    explanation: "\
The gateway serves each protocol on its own port, so something has to tell the requests of one host apart. An Ingress can tell gRPC from HTTP and WebSocket by its paths, but not HTTP from WebSocket. A Gateway accepts either GRPCRoutes or HTTPRoutes for a host, not both. Set a host for each protocol:

```yaml
gateway:
  protocol: [grpc, http]
  exposure:
    gateway: public
    host: {grpc: grpc.example.com, http: search.example.com}
```",
};

/// A field that a type of the Kubernetes API does not have.
pub(crate) static UNKNOWN_FIELD: RuleInfo = RuleInfo {
    code: "unknown-field",
    level: Level::Error,
    summary: "a field in a block `kubernetes` that the Kubernetes API does not have",
    explanation: "\
The words of a block are parts of types of the Kubernetes API: `pod` of a PodSpec, `container` of a \
Container, `workload` of a Deployment or, for an Executor with volumes, of a StatefulSet, `service` of a \
Service. The API server refuses fields that a type does not have.

```yaml
executors:
  - name: encoder
    kubernetes:
      container: {resourcs: {limits: {memory: 2Gi}}}    # error: write `resources`
```",
};

/// A field that blocks cannot change.
pub(crate) static OWNED_FIELD: RuleInfo = RuleInfo {
    code: "owned-field",
    level: Level::Error,
    summary: "a field that flowship or the mesh sets, and a block `kubernetes` changes",
    explanation: "\
Some fields of an object belong together with others, in this object or in those of other Executors: \
its name and namespace, the selector, the number of replicas, the image, command, arguments and ports \
of a container. Set the key of the Flow instead. Labels, annotations and names of ports that the mesh \
sets cannot be changed either.",
};

/// A part of a block that matches nothing.
pub(crate) static NO_SUCH_PART: RuleInfo = RuleInfo {
    code: "no-such-part",
    level: Level::Error,
    summary: "a container, volume, port, claim or head in a block `kubernetes` that does not exist",
    explanation: "\
A block changes parts by their names: containers by `name`, claims by the path of their volume. A name \
that matches nothing is a mistake, or the part is missing: a container of your own needs an `image`, a \
mount needs a volume in `pod: {volumes: […]}`, a claim needs a path of `volumes`.",
};

/// An object that cannot belong to a Flow.
pub(crate) static FOREIGN_OBJECT: RuleInfo = RuleInfo {
    code: "foreign-object",
    level: Level::Error,
    summary: "an object in a block `kubernetes` that cannot belong to a Flow",
    explanation: "\
`objects` of a block are whole objects with an `apiVersion`, a `kind` and a name. They are in the \
namespace of the Flow, have its labels, and are removed with it. Objects of the cluster, such as a \
PriorityClass, and objects of other namespaces are shared with others: apply them separately.",
};

/// A cache that Pods of several nodes cannot share.
pub(crate) static LONE_CACHE: RuleInfo = RuleInfo {
    code: "lone-cache",
    level: Level::Error,
    summary: "a cache for several replicas that only one node can mount",
    explanation: "\
`cache` of a block is one volume for all Pods of a workload. With the access mode `ReadWriteOnce` only \
one node can mount it, and replicas on other nodes do not start. Set `accessModes: [ReadWriteMany]` \
and a storage class that supports it, or use `volumes`, which gives each replica a volume of its own.",
};

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &COMPOSE_ONLY,
    &DOCKER_ONLY,
    &EXPOSED_GRPC,
    &EXPOSED_TLS,
    &FILE_VOLUME,
    &FOREIGN_OBJECT,
    &GPU_ALL,
    &GPU_ROLLOUT,
    &HOST_VOLUME,
    &LARGE_OBJECT,
    &LONE_CACHE,
    &MANY_ATTEMPTS,
    &MESH_INIT_CONTAINER,
    &NAMESPACE_CHANGED,
    &NO_NAMESPACE,
    &NO_SUCH_PART,
    &NO_SUCH_POLICY,
    &NOTHING_RETRIED,
    &OBJECT_TOO_LARGE,
    &OUTER_TIMEOUT,
    &OWNED_FIELD,
    &OWN_GRPC_OPTION,
    &POD_SECURITY,
    &RESERVED_NAME,
    &RESERVED_NAMESPACE,
    &RETRIES_OVERRIDDEN,
    &ROOT_IMAGE,
    &SERVICE_NAME_TOO_LONG,
    &SERVICE_PORT_TWICE,
    &SHARED_HOST,
    &SINGLE_HEAD,
    &STATEFUL_NAME_TOO_LONG,
    &TWO_WRITERS,
    &UNBALANCED_REPLICAS,
    &UNKNOWN_FIELD,
    &UNPINNED_IMAGE,
    &UNWRITABLE_WORKSPACE,
    &VARIABLE_OVERRIDDEN,
    &VOLUME_PER_REPLICA,
    &WRITE_RETRIED,
];
