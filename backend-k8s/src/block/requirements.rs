//! What the API server requires of values and objects of a type.

use flow_model::keys::nearest;
use flow_model::names::{
    DNS_LABEL, DNS_SUBDOMAIN, SECRET_KEY, is_dns_label, is_dns_subdomain, is_secret_key,
};
use flow_model::{Quantity, pointer_token};
use serde_json::{Map, Value};

use super::metadata::{is_name, is_qualified_name};

#[cfg(test)]
mod tests;

/// What is wrong with an object or a value.
pub(super) struct Fault {
    /// The field that it is about, as a pointer from the object on; `None` for the object itself.
    pub(super) field: Option<String>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { field: None, message: message.into(), label: label.into(), help: None }
    }

    fn at(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A field that is required and not there; `name` is the field of the object.
pub(super) fn missing(name: &str, field: &str) -> Fault {
    Fault::new(format!("{} has no `{field}`", shown(name)), format!("expected `{field}`"))
        .help(format!("set `{field}`"))
}

fn shown(name: &str) -> String {
    match name {
        "" => "the object".to_owned(),
        item if item.starts_with("an item") => item.to_owned(),
        field => format!("`{field}`"),
    }
}

/// The range of a number.
fn range(owner: &str, field: &str) -> Option<(i64, i64)> {
    const NOT_NEGATIVE: (i64, i64) = (0, i64::MAX);
    const POSITIVE: (i64, i64) = (1, i64::MAX);
    const PORT: (i64, i64) = (1, 65_535);
    Some(match (owner, field) {
        ("ContainerPort", "containerPort" | "hostPort")
        | ("ServicePort", "port" | "nodePort" | "targetPort")
        | ("HTTPGetAction" | "TCPSocketAction" | "GRPCAction", "port")
        | ("ServiceBackendPort", "number")
        | ("NetworkPolicyPort", "port" | "endPort") => PORT,
        (
            "Probe",
            "initialDelaySeconds"
            | "periodSeconds"
            | "timeoutSeconds"
            | "failureThreshold"
            | "successThreshold",
        )
        | ("SleepAction", "seconds")
        | ("PodSpec", "terminationGracePeriodSeconds")
        | (
            "DeploymentSpec" | "StatefulSetSpec" | "DaemonSetSpec",
            "minReadySeconds" | "revisionHistoryLimit" | "replicas",
        )
        | ("RollingUpdateStatefulSetStrategy", "partition")
        | ("JobSpec", "parallelism" | "completions" | "backoffLimit" | "ttlSecondsAfterFinished")
        | ("PodSecurityContext", "fsGroup" | "supplementalGroups")
        | ("PodSecurityContext" | "SecurityContext", "runAsUser" | "runAsGroup")
        | (
            "CronJobSpec",
            "startingDeadlineSeconds" | "successfulJobsHistoryLimit" | "failedJobsHistoryLimit",
        ) => NOT_NEGATIVE,
        ("TopologySpreadConstraint", "maxSkew" | "minDomains")
        | ("DeploymentSpec", "progressDeadlineSeconds")
        | ("PodSpec" | "JobSpec", "activeDeadlineSeconds")
        | ("HorizontalPodAutoscalerSpec", "minReplicas" | "maxReplicas") => POSITIVE,
        ("WeightedPodAffinityTerm" | "PreferredSchedulingTerm", "weight") => (1, 100),
        (
            "SecretVolumeSource" | "ConfigMapVolumeSource" | "ProjectedVolumeSource",
            "defaultMode",
        )
        | ("KeyToPath", "mode") => (0, 0o777),
        _ => return None,
    })
}

/// The form of a text.
#[derive(Clone, Copy)]
enum Form {
    Label,
    Subdomain,
    NotEmpty,
    PortName,
    Variable,
    MountPath,
    SubPath,
    Address,
    Cidr,
    ClusterAddress,
    Key,
    AnnotationName,
    Finalizer,
    FieldPath,
}

fn form(owner: &str, field: &str) -> Option<Form> {
    Some(match (owner, field) {
        ("Container" | "EphemeralContainer" | "Volume" | "ServicePort", "name")
        | ("PodSpec", "hostname" | "subdomain") => Form::Label,
        (
            "PodSpec",
            "serviceAccountName" | "serviceAccount" | "priorityClassName" | "runtimeClassName"
            | "nodeName",
        )
        | ("SecretVolumeSource", "secretName")
        | ("PersistentVolumeClaimVolumeSource", "claimName")
        | (
            "ConfigMapVolumeSource"
            | "ConfigMapEnvSource"
            | "SecretEnvSource"
            | "ConfigMapKeySelector"
            | "SecretKeySelector"
            | "LocalObjectReference",
            "name",
        ) => Form::Subdomain,
        ("ConfigMapKeySelector" | "SecretKeySelector" | "KeyToPath", "key") => Form::Key,
        ("ContainerPort", "name") => Form::PortName,
        ("ObjectMeta", "finalizers") => Form::Finalizer,
        ("ObjectFieldSelector", "fieldPath") => Form::FieldPath,
        ("EnvVar", "name") => Form::Variable,
        ("VolumeMount", "mountPath") => Form::MountPath,
        ("VolumeMount", "subPath") | ("KeyToPath", "path") => Form::SubPath,
        ("HostAlias", "ip") | ("ServiceSpec", "externalIPs" | "loadBalancerIP") => Form::Address,
        ("ServiceSpec", "clusterIP" | "clusterIPs") => Form::ClusterAddress,
        ("ServiceSpec", "loadBalancerSourceRanges") | ("IPBlock", "cidr" | "except") => Form::Cidr,
        ("TopologySpreadConstraint" | "PodAffinityTerm", "topologyKey")
        | ("NodeSelectorRequirement" | "LabelSelectorRequirement", "key") => Form::AnnotationName,
        ("Container" | "EphemeralContainer", "image")
        | ("HostPathVolumeSource", "path")
        | ("CronJobSpec", "schedule")
        | ("CrossVersionObjectReference" | "RoleRef" | "Subject", "kind" | "name")
        | ("ServiceSpec", "externalName") => Form::NotEmpty,
        _ => return None,
    })
}

/// The fields of a Pod that its containers can read.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

impl Form {
    fn fits(self, text: &str) -> bool {
        let is_address = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
        match self {
            Self::Label => is_dns_label(text),
            Self::Subdomain => is_dns_subdomain(text),
            Self::NotEmpty => !text.trim().is_empty(),
            Self::Key => is_secret_key(text),
            Self::PortName => {
                text.len() <= 15
                    && is_dns_label(text)
                    && text.contains(|c: char| c.is_ascii_lowercase())
                    && !text.contains("--")
            }
            Self::Variable => {
                !text.is_empty() && text.chars().all(|c| matches!(c, ' '..='~') && c != '=')
            }
            Self::MountPath => !text.is_empty() && !text.contains(':'),
            Self::SubPath => {
                !text.starts_with('/') && !text.split('/').any(|segment| segment == "..")
            }
            Self::Address => is_address(text),
            Self::ClusterAddress => text.is_empty() || text == "None" || is_address(text),
            Self::Cidr => text.split_once('/').is_some_and(|(address, bits)| {
                let most = if address.contains(':') { 128 } else { 32 };
                is_address(address) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
            }),
            Self::AnnotationName => is_qualified_name(text),
            Self::Finalizer => text.contains('/') && is_qualified_name(text),
            Self::FieldPath => {
                FIELDS.contains(&text)
                    || ["metadata.labels['", "metadata.annotations['"].iter().any(|list| {
                        text.strip_prefix(list).is_some_and(|rest| rest.ends_with("']"))
                    })
            }
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Label => DNS_LABEL,
            Self::Subdomain => DNS_SUBDOMAIN,
            Self::NotEmpty => "a text that is not empty",
            Self::Key => SECRET_KEY,
            Self::PortName => "at most 15 lower-case letters, digits and `-`",
            Self::Variable => "the name of a variable, without `=`",
            Self::MountPath => "a path without `:`",
            Self::SubPath => "a relative path without `..`",
            Self::Address => "an IP address",
            Self::ClusterAddress => "`None` or an IP address",
            Self::Cidr => "a range such as `10.0.0.0/8`",
            Self::AnnotationName => "the name of a label, such as `kubernetes.io/hostname`",
            Self::Finalizer => "a name with a domain, such as `example.com/name`",
            Self::FieldPath => "a field of the Pod, such as `metadata.name` or `status.podIP`",
        }
    }
}

/// What is wrong with a value of a field.
pub(super) fn of_value(owner: &str, field: &str, value: &Value) -> Option<Fault> {
    if let (Some((least, most)), Some(number)) = (range(owner, field), value.as_i64())
        && !(least..=most).contains(&number)
    {
        let expected = match most {
            i64::MAX => format!("expected {least} or more"),
            most => format!("expected an integer from {least} to {most}"),
        };
        return Some(Fault::new(format!("`{field}` is out of range"), expected));
    }
    if let (Some(form), Some(text)) = (form(owner, field), value.as_str())
        && !form.fits(text)
    {
        let expected = format!("expected {}", form.expected());
        return Some(Fault::new(format!("`{field}` cannot have this value"), expected));
    }
    if matches!(field, "maxSurge" | "maxUnavailable" | "minAvailable")
        && let Some(fault) = amount(field, value)
    {
        return Some(fault);
    }
    if (owner, field) == ("EmptyDirVolumeSource", "sizeLimit")
        && let Some(fault) = thousandths(field, value)
    {
        return Some(fault);
    }
    if let Value::Array(items) = value
        && items.is_empty()
        && must_have_items(owner, field)
    {
        let message = format!("`{field}` is an empty list");
        return Some(Fault::new(message, "expected at least one item"));
    }
    None
}

/// A size in thousandths of a byte.
fn thousandths(field: &str, value: &Value) -> Option<Fault> {
    let size: Quantity = value.as_str()?.parse().ok()?;
    let message = format!("`{field}` is a fraction of a byte");
    size.is_size_in_thousandths()
        .then(|| Fault::new(message, IN_THOUSANDTHS).help("write `Mi` or `M` for megabytes"))
}

/// Millions of processors: `500M` means `500m`.
fn millions(value: &Value) -> Option<Fault> {
    let text = value.as_str()?;
    let number = text.strip_suffix('M')?;
    text.parse::<Quantity>().ok()?;
    let fault = Fault::new("`cpu` is a number of millions of processors", "`M` means millions");
    Some(fault.help(format!("write `{number}m` for thousandths of a processor")))
}

/// The label of a size that is one.
pub(super) const IN_THOUSANDTHS: &str = "`m` means thousandths";

/// A number of Pods, or a percentage of them.
fn amount(field: &str, value: &Value) -> Option<Fault> {
    let is_right = match value {
        Value::Number(number) => number.as_i64().is_some_and(|number| number >= 0),
        Value::String(text) => text
            .strip_suffix('%')
            .is_some_and(|digits| digits.len() <= 3 && digits.parse::<u16>().is_ok()),
        _ => true,
    };
    let message = format!("`{field}` cannot have this value");
    (!is_right).then(|| Fault::new(message, "expected a number, or a percentage such as `25%`"))
}

fn must_have_items(owner: &str, field: &str) -> bool {
    matches!(
        (owner, field),
        ("PodSpec", "containers")
            | ("ExecAction", "command")
            | ("NodeSelector", "nodeSelectorTerms")
            | ("PersistentVolumeClaimSpec", "accessModes")
            | ("PolicyRule", "verbs")
            | ("HTTPIngressRuleValue", "paths")
    )
}

/// Fields of a type that the API server requires although its type does not.
fn required(owner: &str) -> &'static [&'static str] {
    match owner {
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "CronJob"
        | "Ingress"
        | "Service"
        | "PersistentVolumeClaim"
        | "HorizontalPodAutoscaler"
        | "Pod"
        | "PodTemplateSpec" => &["spec"],
        "Container" => &["image"],
        "SecretVolumeSource" => &["secretName"],
        "ExecAction" => &["command"],
        "PersistentVolumeClaimSpec" => &["accessModes", "resources"],
        _ => &[],
    }
}

