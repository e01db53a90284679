//! What is refused and what is not, in tables whose results are snapshots.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Fault, of_object, of_value};

/// Fields with numbers: each is tried with numbers around every bound.
const NUMBERS: &str = "
    ContainerPort.containerPort ContainerPort.hostPort ServicePort.port ServicePort.nodePort ServicePort.targetPort
    HTTPGetAction.port TCPSocketAction.port GRPCAction.port ServiceBackendPort.number NetworkPolicyPort.port
    NetworkPolicyPort.endPort Probe.initialDelaySeconds Probe.periodSeconds Probe.timeoutSeconds
    Probe.failureThreshold Probe.successThreshold SleepAction.seconds PodSpec.terminationGracePeriodSeconds
    DeploymentSpec.minReadySeconds StatefulSetSpec.revisionHistoryLimit DaemonSetSpec.replicas
    RollingUpdateStatefulSetStrategy.partition JobSpec.parallelism JobSpec.completions JobSpec.backoffLimit
    JobSpec.ttlSecondsAfterFinished PodSecurityContext.fsGroup PodSecurityContext.supplementalGroups
    PodSecurityContext.runAsUser SecurityContext.runAsGroup CronJobSpec.startingDeadlineSeconds
    CronJobSpec.successfulJobsHistoryLimit CronJobSpec.failedJobsHistoryLimit TopologySpreadConstraint.maxSkew
    TopologySpreadConstraint.minDomains DeploymentSpec.progressDeadlineSeconds PodSpec.activeDeadlineSeconds
    JobSpec.activeDeadlineSeconds HorizontalPodAutoscalerSpec.minReplicas HorizontalPodAutoscalerSpec.maxReplicas
    WeightedPodAffinityTerm.weight PreferredSchedulingTerm.weight SecretVolumeSource.defaultMode
    ConfigMapVolumeSource.defaultMode ProjectedVolumeSource.defaultMode KeyToPath.mode Container.other";

const BOUNDS: [i64; 9] = [-1, 0, 1, 100, 101, 511, 512, 65_535, 65_536];

/// Fields with texts: each is tried with every text.
const FIELDS: &str = "
    Container.name EphemeralContainer.name Volume.name ServicePort.name PodSpec.serviceAccountName
    PodSpec.priorityClassName PodSpec.runtimeClassName SecretVolumeSource.secretName
    PersistentVolumeClaimVolumeSource.claimName ConfigMapVolumeSource.name ConfigMapEnvSource.name
    SecretEnvSource.name ConfigMapKeySelector.name SecretKeySelector.name LocalObjectReference.name
    ConfigMapKeySelector.key SecretKeySelector.key KeyToPath.key ContainerPort.name ObjectMeta.finalizers
    ObjectFieldSelector.fieldPath EnvVar.name VolumeMount.mountPath VolumeMount.subPath KeyToPath.path HostAlias.ip
    ServiceSpec.externalIPs ServiceSpec.loadBalancerIP ServiceSpec.clusterIP ServiceSpec.clusterIPs
    ServiceSpec.loadBalancerSourceRanges IPBlock.cidr IPBlock.except TopologySpreadConstraint.topologyKey
    PodAffinityTerm.topologyKey NodeSelectorRequirement.key LabelSelectorRequirement.key Container.image
    EphemeralContainer.image HostPathVolumeSource.path CronJobSpec.schedule CrossVersionObjectReference.kind
    CrossVersionObjectReference.name RoleRef.kind Subject.name ServiceSpec.externalName Pod.maxSurge Pod.maxUnavailable
    Pod.minAvailable Pod.other";

const TEXTS: [&str; 31] = [
    "",
    " ",
    "a",
    "A",
    "a.b",
    "a_b",
    "a=b",
    "a--b",
    "123",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "/a:b",
    "/a",
    "a/../b",
    "..a/b",
    "None",
    "10.0.0.1",
    "::1",
    "10.0.0.0/32",
    "10.0.0.0/33",
    "::/128",
    "::/129",
    "x/8",
    "example.com/a",
    "status.podIP",
    "metadata.labels['a']",
    "metadata.labels['a",
    "é",
    "100%",
    "1000%",
    "%",
];

