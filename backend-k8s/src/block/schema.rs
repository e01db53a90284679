//! Facts about the types of the Kubernetes API that k8s-openapi does not offer.
//!
//! Merge keys are those of strategic merge patches (`patchMergeKey` in k8s.io/api), which differ from
//! those of `DeepMerge` in k8s-openapi: that one follows server-side apply (`listMapKeys`).

/// The field by which items of a list are merged; `None` for a list that is replaced as a whole.
pub(super) fn merge_key(owner: &str, field: &str) -> Option<&'static str> {
    Some(match (owner, field) {
        ("Container" | "EphemeralContainer", "ports") => "containerPort",
        ("Container" | "EphemeralContainer", "volumeMounts") => "mountPath",
        ("Container" | "EphemeralContainer", "volumeDevices") => "devicePath",
        ("Container" | "EphemeralContainer", "env")
        | (
            "PodSpec",
            "containers"
            | "ephemeralContainers"
            | "imagePullSecrets"
            | "initContainers"
            | "resourceClaims"
            | "schedulingGates"
            | "volumes",
        ) => "name",
        ("PodSpec", "hostAliases") => "ip",
        ("PodSpec", "topologySpreadConstraints") => "topologyKey",
        ("ServiceSpec", "ports") => "port",
        ("ObjectMeta", "ownerReferences") => "uid",
        _ => return None,
    })
}

/// True for a list of which the items follow those that are there. A strategic merge patch would
/// replace `envFrom`, and remove every variable of `env` of the Flow.
pub(super) fn appends(owner: &str, field: &str) -> bool {
    matches!((owner, field), ("Container", "envFrom"))
}

/// Fields of a type of which the API server takes only one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Union {
    /// These.
    Of(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

impl Union {
    /// True if a field excludes the others.
    pub(super) fn is_member(self, field: &str) -> bool {
        match self {
            Self::Of(fields) => fields.contains(&field),
            Self::AllBut(fields) => !fields.contains(&field),
        }
    }
}

/// The union of a type.
pub(super) fn union(owner: &str) -> Option<Union> {
    Some(match owner {
        "Volume" => Union::AllBut(&["name"]),
        "EnvVar" => Union::Of(&["value", "valueFrom"]),
        "EnvVarSource" => Union::Of(&[
            "configMapKeyRef",
            "fieldRef",
            "fileKeyRef",
            "resourceFieldRef",
            "secretKeyRef",
        ]),
        "LifecycleHandler" => Union::Of(&["exec", "httpGet", "sleep", "tcpSocket"]),
        "Probe" => Union::Of(&["exec", "grpc", "httpGet", "tcpSocket"]),
        "FileSource" => Union::Of(&["from", "secret", "configMap"]),
        _ => return None,
    })
}

/// The words of a text field that takes only some.
pub(super) fn words(owner: &str, field: &str) -> Option<&'static [&'static str]> {
    Some(match (owner, field) {
        ("Container" | "EphemeralContainer", "imagePullPolicy") => {
            &["Always", "IfNotPresent", "Never"]
        }
        ("Container" | "EphemeralContainer", "terminationMessagePolicy") => {
            &["File", "FallbackToLogsOnError"]
        }
        ("ContainerPort" | "ServicePort" | "NetworkPolicyPort", "protocol") => {
            &["TCP", "UDP", "SCTP"]
        }
        ("VolumeMount", "mountPropagation") => &["None", "HostToContainer", "Bidirectional"],
        ("PodSpec", "dnsPolicy") => &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
        ("PodSpec", "restartPolicy") => &["Always", "OnFailure", "Never"],
        ("PodSpec", "preemptionPolicy") => &["PreemptLowerPriority", "Never"],
        ("PodSecurityContext", "fsGroupChangePolicy") => &["OnRootMismatch", "Always"],
        ("SeccompProfile" | "AppArmorProfile", "type") => {
            &["RuntimeDefault", "Localhost", "Unconfined"]
        }
        ("Toleration", "operator") => &["Exists", "Equal", "Lt", "Gt"],
        ("Toleration", "effect") => &["NoSchedule", "PreferNoSchedule", "NoExecute"],
        ("TopologySpreadConstraint", "whenUnsatisfiable") => &["DoNotSchedule", "ScheduleAnyway"],
        ("TopologySpreadConstraint", "nodeAffinityPolicy" | "nodeTaintsPolicy") => {
            &["Honor", "Ignore"]
        }
        ("NodeSelectorRequirement", "operator") => {
            &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
        }
        ("LabelSelectorRequirement", "operator") => &["In", "NotIn", "Exists", "DoesNotExist"],
        ("HTTPGetAction", "scheme") => &["HTTP", "HTTPS"],
        ("SecurityContext", "procMount") => &["Default", "Unmasked"],
        ("HTTPIngressPath", "pathType") => &["Exact", "Prefix", "ImplementationSpecific"],
        ("NetworkPolicySpec", "policyTypes") => &["Ingress", "Egress"],
        ("EmptyDirVolumeSource", "medium") => &["", "Memory", "HugePages"],
        ("DeploymentStrategy", "type") => &["Recreate", "RollingUpdate"],
        ("StatefulSetUpdateStrategy", "type") => &["RollingUpdate", "OnDelete"],
        ("StatefulSetSpec", "podManagementPolicy") => &["OrderedReady", "Parallel"],
        ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted" | "whenScaled") => {
            &["Retain", "Delete"]
        }
        ("ServiceSpec", "type") => &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
        ("ServiceSpec", "externalTrafficPolicy" | "internalTrafficPolicy") => &["Cluster", "Local"],
        ("ServiceSpec", "sessionAffinity") => &["None", "ClientIP"],
        ("ServiceSpec", "ipFamilyPolicy") => {
            &["SingleStack", "PreferDualStack", "RequireDualStack"]
        }
        ("Claim" | "Cache" | "PersistentVolumeClaimSpec", "accessModes") => ACCESS_MODES,
        _ => return None,
    })
}