/// Fields of a type of which an object has at least one.
fn one_of(owner: &str) -> &'static [&'static str] {
    match owner {
        "Probe" => &["exec", "grpc", "httpGet", "tcpSocket"],
        "LifecycleHandler" => &["exec", "httpGet", "sleep", "tcpSocket"],
        "EnvVarSource" => {
            &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"]
        }
        "EnvFromSource" => &["configMapRef", "secretRef"],
        "NetworkPolicyPeer" => &["podSelector", "namespaceSelector", "ipBlock"],
        "IngressSpec" => &["rules", "defaultBackend"],
        "IngressBackend" => &["service", "resource"],
        "IngressServiceBackend" => &["port"],
        "ServiceBackendPort" => &["name", "number"],
        _ => &[],
    }
}

/// What is wrong with an object of a type. `field` is the field that it is the value of, and `name`
/// what findings call it.
pub(super) fn of_object(
    owner: &str,
    field: &str,
    name: &str,
    map: &Map<String, Value>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let absent = required(owner).iter().filter(|field| !map.contains_key(**field));
    faults.extend(absent.map(|field| missing(name, field)));
    let members = one_of(owner);
    if !members.is_empty() && !members.iter().any(|member| map.contains_key(*member)) {
        let listed: Vec<_> = members.iter().map(|member| format!("`{member}`")).collect();
        let message = match members {
            [member] => missing(name, member).message,
            _ => format!("{} is incomplete", shown(name)),
        };
        let expected = format!("expected {}", listed.join(" or "));
        faults.push(Fault::new(message, expected));
    }
    faults.extend(names(owner, field, map));
    faults.extend(combination(owner, map));
    faults
}

