//! What blocks write that Pod Security does not allow.

use flow_model::{Advice, Diagnostic, Diagnostics, Origins};
use k8s_openapi::api::core::v1::{Container, PodSpec, Volume};

use super::PodSecurity;
use crate::rules::POD_SECURITY;

/// The volumes that `restricted` allows.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// The capabilities that `baseline` allows to be added.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Where the Pod is in its controller.
const POD: &str = "/spec/template/spec";

/// Reports what the Pods of a workload have that a namespace with this level refuses.
pub(crate) fn check(
    pod: &PodSpec,
    level: PodSecurity,
    workload: &str,
    origins: &Origins,
    diagnostics: &mut Diagnostics,
) {
    for (pointer, what) in violations(pod, level) {
        let message = format!("Pod Security `{level}` does not allow {what} of `{workload}`");
        diagnostics.push(
            Diagnostic::new(&POD_SECURITY, message)
                .at(origins.find(&format!("{POD}{pointer}")), "the namespace would refuse the Pods")
                .help(Advice::Allow(POD_SECURITY.code)),
        );
    }
}

/// Each violation: a pointer into the Pod, and what is wrong.
fn violations(pod: &PodSpec, level: PodSecurity) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (field, value) in
        [("hostNetwork", pod.host_network), ("hostPID", pod.host_pid), ("hostIPC", pod.host_ipc)]
    {
        if value == Some(true) {
            found.push((format!("/{field}"), format!("`{field}`")));
        }
    }
    let context = pod.security_context.as_ref();
    if context.and_then(|it| it.seccomp_profile.as_ref()).is_some_and(|it| it.type_ == "Unconfined")
    {
        found.push((
            "/securityContext/seccompProfile".into(),
            "an unconfined seccomp profile".into(),
        ));
    }
    if level == PodSecurity::Restricted {
        if context.and_then(|it| it.run_as_user) == Some(0) {
            found.push(("/securityContext/runAsUser".into(), "the user 0".into()));
        }
        if context.and_then(|it| it.run_as_non_root) != Some(true) {
            found.push(("/securityContext".into(), "Pods without `runAsNonRoot: true`".into()));
        }
    }
    for (index, volume) in pod.volumes.iter().flatten().enumerate() {
        let what = kind(volume);
        let allowed = level == PodSecurity::Baseline && what != "hostPath";
        if !allowed && !VOLUMES.contains(&what.as_str()) {
            found.push((
                format!("/volumes/{index}"),
                format!("the volume `{}` ({what})", volume.name),
            ));
        }
    }
    let lists = [
        ("initContainers", pod.init_containers.as_deref()),
        ("containers", Some(&*pod.containers)),
    ];
    for (list, containers) in lists {
        for (index, container) in containers.into_iter().flatten().enumerate() {
            let pointer = format!("/{list}/{index}");
            of_container(container, level, &pointer, &mut found);
        }
    }
    found
}

/// The kind of a volume, as its key is called.
fn kind(volume: &Volume) -> String {
    let value = serde_json::to_value(volume).unwrap_or_default();
    let keys = value.as_object().into_iter().flat_map(serde_json::Map::keys);
    keys.filter(|key| *key != "name").map(String::clone).next().unwrap_or_default()
}

