//! Rules about what a cluster makes of a Flow.

use flow_model::{Level, RuleInfo};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $level:ident, $summary:literal, $explanation:literal;)*) => {
        $($(#[$doc])* pub(crate) static $name: RuleInfo = RuleInfo {
            code: $code,
            level: Level::$level,
            summary: $summary,
            explanation: $explanation,
        };)*

        /// Every rule that a deployment to a cluster reports.
        pub(crate) static RULES: &[&RuleInfo] = &[$(&$name),*];
    };
}

rules! {
    /// A kind that the cluster does not know.
    MISSING_DEFINITION = "missing-definition", Error,
        "a kind of object that the cluster does not define",
        "The cluster has no CustomResourceDefinition for this kind in this version. Install what defines it: the mesh, the Gateway API, the Prometheus operator. `flowship doctor FLOW` lists what the cluster has.";

    /// A field of another manager.
    FIELD_CONFLICT = "field-conflict", Error,
        "a field that another program set to another value",
        "Server-side apply records which program set a field. This field has another value on the cluster, and the program that set it is named in the finding. Set the same value in the Flow, or pass `--force-conflicts` to take the field over. The number of replicas of a workload with an autoscaler is never taken over.";

    /// An object that the server refuses.
    OBJECT_REFUSED = "object-refused", Error,
        "an object that the API server refuses",
        "Before anything is changed, the API server checks all objects (a dry run), including quotas and admission webhooks. It refused at least one, so nothing was changed. The message comes from the server.";

    /// Missing rights.
    NOT_PERMITTED = "not-permitted", Error,
        "a request that the user may not make",
        "The user of the kubeconfig lacks a right. `flowship rbac FLOW` prints the Role that `apply`, `diff`, `status`, `logs` and `delete` need for this Flow.";

    /// A change that needs another object.
    NEEDS_RECREATE = "needs-recreate", Error,
        "a change that Kubernetes does not allow on an existing object",
        "The selector of a workload, and the volumes, the Service and the start order of a StatefulSet, cannot be changed. Pass `--recreate`: the object is deleted without its Pods and created again, and then one Pod after the other is replaced, so that the others answer. Claims are kept, and keep their size.";

    /// A claim that stays smaller.
    CLAIM_NOT_RESIZED = "claim-not-resized", Warning,
        "a volume that keeps its old size",
        "A StatefulSet creates claims, and never resizes them. If the storage class allows it, set the new size in `spec.resources.requests.storage` of the claim itself.";

    /// Two workloads for one name.
    TWO_GENERATIONS = "two-generations", Warning,
        "a workload of another kind that still takes calls",
        "A Deployment that became a StatefulSet, or the other way round, has the same Service. Both take calls from the time at which the new one is up until the old one is deleted, which happens at the end of the same `apply`. If it fails before, the old one goes on.";

    /// Not everything was done.
    UNFINISHED = "unfinished", Error,
        "an apply that ended before everything was done",
        "The time of `--timeout` passed, or the API server was lost. Some objects may have been changed. Run the same command again: it continues where this one stopped.";

    /// A Secret that Pods need.
    MISSING_SECRET = "missing-secret", Warning,
        "a Secret that the cluster does not have",
        "Pods that need it do not start. Create it before, with the keys that `env_from_secret` names.";

    /// The mesh is not there.
    MESH_MISSING = "mesh-missing", Denied,
        "a cluster without what the mesh needs",
        "The Flow was compiled for a mesh that is not installed, or that does not inject its proxy into this namespace. Calls would neither be encrypted nor balanced. Install the mesh, pass `--mesh NAME` for the one that the cluster has, or `--mesh none`.";

    /// Pods without a proxy.
    NOT_INJECTED = "not-injected", Denied,
        "Pods without the proxy of the mesh",
        "The Pods run, but the mesh did not add its proxy, so their calls are neither encrypted nor balanced. The injector may have been down when they were created. Restart them: `kubectl rollout restart`.";

    /// A plan that does not fit any more.
    PLAN_OUTDATED = "plan-outdated", Error,
        "a field that changed since the plan was saved",
        "Somebody changed a field that the plan sets, after `flowship diff -o` saved the plan. Save it again, and review the new differences. Other fields may change without making a plan invalid.";

    /// An image that cannot be pulled.
    IMAGE_NOT_PULLED = "image-not-pulled", Error,
        "an image that a node cannot pull",
        "The name or the tag is wrong, the registry needs a login (`image_pull_secrets`), or the node cannot reach it. The message comes from the node.";

    /// A Secret or ConfigMap that a container needs.
    CONFIG_NOT_FOUND = "config-not-found", Error,
        "a Secret, a ConfigMap or a key that a container needs",
        "The container is not created before it exists. Create the Secret that `env_from_secret`, `image_pull_secrets` or `files` of a block names, with this key.";

    /// A program that cannot be run.
    PROGRAM_NOT_STARTED = "program-not-started", Error,
        "a container whose program cannot be run",
        "The image does not contain the program, or it may not be executed. Check `entrypoint` and the image.";

    /// A crash.
    CRASHED = "crashed", Error,
        "an Executor that ends with an error",
        "The process ended with an exit code other than 0, and the kubelet restarts it more and more rarely. The last lines of its log say why.";

    /// A process that ends.
    ENDED = "ended", Error,
        "an Executor that ends right after its start",
        "The process ended with exit code 0, but an Executor has to keep running. Jina ends with 0 if it cannot load the Executor: the last lines of the log say why.";

    /// Not enough memory.
    OUT_OF_MEMORY = "out-of-memory", Error,
        "a container that needs more memory than its limit",
        "The kernel killed the process. Raise the memory limit, or let the Executor use less.";

    /// A probe that fails.
    PROBE_FAILED = "probe-failed", Error,
        "a container that does not answer its probe in time",
        "The container runs, but does not answer on its port, so the kubelet restarts it. If the Executor needs more time to load, raise `timeout_ready`.";

    /// No node.
    UNSCHEDULABLE = "unschedulable", Error,
        "a Pod for which there is no node",
        "No node has the resources that the Pod asks for, or all of them are excluded by taints or selectors. The message comes from the scheduler.";

    /// A claim without a volume.
    CLAIM_PENDING = "claim-pending", Error,
        "a claim without a volume",
        "No volume was provisioned for the claim: the storage class does not exist, is not the default, or its provisioner does not answer. `JINA_K8S_STORAGE_CLASS_NAME` sets the class.";

    /// Pods that are refused.
    POD_REFUSED = "pod-refused", Error,
        "a workload whose Pods the cluster refuses to create",
        "The object was accepted, but the cluster refuses its Pods: a quota, the Pod Security of the namespace, a missing ServiceAccount or an admission webhook. The message comes from the server.";
}
