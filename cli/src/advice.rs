//! Converts the advice of findings into flags and variables of this program.

use flow_model::{Advice, MeshPolicy};

/// The flag or the variable that follows an advice.
pub(crate) fn flag(advice: &Advice) -> String {
    match advice {
        Advice::Image(Some(name)) => format!("pass `--image {}=IMAGE`", word(name)),
        Advice::Image(None) => {
            "pass `--image VALUE=IMAGE` with the value of this expression".to_owned()
        }
        Advice::GatewayImage(None) => "set JINA_GATEWAY_IMAGE to choose another image".to_owned(),
        Advice::GatewayImage(Some(release)) => {
            format!("set JINA_GATEWAY_IMAGE to an image of Jina {release}")
        }
        Advice::Document => "pass `--document NUMBER` to choose one".to_owned(),
        Advice::AllowOutside => "pass `--allow-outside` to read it".to_owned(),
        Advice::Variable(name) => {
            format!("set the environment variable `{name}`, or pass `--env-file FILE`")
        }
        Advice::Context(name) => format!("pass `--set-context {}=VALUE`", word(name)),
        Advice::Namespace => "pass `--k8s-namespace NAME`".to_owned(),
        Advice::GpuAll => "pass `--gpu-all 1` for every `gpus: all` of the Flow".to_owned(),
        Advice::ClusterProfile => {
            "pass `--cluster gke`, `eks` or `aks`, or a file that describes the cluster".to_owned()
        }
        Advice::WithoutPolicy(policy) => {
            let flag = match policy {
                MeshPolicy::Retries => "--retries mesh",
                MeshPolicy::CircuitBreaking => "--circuit-breaking",
                MeshPolicy::RequireMtls => "--require-mtls",
                // Advice that this program does not know yet is shown in its general form.
                _ => return advice.to_string(),
            };
            format!("remove `{flag}`, or choose another mesh with `--mesh`")
        }
        Advice::NameEndpoints => {
            "name the endpoints that may run twice, as in `--retry /search`".to_owned()
        }
        Advice::WithoutEndpoint(endpoint) => format!("remove `--retry {}`", word(endpoint)),
        Advice::FewerRetries(true) => {
            "pass a smaller `--retry-times`, or fewer endpoints with `--retry`".to_owned()
        }
        Advice::FewerRetries(false) => "pass fewer endpoints with `--retry`".to_owned(),
        Advice::NoRetries => "pass `--retries off` to try each call once".to_owned(),
        Advice::Allow(code) => format!("pass `--allow {code}` if this is what you mean"),
        // Advice that this program does not know yet is shown in its general form.
        advice => advice.to_string(),
    }
}

/// A text as one word of a shell.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+:/@".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use flow_model::Advice;

    use super::flag;

    #[test]
    fn advice_is_what_a_shell_takes() {
        for (advice, expected) in [
            (Advice::Image(Some("encoder".to_owned())), "pass `--image encoder=IMAGE`"),
            (Advice::Image(Some("a b".to_owned())), "pass `--image 'a b'=IMAGE`"),
            (Advice::Image(Some("it's".to_owned())), r"pass `--image 'it'\''s'=IMAGE`"),
            (Advice::Allow("empty-flow"), "pass `--allow empty-flow` if this is what you mean"),
        ] {
            assert_eq!(flag(&advice), expected);
        }
    }
}