/// Types, and objects of them: those that are whole, and those with one mistake.
const OBJECTS: &str = r#"
Deployment {}
StatefulSet {}
DaemonSet {}
Job {"spec": {}}
CronJob {}
Ingress {}
Service {}
PersistentVolumeClaim {}
HorizontalPodAutoscaler {}
Pod {}
PodTemplateSpec {}
Container {}
Container {"image": "a"}
SecretVolumeSource {}
ExecAction {}
PersistentVolumeClaimSpec {}
Probe {}
Probe {"grpc": {}}
Probe {"exec": {}}
Probe {"httpGet": {}}
Probe {"tcpSocket": {}}
LifecycleHandler {}
LifecycleHandler {"sleep": {}}
EnvVarSource {}
EnvVarSource {"fieldRef": {}}
EnvFromSource {}
EnvFromSource {"secretRef": {}}
NetworkPolicyPeer {}
NetworkPolicyPeer {"ipBlock": {}}
IngressSpec {}
IngressSpec {"defaultBackend": {}}
IngressBackend {}
IngressBackend {"resource": {}}
IngressServiceBackend {}
ServiceBackendPort {}
ServiceBackendPort {"name": "a"}
Toleration {"operator": "Exists", "value": "a"}
Toleration {"operator": "Exists", "value": ""}
Toleration {"value": "a"}
Toleration {"key": "", "operator": "Equal"}
Toleration {"key": "a", "value": "b"}
Toleration {"key": "a", "tolerationSeconds": 1}
Toleration {"key": "a", "tolerationSeconds": 1, "effect": "NoExecute"}
Toleration {"key": "a", "effect": "NoSchedule"}
SeccompProfile {"type": "Localhost"}
SeccompProfile {"type": "Localhost", "localhostProfile": "a"}
AppArmorProfile {"type": "RuntimeDefault"}
NodeSelectorRequirement {"operator": "In"}
NodeSelectorRequirement {"operator": "NotIn", "values": []}
NodeSelectorRequirement {"operator": "In", "values": ["a"]}
NodeSelectorRequirement {"operator": "Exists", "values": ["a"]}
LabelSelectorRequirement {"operator": "DoesNotExist", "values": []}
NodeSelectorRequirement {"operator": "Gt", "values": ["1", "2"]}
NodeSelectorRequirement {"operator": "Lt", "values": ["1"]}
NodeSelectorRequirement {"operator": "Lt"}
SecurityContext {"privileged": true, "allowPrivilegeEscalation": false}
SecurityContext {"privileged": false, "allowPrivilegeEscalation": false}
SecurityContext {"privileged": true, "allowPrivilegeEscalation": true}
DeploymentStrategy {"type": "Recreate", "rollingUpdate": {}}
DeploymentStrategy {"type": "Recreate"}
DeploymentStrategy {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}
DeploymentStrategy {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
DeploymentStrategy {"rollingUpdate": {"maxSurge": 0}}
Container {"image": "a", "livenessProbe": {"successThreshold": 2}}
Container {"image": "a", "startupProbe": {"successThreshold": 2}}
Container {"image": "a", "startupProbe": {"successThreshold": 1}, "readinessProbe": {"successThreshold": 2}}
ResourceRequirements {"limits": {"cpu": "1"}, "requests": {"cpu": "1500m"}}
ResourceRequirements {"limits": {"cpu": "1"}, "requests": {"cpu": "1000m"}}
ResourceRequirements {"limits": {"memory": "1Gi"}, "requests": {"memory": "1025Mi"}}
ResourceRequirements {"limits": {"memory": "1G"}, "requests": {"memory": "1Gi"}}
ResourceRequirements {"limits": {"memory": "1Ti"}, "requests": {"memory": "1T"}}
ResourceRequirements {"limits": {"memory": "1k"}, "requests": {"memory": "1Ki"}}
ResourceRequirements {"limits": {"memory": "1M"}, "requests": {"memory": "1000001"}}
ResourceRequirements {"limits": {"cpu": "1u"}, "requests": {"cpu": "1001n"}}
ResourceRequirements {"limits": {"cpu": "1m"}, "requests": {"cpu": "999u"}}
ResourceRequirements {"limits": {"memory": "1Pi"}, "requests": {"memory": "1Ei"}}
ResourceRequirements {"limits": {"memory": "1P"}, "requests": {"memory": "1Pi"}}
ResourceRequirements {"limits": {"cpu": "2"}}
ResourceRequirements {"requests": {"cpu": "2"}}
ResourceRequirements {"limits": {"example.com/gpu": "1.5"}}
ResourceRequirements {"limits": {"example.com/gpu": "1"}, "requests": {"example.com/gpu": "1"}}
ResourceRequirements {"limits": {"example.com/gpu": "2"}, "requests": {"example.com/gpu": "1"}}
ResourceRequirements {"requests": {"example.com/gpu": "1"}}
ResourceRequirements {"requests": {"kubernetes.io/x": "1.5"}}
PodSpec {"priority": 1}
PodSpec {"ephemeralContainers": []}
PodSpec {"dnsPolicy": "None"}
PodSpec {"dnsPolicy": "None", "dnsConfig": {"nameservers": []}}
PodSpec {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1"]}}
PodSpec {"dnsPolicy": "Default"}
PodSpec {"containers": [{"name": "a"}, {"name": "a"}]}
PodSpec {"containers": [{"name": "a"}], "initContainers": [{"name": "a"}]}
PodSpec {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}
ServiceSpec {}
ServiceSpec {"ports": []}
ServiceSpec {"clusterIP": "None"}
ServiceSpec {"type": "ExternalName"}
ServiceSpec {"type": "ExternalName", "externalName": "a"}
ServiceSpec {"ports": [{}], "externalTrafficPolicy": "Local"}
ServiceSpec {"ports": [{}], "externalTrafficPolicy": "Local", "type": "NodePort"}
ServiceSpec {"ports": [{}], "clusterIP": "None", "type": "LoadBalancer"}
ServiceSpec {"ports": [{}], "clusterIP": "10.0.0.1", "type": "LoadBalancer"}
ServiceSpec {"ports": [{}], "loadBalancerClass": "a", "type": "NodePort"}
ServiceSpec {"ports": [{}], "loadBalancerClass": "a", "type": "LoadBalancer"}
ServiceSpec {"ports": [{"name": "a"}, {}]}
ServiceSpec {"ports": [{"name": "a"}, {"name": "b"}]}
ServiceSpec {"ports": [{}]}
HTTPIngressPath {"pathType": "Prefix", "path": "a"}
HTTPIngressPath {"pathType": "Exact"}
HTTPIngressPath {"pathType": "Prefix", "path": "/"}
HTTPIngressPath {"pathType": "ImplementationSpecific"}
PersistentVolumeClaimSpec {"accessModes": ["a"], "resources": {}}
PersistentVolumeClaimSpec {"accessModes": ["a"], "resources": {"requests": {}}}
PersistentVolumeClaimSpec {"accessModes": ["a"], "resources": {"requests": {"storage": "1Gi"}}}
PersistentVolumeClaimSpec {"accessModes": ["a", "ReadWriteOncePod"], "resources": {"requests": {"storage": "1Gi"}}}
PersistentVolumeClaimSpec {"accessModes": ["ReadWriteOncePod"], "resources": {"requests": {"storage": "1Gi"}}}
PersistentVolumeClaimSpec {"accessModes": ["a", "b"], "resources": {"requests": {"storage": "1Gi"}}}
HorizontalPodAutoscalerSpec {"minReplicas": 3, "maxReplicas": 2}
HorizontalPodAutoscalerSpec {"minReplicas": 2, "maxReplicas": 2}
MetricSpec {}
MetricSpec {"type": "a"}
MetricSpec {"type": "ContainerResource"}
MetricSpec {"type": "External"}
MetricSpec {"type": "Object"}
MetricSpec {"type": "Pods"}
MetricSpec {"type": "Resource"}
MetricSpec {"type": "Resource", "resource": {}}
PodDisruptionBudgetSpec {"minAvailable": 1, "maxUnavailable": 1}
PodDisruptionBudgetSpec {"minAvailable": 1}
PodDisruptionBudgetSpec {"maxUnavailable": 1}
JobSpec {}
JobSpec {"template": {"spec": {"restartPolicy": "Always"}}}
JobSpec {"template": {"spec": {"restartPolicy": "Never"}}}
JobSpec {"template": {"spec": {"restartPolicy": "OnFailure"}}}
DeploymentSpec {"selector": {}, "template": {}}
DeploymentSpec {"selector": {"matchLabels": {}}, "template": {}}
DeploymentSpec {"selector": {"matchExpressions": []}, "template": {}}
StatefulSetSpec {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "c"}}}}
DaemonSetSpec {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b", "c": "d"}}}}
DeploymentSpec {"selector": {"matchLabels": {"a": "b"}}}
DeploymentSpec {"selector": {"matchExpressions": []}, "template": {"spec": {"restartPolicy": "Never"}}}
DeploymentSpec {"selector": {"matchExpressions": []}, "template": {"spec": {"restartPolicy": "Always"}}}
DeploymentSpec {"selector": {"matchExpressions": []}, "template": {"spec": {"activeDeadlineSeconds": 1}}}
ConfigMap {"data": {"a": "1"}, "binaryData": {"a": "1"}}
ConfigMap {"data": {"a": "1"}, "binaryData": {"b": "1"}}
ConfigMap {"data": {"a": "1"}}
Secret {"type": "kubernetes.io/tls", "data": {"tls.crt": "a"}}
Secret {"type": "kubernetes.io/tls", "data": {"tls.crt": "a"}, "stringData": {"tls.key": "a"}}
Secret {"type": "kubernetes.io/dockerconfigjson"}
Secret {"type": "Opaque"}
.labels {"a b": "1", "a/b": "c d", "ok": "", "fine": "x"}
.annotations {"a b": "1", "ok": "c d"}
.matchLabels {"a b": "1", "ok": "c d"}
.nodeSelector {"a b": "1", "ok": "c d"}
.selector {"a b": "1", "ok": "c d"}
.data {"a/b": "1", "ok": "1"}
.binaryData {"a/b": "1"}
.stringData {"a/b": "1"}
.limits {"gpu": "1", "cpu": "1", "memory": "1", "ephemeral-storage": "1", "storage": "1", "hugepages-2Mi": "1", "example.com/gpu": "1"}
.requests {"gpu": "1"}
.hard {"pods": "1"}
.other {"a b": "c d"}
"#;

/// A fault as `FIELD: MESSAGE (LABEL); HELP`.
fn shown(fault: &Fault) -> String {
    let field = fault.field.as_deref().unwrap_or("-");
    let help = fault.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    format!("{field}: {} ({}){help}", fault.message, fault.label)
}

#[test]
fn values_are_refused() {
    let mut seen = String::new();
    let mut row = |at: &str, values: &[Value]| {
        let (owner, field) = at.split_once('.').unwrap_or_default();
        let found = values.iter().filter_map(|value| Some((value, of_value(owner, field, value)?)));
        let found: Vec<_> = found.collect();
        let refused: Vec<_> = found.iter().map(|(value, _)| value.to_string()).collect();
        let mut words: Vec<_> = found.iter().map(|(_, fault)| shown(fault)).collect();
        words.dedup();
        let _ = writeln!(seen, "{at}: {}\n    {}", refused.join(" "), words.join("\n    "));
    };
    for at in NUMBERS.split_whitespace() {
        row(at, &BOUNDS.map(Value::from));
    }
    for at in FIELDS.split_whitespace() {
        row(at, &TEXTS.map(Value::from));
    }
    for at in ["PodDisruptionBudgetSpec.minAvailable", "RollingUpdateDeployment.maxSurge"] {
        row(at, &[json!(-1), json!(0), json!("25%"), json!("25"), json!("x%")]);
    }
    for at in [
        "PodSpec.containers",
        "ExecAction.command",
        "NodeSelector.nodeSelectorTerms",
        "PersistentVolumeClaimSpec.accessModes",
        "PolicyRule.verbs",
        "HTTPIngressRuleValue.paths",
        "Other.items",
    ] {
        row(at, &[json!([]), json!([1])]);
    }
    snapshot("values", &seen);
}

#[test]
fn objects_are_refused() {
    let mut seen = String::new();
    for line in OBJECTS.trim().lines() {
        let (owner, text) = line.split_once(' ').unwrap_or_default();
        let (owner, field) = owner.split_once('.').unwrap_or((owner, ""));
        let value: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{line}"));
        let map = value.as_object().unwrap_or_else(|| panic!("{line}"));
        let faults = of_object(owner, field, "it", map);
        let shown: Vec<_> = faults.iter().map(|fault| format!("    {}\n", shown(fault))).collect();
        let _ = write!(seen, "{line}\n{}", shown.concat());
    }
    snapshot("objects", &seen);
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}
