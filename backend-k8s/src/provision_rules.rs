//! Rules about what a Flow asks of a cluster.

use flow_model::{Level, RuleInfo};

/// A label that flowship sets itself.
pub(crate) static LABEL_NOT_SET: RuleInfo = RuleInfo {
    code: "label-not-set",
    level: Level::Warning,
    summary: "a label of `jcloud` that flowship sets itself",
    explanation: "\
Selectors, Prometheus and Jina's dashboards use labels such as `app` and `ns`, so flowship sets them. A label of `jcloud` with such a name is left out. Choose another name, such as `example.com/app`.",
};

/// A kind of machine that the cluster's profile does not describe.
pub(crate) static UNKNOWN_CAPACITY: RuleInfo = RuleInfo {
    code: "unknown-capacity",
    level: Level::Warning,
    summary: "`capacity`, without a profile that says what it is on the cluster",
    explanation: "\
Each provider marks its spot machines with labels and taints of its own. flowship knows those of AKS, EKS and GKE; for another cluster they are in a file:

```yaml
capacity:
  spot: {pod: {nodeSelector: {example.com/pool: spot}}}
  on-demand: {pod: {nodeSelector: {example.com/pool: steady}}}
```

Without a profile Pods run on any machine.",
};

/// A shared GPU on a cluster whose profile does not describe it.
pub(crate) static WHOLE_GPU: RuleInfo = RuleInfo {
    code: "whole-gpu",
    level: Level::Warning,
    summary: "`gpu: shared`, which becomes a whole GPU",
    explanation: "\
How Pods share a GPU depends on the cluster: a resource such as `nvidia.com/gpu.shared`, or machines with a label. flowship knows those of AKS, EKS and GKE; for another cluster they are in a file:

```yaml
gpu:
  shared: {container: {resources: {limits: {nvidia.com/gpu.shared: \"1\"}}}}
```

Without a profile each Pod gets a GPU of its own.",
};

/// Shared storage without a storage class.
pub(crate) static UNKNOWN_FILE_SYSTEM: RuleInfo = RuleInfo {
    code: "unknown-file-system",
    level: Level::Warning,
    summary: "`efs`, without a storage class for shared volumes",
    explanation: "\
Storage of the kind `efs` is one volume for all replicas (`ReadWriteMany`). The default storage class of most clusters provides disks for one machine, and the claim then stays pending. A profile names the class:

```yaml
storage:
  efs: {storageClassName: nfs}
```",
};

/// Storage that would be mounted over a volume.
pub(crate) static STORAGE_TWICE: RuleInfo = RuleInfo {
    code: "storage-twice",
    level: Level::Error,
    summary: "storage at a path where a volume is mounted",
    explanation: "\
`storage` is mounted at the workspace of the Executor, and one of `volumes` is mounted there too. Remove one of them, or set another `workspace`.",
};

/// Storage that cannot be kept.
pub(crate) static NOTHING_RETAINED: RuleInfo = RuleInfo {
    code: "nothing-retained",
    level: Level::Warning,
    summary: "`retain: true` for storage that ends with its Pod",
    explanation: "\
`ephemeral` storage is removed with its Pod, so there is nothing to retain. Choose `kind: ebs` for a disk of each replica, or `kind: efs` for a volume that all share.",
};

/// An autoscaler by a share of nothing.
pub(crate) static SCALED_WITHOUT_REQUESTS: RuleInfo = RuleInfo {
    code: "scaled-without-requests",
    level: Level::Error,
    summary: "replicas by CPU or memory, of a container that requests none",
    explanation: "\
`target` of the metrics `cpu` and `memory` is a percentage of what a container requests. Without a request the autoscaler reports `FailedGetContainerResourceMetric` and changes nothing.

```yaml
jcloud:
  resources: {cpu: 0.5}
  autoscale: {max: 4, metric: cpu, target: 80}
```",
};

/// No replicas, by a metric of replicas.
pub(crate) static SCALED_TO_NONE: RuleInfo = RuleInfo {
    code: "scaled-to-none",
    level: Level::Error,
    summary: "`min: 0` by CPU or memory",
    explanation: "\
Where no replica runs, none uses CPU or memory, and nothing would start the first one. Set `min: 1`, or choose the metric `rps` or `concurrency`, which count calls that arrive at the gateway.",
};

