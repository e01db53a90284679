//! The rights that a Flow needs.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::{Bundle, BundleFile, Document, Origins};
use serde_json::{Value, json};

use super::inventory;
use super::resource::split;

/// The name of the Role.
const NAME: &str = "flowship";

/// Everything that `apply` does with the objects of a Flow.
const CHANGE: [&str; 5] = ["create", "delete", "get", "list", "patch"];

/// The Role, and the `ClusterRole` for what is outside the namespace, that `apply`, `diff`, `status`,
/// `logs` and `delete` need for a Bundle.
pub fn roles(bundle: &Bundle) -> BundleFile {
    let namespace = inventory::namespace(&bundle.facts.flow);
    // Kinds that every Flow has, or had before a change.
    let usual =
        [("", "ConfigMap"), ("", "Service"), ("apps", "Deployment"), ("apps", "StatefulSet")];
    let ids = bundle.documents().filter_map(|(_, document)| document.id.as_ref());
    let kinds = ids.map(|id| (split(&id.api_version).0, &*id.kind));
    let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (group, kind) in usual.into_iter().chain(kinds).filter(|(_, kind)| *kind != "Namespace") {
        groups.entry(group).or_default().insert(plural(kind));
    }
    let changed = groups.iter().map(|(group, resources)| rule(&[group], resources, &CHANGE));
    let read = ["get", "list"];
    let mut rules: Vec<_> = changed.collect();
    let list = |resources: &[&str]| resources.iter().map(|&name| name.to_owned()).collect();
    rules.push(rule(&[""], &list(&["events", "persistentvolumeclaims"]), &read));
    // A Pod that its StatefulSet cannot update is deleted.
    rules.push(rule(&[""], &list(&["pods"]), &["delete", "get", "list"]));
    rules.push(rule(&[""], &list(&["pods/log"]), &["get"]));
    rules.push(rule(&["apps"], &list(&["replicasets"]), &read));
    rules.push(rule(&["autoscaling"], &list(&["horizontalpodautoscalers"]), &["list"]));
    let secrets: BTreeSet<_> = bundle.facts.secrets.iter().map(|secret| &secret.name).collect();
    if !secrets.is_empty() {
        let mut of_secrets = rule(&[""], &list(&["secrets"]), &["get"]);
        of_secrets["resourceNames"] = secrets.into_iter().cloned().collect();
        rules.push(of_secrets);
    }
    let mut of_namespace = rule(&[""], &list(&["namespaces"]), &["get", "patch"]);
    of_namespace["resourceNames"] = json!([namespace]);
    let cluster = [
        of_namespace,
        rule(&[""], &list(&["namespaces"]), &["create"]),
        rule(
            &["admissionregistration.k8s.io"],
            &list(&["mutatingwebhookconfigurations"]),
            &["list"],
        ),
        rule(&["gateway.networking.k8s.io"], &list(&["gatewayclasses"]), &["get"]),
        rule(&["storage.k8s.io"], &list(&["storageclasses"]), &["list"]),
    ];
    let api_version = "rbac.authorization.k8s.io/v1";
    let role = json!({
        "apiVersion": api_version,
        "kind": "Role",
        "metadata": {"name": NAME, "namespace": namespace},
        "rules": rules,
    });
    let cluster_role = json!({
        "apiVersion": api_version,
        "kind": "ClusterRole",
        "metadata": {"name": format!("{NAME}-{namespace}")},
        "rules": cluster,
    });
    let documents = [role, cluster_role].map(|object| Document::new(object, Origins::new()));
    BundleFile::yaml("rbac.yml", documents.into())
}

fn rule(groups: &[&str], resources: &BTreeSet<String>, verbs: &[&str]) -> Value {
    json!({"apiGroups": groups, "resources": resources, "verbs": verbs})
}

/// The plural of a kind, as the API of Kubernetes forms it.
fn plural(kind: &str) -> String {
    let name = kind.to_ascii_lowercase();
    let is_vowel = |c: char| "aeiou".contains(c);
    if ["s", "x", "ch", "sh"].iter().any(|end| name.ends_with(end)) {
        return format!("{name}es");
    }
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_are_those_of_the_api() {
        for (kind, expected) in [
            ("ConfigMap", "configmaps"),
            ("Ingress", "ingresses"),
            ("NetworkPolicy", "networkpolicies"),
            ("Gateway", "gateways"),
            ("GRPCRoute", "grpcroutes"),
            ("AuthorizationPolicy", "authorizationpolicies"),
            ("ServiceMonitor", "servicemonitors"),
            ("HTTPRoute", "httproutes"),
            ("PodDisruptionBudget", "poddisruptionbudgets"),
        ] {
            assert_eq!(plural(kind), expected);
        }
    }
}