/// Names of maps, and values of labels.
fn names(owner: &str, field: &str, map: &Map<String, Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !owner.is_empty() {
        return faults;
    }
    let is_label = matches!(field, "labels" | "matchLabels" | "nodeSelector" | "selector");
    for (name, value) in map {
        let (is_right, expected) = match field {
            "labels" | "annotations" | "matchLabels" | "nodeSelector" | "selector" => (
                is_qualified_name(name),
                "at most 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if any",
            ),
            "data" | "binaryData" | "stringData" => (is_secret_key(name), SECRET_KEY),
            "limits" | "requests" | "hard" if !name.contains('/') => (
                is_resource(field, name),
                "`cpu`, `memory`, `ephemeral-storage`, or a name with a domain",
            ),
            _ => (true, ""),
        };
        let is_size = matches!(field, "limits" | "requests" | "hard")
            && (name.ends_with("memory")
                || name.ends_with("storage")
                || name.starts_with("hugepages-"));
        if name == "cpu"
            && let Some(fault) = millions(value)
        {
            faults.push(fault.at("cpu"));
        }
        if is_size && let Some(fault) = thousandths(name, value) {
            faults.push(fault.at(&pointer_token(name)));
        }
        if !is_right {
            let message = format!("`{field}` has a name that is not valid");
            let fault = Fault::new(message, format!("expected {expected}"));
            let near = match name.as_str() {
                "gpu" | "gpus" => Some("nvidia.com/gpu"),
                name => nearest(name, RESOURCES),
            };
            let fault = match near.filter(|_| matches!(field, "limits" | "requests")) {
                Some(near) => fault.help(format!("write `{near}`")),
                None => fault,
            };
            faults.push(fault.at(&pointer_token(name)));
        }
        if is_label && value.as_str().is_some_and(|text| !text.is_empty() && !is_name(text)) {
            let message = format!("`{field}` has a value that no label can have");
            let label = "expected at most 63 letters, digits, `-`, `_` and `.`";
            faults.push(Fault::new(message, label).at(&pointer_token(name)));
        }
    }
    faults
}

