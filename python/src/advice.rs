//! Advice about options, as keywords of a call.

use flow_model::{Advice, MeshPolicy};

/// The keyword that follows an advice.
pub(crate) fn keyword(advice: &Advice) -> String {
    match advice {
        Advice::Image(Some(name)) => format!("pass `images={{{}: 'IMAGE'}}`", quoted(name)),
        Advice::Image(None) => {
            "pass `images={'VALUE': 'IMAGE'}` with the value of this expression".to_owned()
        }
        Advice::GatewayImage(None) => {
            "pass `images={'gateway': 'IMAGE'}` to choose another image".to_owned()
        }
        Advice::GatewayImage(Some(release)) => {
            format!("pass `images={{'gateway': 'IMAGE'}}` with an image of Jina {release}")
        }
        Advice::Document => "pass `document=NUMBER` to choose one".to_owned(),
        Advice::AllowOutside => "pass `allow_outside=True` to read it".to_owned(),
        Advice::Variable(name) => {
            format!("pass `environment=os.environ` with `{name}` in it, or `env_file=['FILE']`")
        }
        Advice::Context(name) => format!("pass `context={{{}: 'VALUE'}}`", quoted(name)),
        Advice::Namespace => "pass `k8s_namespace='NAME'`".to_owned(),
        Advice::GpuAll => "pass `gpu_all=1` for every `gpus: all` of the Flow".to_owned(),
        Advice::ClusterProfile => {
            "pass `cluster='gke'`, `'eks'` or `'aks'`, or a file that describes the cluster"
                .to_owned()
        }
        Advice::WithoutPolicy(policy) => {
            let keyword = match policy {
                MeshPolicy::Retries => "retries='mesh'",
                MeshPolicy::CircuitBreaking => "circuit_breaking=True",
                MeshPolicy::RequireMtls => "require_mtls=True",
                // Advice that this package does not know yet is shown in its general form.
                _ => return advice.to_string(),
            };
            format!("remove `{keyword}`, or choose another mesh with `mesh`")
        }
        Advice::NameEndpoints => {
            "name the endpoints that may run twice, as in `retry=['/search']`".to_owned()
        }
        Advice::WithoutEndpoint(endpoint) => format!("remove {} from `retry`", quoted(endpoint)),
        Advice::FewerRetries(true) => {
            "pass a smaller `retry_times`, or fewer endpoints in `retry`".to_owned()
        }
        Advice::FewerRetries(false) => "pass fewer endpoints in `retry`".to_owned(),
        Advice::NoRetries => "pass `retries='off'` to try each call once".to_owned(),
        Advice::Allow(code) => format!("pass `allow=['{code}']` if this is what you mean"),
        // Advice that this package does not know yet is shown in its general form.
        advice => advice.to_string(),
    }
}

/// A text as Python writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
}