/// The access modes of volumes.
pub(super) const ACCESS_MODES: &[&str] =
    &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/// The name of a type in findings; of one of this crate, the word of the block.
pub(super) fn title(owner: &str, field: &str) -> String {
    match owner {
        "" | "Cache" | "Claim" | "FileSource" => format!("`{field}`"),
        owner => owner.to_owned(),
    }
}

/// Where a field belongs that is written in another type.
pub(super) fn home(owner: &str, field: &str) -> Option<&'static str> {
    const CONTAINER: &[&str] = &[
        "args",
        "command",
        "env",
        "envFrom",
        "image",
        "imagePullPolicy",
        "lifecycle",
        "livenessProbe",
        "ports",
        "readinessProbe",
        "resources",
        "startupProbe",
        "volumeMounts",
    ];
    const POD: &[&str] = &[
        "affinity",
        "automountServiceAccountToken",
        "containers",
        "imagePullSecrets",
        "initContainers",
        "nodeSelector",
        "priorityClassName",
        "runtimeClassName",
        "serviceAccountName",
        "terminationGracePeriodSeconds",
        "tolerations",
        "topologySpreadConstraints",
        "volumes",
    ];
    match (owner, field) {
        ("PodSpec", "metadata" | "labels" | "annotations")
        | ("Deployment" | "StatefulSet" | "Service", "labels" | "annotations") => {
            Some("write `labels` and `annotations` beside this word of the block")
        }
        ("PodSpec", _) if CONTAINER.contains(&field) => Some("write it under `container`"),
        ("Container", _) if POD.contains(&field) => Some("write it under `pod`"),
        ("PodSpec", "spec") => Some("write its fields under `pod` directly"),
        ("Deployment" | "StatefulSet" | "DeploymentSpec" | "StatefulSetSpec", _)
            if POD.contains(&field) =>
        {
            Some("write it under `pod`")
        }
        ("Deployment" | "StatefulSet" | "DeploymentSpec" | "StatefulSetSpec", _)
            if CONTAINER.contains(&field) =>
        {
            Some("write it under `container`")
        }
        ("StatefulSetSpec", "strategy") => {
            Some("write `updateStrategy`: a workload with volumes is a StatefulSet")
        }
        ("DeploymentSpec", "updateStrategy") => {
            Some("write `strategy`: a workload without volumes is a Deployment")
        }
        ("Deployment" | "StatefulSet", "strategy" | "updateStrategy" | "template" | "replicas")
        | ("Service", "type" | "ports") => Some("write it under `spec`"),
        _ => None,
    }
}

/// Why a type refuses a value that has the right form.
pub(super) fn refusal(owner: &str, field: &str) -> (&'static str, &'static str) {
    match (owner, field) {
        (_, "apiVersion" | "kind") => ("cannot be changed", "flowship sets it"),
        ("" | "Secret" | "ConfigMap", _) => ("is not base64", "expected base64"),
        _ => ("has an invalid value", "expected a value of its type"),
    }
}