/// True for a resource of Kubernetes itself.
fn is_resource(field: &str, name: &str) -> bool {
    // Quotas limit numbers of objects too.
    field == "hard"
        || RESOURCES.contains(&name)
        || name == "storage"
        || name.starts_with("hugepages-")
}

/// The resources of a container.
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// Fields that exclude or need each other.
#[expect(clippy::too_many_lines, reason = "a table")]
fn combination(owner: &str, map: &Map<String, Value>) -> Vec<Fault> {
    let text = |field: &str| map.get(field).and_then(Value::as_str);
    let number = |field: &str| map.get(field).and_then(Value::as_i64);
    let count = |field: &str| map.get(field).and_then(Value::as_array).map_or(0, Vec::len);
    let mut faults = Vec::new();
    let mut add = |field: &str, message: &str, label: &str, help: &str| {
        let fault = Fault::new(message, label).at(field);
        faults.push(if help.is_empty() { fault } else { fault.help(help) });
    };
    match owner {
        "Toleration" => {
            let operator = text("operator").unwrap_or("Equal");
            if operator == "Exists" && text("value").is_some_and(|value| !value.is_empty()) {
                add("value", "`Exists` takes no `value`", "has no effect", "remove it");
            }
            if text("key").unwrap_or_default().is_empty() && operator != "Exists" {
                let message = "a toleration without `key` takes all taints";
                add("operator", message, "expected `Exists`", "set `key`, or `operator: Exists`");
            }
            if map.contains_key("tolerationSeconds") && text("effect") != Some("NoExecute") {
                let message = "`tolerationSeconds` needs the effect `NoExecute`";
                add(
                    "tolerationSeconds",
                    message,
                    "only for `NoExecute`",
                    "set `effect: NoExecute`",
                );
            }
        }
        "SeccompProfile" | "AppArmorProfile"
            if text("type") == Some("Localhost") && text("localhostProfile").is_none() =>
        {
            let help = "set `localhostProfile`";
            add("type", "`Localhost` needs a profile", "expected `localhostProfile`", help);
        }
        "NodeSelectorRequirement" | "LabelSelectorRequirement" => match text("operator") {
            Some("In" | "NotIn") if count("values") == 0 => {
                let help = "set `values`";
                add("operator", "this operator needs values", "expected `values`", help);
            }
            Some("Exists" | "DoesNotExist") if count("values") > 0 => {
                add("values", "this operator takes no values", "has no effect", "remove `values`");
            }
            Some("Gt" | "Lt") if count("values") != 1 => {
                add("operator", "this operator needs one value", "expected one of `values`", "");
            }
            _ => {}
        },
        "SecurityContext" => {
            let is = |field: &str, value: bool| map.get(field) == Some(&Value::Bool(value));
            if is("privileged", true) && is("allowPrivilegeEscalation", false) {
                let message = "a privileged container allows privilege escalation";
                add("allowPrivilegeEscalation", message, "expected `true`", "remove it");
            }
        }
        "DeploymentStrategy" => {
            let is_none = |field: &str| {
                let amount = map.get("rollingUpdate").and_then(|update| update.get(field));
                amount.is_some_and(|amount| *amount == 0 || *amount == "0%")
            };
            if text("type") == Some("Recreate") && map.contains_key("rollingUpdate") {
                let message = "`Recreate` takes no `rollingUpdate`";
                add("rollingUpdate", message, "has no effect", "remove it");
            } else if is_none("maxSurge") && is_none("maxUnavailable") {
                let message = "`maxSurge` and `maxUnavailable` are both 0";
                let label = "no Pod could be replaced";
                add("rollingUpdate", message, label, "set one of them to 1");
            }
        }
        "Container" => {
            for probe in ["livenessProbe", "startupProbe"] {
                let threshold = map.get(probe).and_then(|probe| probe["successThreshold"].as_i64());
                if threshold.is_some_and(|threshold| threshold > 1) {
                    let message = format!("`successThreshold` of `{probe}` is not 1");
                    add(probe, &message, "one success is enough for this probe", "remove it");
                }
            }
        }
        "ResourceRequirements" => faults.extend(resources(map)),
        "PodSpec" => {
            for field in ["ephemeralContainers", "priority"] {
                if map.contains_key(field) {
                    let message = format!("`{field}` cannot be set for a workload");
                    add(field, &message, "refused by the API server", "remove it");
                }
            }
            let servers = map.get("dnsConfig").and_then(|config| config["nameservers"].as_array());
            if text("dnsPolicy") == Some("None") && servers.is_none_or(Vec::is_empty) {
                let help = "set `dnsConfig: {nameservers: […]}`";
                add("dnsPolicy", "`None` needs name servers", "expected `dnsConfig`", help);
            }
            let list = |field: &str| map.get(field).and_then(Value::as_array);
            let mut seen = Vec::new();
            for (at, items) in ["containers", "initContainers"].iter().map(|at| (at, list(at))) {
                for container in items.into_iter().flatten() {
                    if seen.contains(&&container["name"]) {
                        let message = "two containers of a Pod have the same name";
                        add(at, message, "expected another name", "rename one of them");
                    }
                    seen.push(&container["name"]);
                }
            }
        }
        "ServiceSpec" => {
            let kind = text("type").unwrap_or("ClusterIP");
            let is_external = kind == "ExternalName";
            if count("ports") == 0 && !is_external && text("clusterIP") != Some("None") {
                let fault = missing("spec", "ports");
                faults.push(fault);
            } else if is_external && text("externalName").is_none() {
                faults.push(missing("spec", "externalName"));
            } else {
                let is_outside = matches!(kind, "NodePort" | "LoadBalancer");
                if text("externalTrafficPolicy").is_some() && !is_outside {
                    let help = "set `type: LoadBalancer` or `NodePort`";
                    let message =
                        "`externalTrafficPolicy` needs a Service with an external address";
                    add("externalTrafficPolicy", message, "only for other types", help);
                }
                if text("clusterIP") == Some("None") && is_outside {
                    let message = "a Service with an external address needs one of the cluster";
                    add("clusterIP", message, "`None` is for the type `ClusterIP`", "remove it");
                }
                if text("loadBalancerClass").is_some() && kind != "LoadBalancer" {
                    let message = "`loadBalancerClass` needs a load balancer";
                    add(
                        "loadBalancerClass",
                        message,
                        "only for `LoadBalancer`",
                        "set `type: LoadBalancer`",
                    );
                }
                let ports = map.get("ports").and_then(Value::as_array).into_iter().flatten();
                if count("ports") > 1 && ports.into_iter().any(|port| port["name"].is_null()) {
                    let label = "a Service with several ports needs a name for each";
                    add("ports", "a port of the Service has no name", label, "set `name`");
                }
            }
        }
        "HTTPIngressPath" => {
            let path = text("path").unwrap_or_default();
            if matches!(text("pathType"), Some("Exact" | "Prefix")) && !path.starts_with('/') {
                let field = if map.contains_key("path") { "path" } else { "pathType" };
                add(field, "a path does not begin with `/`", "expected a path such as `/`", "");
            }
        }
        "PersistentVolumeClaimSpec" => {
            let request = map.get("resources").and_then(|resources| {
                resources.get("requests").and_then(|requests| requests.get("storage"))
            });
            if map.contains_key("resources") && request.is_none() {
                let help = "set `resources: {requests: {storage: …}}`";
                add("resources", "a claim asks for no storage", "expected `requests`", help);
            }
            let modes = map.get("accessModes").and_then(Value::as_array);
            let only_one = modes.is_some_and(|modes| {
                modes.len() > 1 && modes.iter().any(|mode| *mode == "ReadWriteOncePod")
            });
            if only_one {
                let message = "`ReadWriteOncePod` excludes other access modes";
                add("accessModes", message, "expected no other mode", "remove the other modes");
            }
        }
        "HorizontalPodAutoscalerSpec" => {
            if let (Some(least), Some(most)) = (number("minReplicas"), number("maxReplicas"))
                && least > most
            {
                let message = "`minReplicas` is larger than `maxReplicas`";
                add("minReplicas", message, "larger than `maxReplicas`", "");
            }
        }
        "MetricSpec" => {
            let wanted = match text("type") {
                Some("ContainerResource") => "containerResource",
                Some("External") => "external",
                Some("Object") => "object",
                Some("Pods") => "pods",
                Some("Resource") => "resource",
                _ => {
                    let label =
                        "expected `Resource`, `ContainerResource`, `Pods`, `Object` or `External`";
                    add("type", "`type` of a metric is not known", label, "");
                    return faults;
                }
            };
            if !map.contains_key(wanted) {
                faults.push(missing("an item of `metrics`", wanted));
            }
        }
        "PodDisruptionBudgetSpec"
            if map.contains_key("minAvailable") && map.contains_key("maxUnavailable") =>
        {
            let message = "`minAvailable` and `maxUnavailable` exclude each other";
            add("minAvailable", message, "expected one of them", "remove one of them");
        }
        "JobSpec" => {
            let policy = map.get("template").map(|template| &template["spec"]["restartPolicy"]);
            if policy.is_none_or(|policy| *policy != "Never" && *policy != "OnFailure") {
                let message = "the Pods of a Job are not restarted always";
                add("template", message, "expected `restartPolicy`", "set `restartPolicy: Never`");
            }
        }
        "DeploymentSpec" | "StatefulSetSpec" | "DaemonSetSpec" => {
            faults.extend(controller(map));
        }
        "ConfigMap" => {
            let data = map.get("data").and_then(Value::as_object);
            let binary = map.get("binaryData").and_then(Value::as_object);
            if let (Some(data), Some(binary)) = (data, binary)
                && data.keys().any(|key| binary.contains_key(key))
            {
                let message = "`data` and `binaryData` have the same key";
                add("binaryData", message, "expected other keys", "");
            }
        }
        "Secret" => {
            let needed: &[&str] = match text("type") {
                Some("kubernetes.io/tls") => &["tls.crt", "tls.key"],
                Some("kubernetes.io/dockerconfigjson") => &[".dockerconfigjson"],
                _ => &[],
            };
            let has = |key: &str| {
                ["data", "stringData"]
                    .iter()
                    .any(|data| map.get(*data).is_some_and(|data| data.get(key).is_some()))
            };
            if let Some(key) = needed.iter().find(|key| !has(key)) {
                let message = format!("a Secret of this type has no `{key}`");
                add("type", &message, "expected keys of this type", "set it in `data`");
            }
        }
        _ => {}
    }
    faults
}