/// No replicas while nobody calls.
pub(crate) static FIRST_CALL_FAILS: RuleInfo = RuleInfo {
    code: "first-call-fails",
    level: Level::Warning,
    summary: "`min: 0`: no replica runs while nobody calls",
    explanation: "\
Jina's cloud held the first call until a replica was ready. On a cluster nothing does: KEDA starts a replica after it has seen calls at the gateway, and until then they fail. A gateway that starts while no replica runs waits for one, and is not ready. Set `min: 1` if that is not acceptable.",
};

/// `replicas` beside an autoscaler.
pub(crate) static SCALED_REPLICAS: RuleInfo = RuleInfo {
    code: "scaled-replicas",
    level: Level::Warning,
    summary: "`replicas` beside `autoscale`, without effect",
    explanation: "\
The autoscaler sets the number of replicas, between `min` and `max`. If it were written in the manifests too, each `kubectl apply` would set it back. Remove `replicas`.",
};

/// Shards that are scaled.
pub(crate) static SCALED_SHARDS: RuleInfo = RuleInfo {
    code: "scaled-shards",
    level: Level::Note,
    summary: "an autoscaler for each shard",
    explanation: "\
Shards hold different data, so their number is never scaled: each shard has an autoscaler for its own replicas. With `polling: ALL` all of them get the same load and grow together.",
};

/// A gateway that cannot pass on as much as replicas are meant to take.
pub(crate) static GATEWAY_HOLDS_LESS: RuleInfo = RuleInfo {
    code: "gateway-holds-less",
    level: Level::Warning,
    summary: "a gateway that holds fewer calls than a replica is meant to have",
    explanation: "\
`prefetch` limits the calls of one client that the gateway holds at a time. If it is less than `target` of the metric `concurrency`, one client cannot cause enough load for a second replica. Raise `prefetch`, or lower `target`.",
};

/// The default address of Prometheus.
pub(crate) static DEFAULT_PROMETHEUS: RuleInfo = RuleInfo {
    code: "default-prometheus",
    level: Level::Note,
    summary: "an autoscaler that asks the default address of Prometheus",
    explanation: "\
Requests are counted by Jina's processes and read from Prometheus. `http://prometheus-operated.monitoring:9090` is the Prometheus of its operator in the namespace `monitoring`. Another address is in the profile of the cluster:

```yaml
prometheus: http://prometheus.example:9090
```",
};

/// An Executor without metrics.
pub(crate) static SCALED_UNSEEN: RuleInfo = RuleInfo {
    code: "scaled-unseen",
    level: Level::Error,
    summary: "replicas by requests, of a process whose metrics are off",
    explanation: "\
The metrics `rps` and `concurrency` are counted by Jina's processes, and `monitoring: false` switches that off. Remove `monitoring: false`, or choose the metric `cpu`.",
};

/// A budget that no drain can pass.
pub(crate) static NO_DISRUPTION: RuleInfo = RuleInfo {
    code: "no-disruption",
    level: Level::Warning,
    summary: "a disruption budget under which no replica may be stopped",
    explanation: "\
If `minAvailable` is not less than the number of replicas, or `maxUnavailable` is 0, no Pod may be evicted, so the machines that they run on cannot be drained. Set `minAvailable` to one less than `replicas`.",
};

/// Every rule.
pub(crate) static RULES: &[&RuleInfo] = &[
    &LABEL_NOT_SET,
    &UNKNOWN_CAPACITY,
    &WHOLE_GPU,
    &UNKNOWN_FILE_SYSTEM,
    &STORAGE_TWICE,
    &NOTHING_RETAINED,
    &SCALED_WITHOUT_REQUESTS,
    &SCALED_TO_NONE,
    &FIRST_CALL_FAILS,
    &SCALED_REPLICAS,
    &SCALED_SHARDS,
    &GATEWAY_HOLDS_LESS,
    &DEFAULT_PROMETHEUS,
    &SCALED_UNSEEN,
    &NO_DISRUPTION,
];
