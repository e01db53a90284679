//! What the mesh needs on the cluster, before anything is changed.

use flow_model::{Bundle, Diagnostic, Diagnostics};
use serde_json::Value;

use super::connection::{Failure, Session};
use super::deployer::ClusterOptions;
use super::resource::Resources;
use crate::cluster_rules::{MESH_MISSING, MISSING_SECRET};
use crate::mesh::Before;

/// Checks the mesh and the Secrets that the Flow needs. Whoever may not look is not told anything.
pub(super) async fn check(
    session: &Session<'_>,
    options: &ClusterOptions,
    bundle: &Bundle,
    namespace: &str,
    resources: &mut Resources,
    findings: &mut Diagnostics,
) -> Result<(), Failure> {
    for before in options.requirements.before {
        let missing = match before {
            Before::MutatingWebhook(prefix) => webhook(session, prefix, namespace).await,
            Before::GatewayClass(name) => gateway_class(session, name).await,
            Before::Nothing(kind) => nothing(session, kind, resources).await,
        };
        let missing = match missing {
            Err(failure) if failure.is_forbidden() => None,
            other => other?,
        };
        if let Some(what) = missing {
            let mesh = &options.mesh;
            findings.push(
                Diagnostic::new(&MESH_MISSING, format!("the Flow needs {mesh}: {what}")).help(
                    "install the mesh, or pass `--mesh NAME` for the mesh of the cluster, or `--mesh none`",
                ),
            );
        }
    }
    missing_secrets(session, bundle, namespace, findings).await
}

/// The webhook that injects the proxy; `None` if it selects the namespace.
async fn webhook(
    session: &Session<'_>,
    prefix: &str,
    namespace: &str,
) -> Result<Option<String>, Failure> {
    let path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    let all = session.list(path, "").await?;
    let is_it = |one: &&Value| {
        one["metadata"]["name"].as_str().is_some_and(|name| name.starts_with(prefix))
    };
    let configurations: Vec<_> = all.iter().filter(is_it).collect();
    if configurations.is_empty() {
        return Ok(Some(format!(
            "the cluster has no MutatingWebhookConfiguration `{prefix}`, which injects its proxy"
        )));
    }
    let found = match session.find(&format!("/api/v1/namespaces/{namespace}")).await {
        Err(failure) if failure.is_forbidden() => return Ok(None),
        other => other?,
    };
    let labels = match found {
        Some(namespace) => namespace["metadata"]["labels"].clone(),
        // The label that every namespace gets.
        None => serde_json::json!({"kubernetes.io/metadata.name": namespace}),
    };
    let hooks = configurations.iter().filter_map(|one| one["webhooks"].as_array());
    let selects = hooks.flatten().any(|hook| selects(&hook["namespaceSelector"], &labels));
    Ok((!selects)
        .then(|| format!("its injector `{prefix}` does not select the namespace `{namespace}`")))
}

async fn gateway_class(session: &Session<'_>, name: &str) -> Result<Option<String>, Failure> {
    let path = format!("/apis/gateway.networking.k8s.io/v1/gatewayclasses/{name}");
    let is_missing = session.find(&path).await?.is_none();
    Ok(is_missing.then(|| format!("the cluster has no GatewayClass `{name}`")))
}

/// A kind of which no object may exist.
async fn nothing(
    session: &Session<'_>,
    kind: &str,
    resources: &mut Resources,
) -> Result<Option<String>, Failure> {
    let (group, kind) = kind.rsplit_once('/').unwrap_or(("", kind));
    let Some(resource) = resources.of_group(session, group, kind).await? else { return Ok(None) };
    let objects = session.list(&resource.collection(None), "").await?;
    let first = objects.first().map(|object| resource.name_of(object).to_string());
    Ok(first.map(|name| format!("{name} would disable the routes of the Flow")))
}

async fn missing_secrets(
    session: &Session<'_>,
    bundle: &Bundle,
    namespace: &str,
    findings: &mut Diagnostics,
) -> Result<(), Failure> {
    let mut names: Vec<_> = bundle.facts.secrets.iter().map(|secret| &secret.name).collect();
    names.dedup();
    for name in names {
        // Only the metadata is asked for, but the right to read is that of the whole Secret.
        match session.find(&format!("/api/v1/namespaces/{namespace}/secrets/{name}")).await {
            Ok(Some(_)) => {}
            Err(failure) if failure.is_forbidden() => return Ok(()),
            Err(failure) => return Err(failure),
            Ok(None) => findings.push(
                Diagnostic::new(
                    &MISSING_SECRET,
                    format!("the namespace `{namespace}` has no Secret `{name}`"),
                )
                .help(format!("create it: kubectl -n {namespace} create secret generic {name} …")),
            ),
        }
    }
    Ok(())
}

/// True if a selector of labels selects.
fn selects(selector: &Value, labels: &Value) -> bool {
    let label = |key: &Value| labels[key.as_str().unwrap_or_default()].as_str();
    let pairs = selector["matchLabels"].as_object();
    let fits = pairs.into_iter().flatten().all(|(key, value)| labels[key.as_str()] == *value);
    let expressions = selector["matchExpressions"].as_array();
    fits && expressions.into_iter().flatten().all(|expression| {
        let value = label(&expression["key"]);
        let values = expression["values"].as_array();
        let is_in =
            || value.is_some_and(|value| values.into_iter().flatten().any(|one| one == value));
        match expression["operator"].as_str().unwrap_or_default() {
            "In" => is_in(),
            "NotIn" => !is_in(),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::selects;

    #[test]
    fn selectors_are_read_as_kubernetes_reads_them() {
        let labels = json!({"a": "1"});
        let expression = |key: &str, operator: &str, values: &[&str]| json!({"matchExpressions": [{"key": key, "operator": operator, "values": values}]});
        for (selector, expected) in [
            (json!({}), true),
            (json!(null), true),
            (json!({"matchLabels": {"a": "1"}}), true),
            (json!({"matchLabels": {"a": "2"}}), false),
            (expression("a", "In", &["1", "2"]), true),
            (expression("a", "NotIn", &["1"]), false),
            (expression("b", "NotIn", &["1"]), true),
            (expression("b", "Exists", &[]), false),
            (expression("b", "DoesNotExist", &[]), true),
        ] {
            assert_eq!(selects(&selector, &labels), expected, "{selector}");
        }
    }
}