/// A selector that does not select the Pods, and Pods that are not restarted.
fn controller(map: &Map<String, Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (Some(selector), Some(template)) = (map.get("selector"), map.get("template")) else {
        return faults;
    };
    let labels = &template["metadata"]["labels"];
    let wanted = selector["matchLabels"].as_object();
    let is_empty = wanted.is_none_or(Map::is_empty) && selector["matchExpressions"].is_null();
    let is_other = wanted
        .is_some_and(|wanted| wanted.iter().any(|(name, value)| labels.get(name) != Some(value)));
    if is_empty || is_other {
        let message = "`selector` does not select the Pods of `template`";
        let label = "expected labels of the Pods";
        faults.push(Fault::new(message, label).at("selector"));
    }
    for (field, allowed) in [("restartPolicy", Some("Always")), ("activeDeadlineSeconds", None)] {
        let value = &template["spec"][field];
        if !value.is_null() && (allowed.is_none() || value.as_str() != allowed) {
            let message = format!("`{field}` cannot have this value in a workload");
            let label = "Pods of a workload run until they are stopped";
            faults.push(
                Fault::new(message, label).at(&format!("template/spec/{field}")).help("remove it"),
            );
        }
    }
    faults
}

/// Requests that are larger than limits, and resources of nodes that are not whole numbers.
fn resources(map: &Map<String, Value>) -> Vec<Fault> {
    let of = |list: &str, name: &str| -> Option<Quantity> {
        map.get(list)?.get(name)?.as_str()?.parse().ok()
    };
    let mut faults = Vec::new();
    let names = ["limits", "requests"].into_iter().flat_map(|list| {
        let names = map.get(list).and_then(Value::as_object).into_iter().flatten();
        names.map(move |(name, _)| (list, name))
    });
    for (list, name) in names {
        let (limit, request) = (of("limits", name), of("requests", name));
        let mut add = |message: &str, label: &str, help: &str| {
            faults.push(Fault::new(message, label).at(list).help(help));
        };
        if name.contains('/') && !name.starts_with("kubernetes.io/") {
            let is_whole = of(list, name).is_some_and(|number| number.is_whole());
            if !is_whole {
                let label = "expected whole numbers for devices";
                add("a resource of a device is not a whole number", label, "write a whole number");
            } else if list == "requests" && limit != request {
                let label = "expected a limit of the same number";
                add("a device is requested without a limit", label, "write it under `limits`");
            }
        } else if list == "requests"
            && let (Some(limit), Some(request)) = (limit, request)
            && request > limit
        {
            let message = "a request is larger than its limit";
            add(message, "expected at most the limit", "raise the limit, or lower the request");
        }
    }
    faults
}