fn of_container(
    container: &Container,
    level: PodSecurity,
    pointer: &str,
    found: &mut Vec<(String, String)>,
) {
    let name = &container.name;
    let context = container.security_context.as_ref();
    let mut put = |part: &str, what: String| {
        found.push((format!("{pointer}{part}"), format!("{what} of container `{name}`")));
    };
    for (index, port) in container.ports.iter().flatten().enumerate() {
        if port.host_port.is_some_and(|port| port != 0) {
            put(&format!("/ports/{index}"), "`hostPort`".to_owned());
        }
    }
    if context.and_then(|it| it.privileged) == Some(true) {
        put("/securityContext/privileged", "`privileged`".to_owned());
    }
    let capabilities = context.and_then(|it| it.capabilities.as_ref());
    for added in capabilities.and_then(|it| it.add.as_deref()).into_iter().flatten() {
        let allowed = match level {
            PodSecurity::Baseline => CAPABILITIES.contains(&added.as_str()),
            PodSecurity::Restricted => added == "NET_BIND_SERVICE",
        };
        if !allowed {
            put("/securityContext/capabilities", format!("the capability {added}"));
        }
    }
    if context.and_then(|it| it.seccomp_profile.as_ref()).is_some_and(|it| it.type_ == "Unconfined")
    {
        put("/securityContext/seccompProfile", "an unconfined seccomp profile".to_owned());
    }
    if level == PodSecurity::Baseline {
        return;
    }
    if context.and_then(|it| it.allow_privilege_escalation) != Some(false) {
        put("/securityContext", "the missing `allowPrivilegeEscalation: false`".to_owned());
    }
    let dropped = capabilities.and_then(|it| it.drop.as_deref()).unwrap_or_default();
    if !dropped.iter().any(|name| name == "ALL") {
        put("/securityContext", "the missing `capabilities: {drop: [ALL]}`".to_owned());
    }
    if context.and_then(|it| it.run_as_user) == Some(0) {
        put("/securityContext/runAsUser", "the user 0".to_owned());
    }
    if context.and_then(|it| it.run_as_non_root) == Some(false) {
        put("/securityContext/runAsNonRoot", "`runAsNonRoot: false`".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::PodSpec;
    use serde_json::{Value, json};

    use super::violations;
    use crate::pod_security::{PodSecurity, of_container, of_pod};

    /// A Pod as it is generated, with changes.
    fn pod(level: PodSecurity, changes: &[(&str, Value)]) -> PodSpec {
        let container = json!({"name": "executor", "securityContext": of_container(level)});
        let mut pod = json!({"containers": [container], "securityContext": of_pod(level)});
        for (pointer, value) in changes {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            pod.pointer_mut(parent).unwrap()[key] = value.clone();
        }
        serde_json::from_value(pod).unwrap()
    }

    #[test]
    fn what_a_namespace_refuses_is_found() {
        let host = json!([{"name": "x", "hostPath": {"path": "/"}}]);
        let nfs = json!([{"name": "x", "nfs": {"path": "/", "server": "s"}}]);
        let secret = json!([{"name": "x", "secret": {"secretName": "s"}}]);
        let of = "/containers/0/securityContext";
        for (pointer, value, baseline, restricted) in [
            ("/hostNetwork", json!(true), 1, 1),
            ("/hostPID", json!(false), 0, 0),
            ("/volumes", host, 1, 1),
            ("/volumes", nfs, 0, 1),
            ("/volumes", secret, 0, 0),
            ("/initContainers", json!([{"name": "i"}]), 0, 2),
            ("/containers/0/ports", json!([{"containerPort": 1, "hostPort": 1}]), 1, 1),
            ("/securityContext/runAsUser", json!(0), 0, 1),
            ("/securityContext/runAsNonRoot", json!(false), 0, 1),
            (&format!("{of}/privileged"), json!(true), 1, 1),
            (&format!("{of}/allowPrivilegeEscalation"), json!(true), 0, 1),
            (&format!("{of}/capabilities"), json!({"add": ["NET_ADMIN"], "drop": ["ALL"]}), 1, 1),
            (&format!("{of}/capabilities"), json!({"add": ["CHOWN"], "drop": ["ALL"]}), 0, 1),
            (&format!("{of}/seccompProfile"), json!({"type": "Unconfined"}), 1, 1),
        ] {
            for (level, expected) in
                [(PodSecurity::Baseline, baseline), (PodSecurity::Restricted, restricted)]
            {
                let changed = pod(level, &[(pointer, value.clone())]);
                let found = violations(&changed, level);
                assert_eq!(found.len(), expected, "{level} {pointer} {value}: {found:?}");
            }
        }
        assert!(violations(&pod(PodSecurity::Restricted, &[]), PodSecurity::Restricted).is_empty());
    }
}
