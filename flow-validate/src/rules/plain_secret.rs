//! Secrets that anybody could read in a manifest.

use std::collections::BTreeMap;

use flow_model::values::{Environment, KeyValues, Metadata};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span, Spanned};

use super::Subject;

pub(super) static PLAIN_SECRET: RuleInfo = RuleInfo {
    code: "plain-secret",
    level: Level::Warning,
    summary: "a value that looks like a secret and would stand in a manifest in clear",
    explanation: "\
Manifests lie in repositories, and whoever may look at a Pod reads its arguments and its \
ConfigMap. A value whose name ends in `password`, `token`, `api_key` and the like belongs in a \
Secret:

```yaml
executors:
  - name: encoder
    env_from_secret:
      HF_TOKEN: {name: encoder-secrets, key: hf-token}
```

```sh
kubectl create secret generic encoder-secrets --from-literal=hf-token=VALUE
```

An Executor that takes the value by `uses_with` can read the variable itself.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    let mut secret_variables = BTreeMap::new();
    for variable in flow.variables.iter().filter(|variable| is_secret(&variable.value)) {
        secret_variables.extend(variable.span.map(|span| (start(span), variable.value.as_str())));
    }
    let mut look = Look { secret_variables, diagnostics };
    if let Some(gateway) = &flow.gateway {
        let settings = &gateway.settings;
        look.environment(settings.env.as_ref());
        look.key_values("uses_with", settings.uses_with.as_ref());
    }
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        let settings = &executor.settings;
        look.environment(settings.env.as_ref());
        look.key_values("uses_with", settings.uses_with.as_ref());
        look.key_values("uses_metas", settings.uses_metas.as_ref());
    }
    for executor in &flow.executors {
        look.metadata(executor.settings.grpc_metadata.as_ref());
    }
}

/// Where a value begins: whether it was substituted does not matter.
type Start = (flow_model::FileId, u32);

fn start(span: Span) -> Start {
    (span.file, span.start)
}

struct Look<'a> {
    /// Variables whose names look like those of secrets, by the value that they went into.
    secret_variables: BTreeMap<Start, &'a str>,
    diagnostics: &'a mut Diagnostics,
}

impl Look<'_> {
    fn environment(&mut self, env: Option<&Spanned<Environment>>) {
        let is_hidden = env.is_some_and(Spanned::is_substituted);
        for (name, value) in env.iter().flat_map(|env| env.iter()) {
            if is_hidden {
                self.hidden(name, value.span);
            } else if !value.value.is_empty() {
                self.value(name, value.span, |name| {
                    format!("write `env_from_secret: {{{name}: {{name: SECRET, key: KEY}}}}`")
                });
            }
        }
    }

    fn key_values(&mut self, key: &str, map: Option<&Spanned<KeyValues>>) {
        for value in map.iter().flat_map(|map| map.named_values()) {
            if value.says_something {
                if value.name.is_substituted() {
                    self.hidden(&value.name, value.span);
                    continue;
                }
                self.value(&value.name.value, value.span, |name| {
                    let variable = name.to_ascii_uppercase().replace('-', "_");
                    format!(
                        "take it out of `{key}`, write `env_from_secret: {{{variable}: {{name: \
                         SECRET, key: KEY}}}}`, and read the variable in the Executor"
                    )
                });
            }
        }
    }

    fn metadata(&mut self, metadata: Option<&Spanned<Metadata>>) {
        let Some(metadata) = metadata else { return };
        for name in metadata.0.keys().filter(|name| is_secret(name)) {
            let message = format!("`{name}` would stand in a manifest in clear");
            self.diagnostics.push(
                Diagnostic::new(&PLAIN_SECRET, message)
                    .at(metadata.span, "an argument of the gateway, which anybody may read")
                    .help("let a mesh, or the caller, add what proves who calls"),
            );
        }
    }

    /// Of what was put in as a whole, not even names are shown.
    fn hidden(&mut self, name: &str, span: Option<Span>) {
        if is_secret(name) {
            let message = "a value that seems to be secret would stand in a manifest in clear";
            self.diagnostics.push(
                Diagnostic::new(&PLAIN_SECRET, message)
                    .at(span, "a name in what stands behind this says so")
                    .help("take it out, and give it to the Executor by `env_from_secret`"),
            );
        }
    }

    fn value(&mut self, name: &str, span: Option<Span>, help: impl Fn(&str) -> String) {
        let variable = span.and_then(|span| self.secret_variables.get(&start(span)).copied());
        let Some(secret) = variable.or(is_secret(name).then_some(name)) else { return };
        let message = format!("the value of `{secret}` would stand in a manifest in clear");
        self.diagnostics.push(
            Diagnostic::new(&PLAIN_SECRET, message)
                .at(span, "anybody who sees the manifest reads it")
                .help(help(secret)),
        );
    }
}

/// Whether a name is one that people give to secrets: its last words decide.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_key = |before: &str| ["api", "access", "private", "secret"].contains(&before);
    match words.as_slice() {
        [] | [.., "max" | "min" | "num" | "n", _] => false,
        [.., before, "key" | "keys"] => is_key(before),
        [.., last] => SECRETS.contains(last),
    }
}

/// What people call secrets.
const SECRETS: [&str; 8] =
    ["apikey", "authorization", "credentials", "passwd", "password", "pwd", "secret", "token"];

/// `HfToken`, `hf-token` and `HF_TOKEN` are the same two words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_of_secrets_are_told_from_others() {
        for (name, secret) in [
            ("PASSWORD", true),
            ("POSTGRES_PASSWORD", true),
            ("hf_token", true),
            ("hfToken", true),
            ("OPENAI_API_KEY", true),
            ("x-api-key", true),
            ("apiKey", true),
            ("aws_secret_access_key", true),
            ("client-secret", true),
            ("authorization", true),
            ("api_keys", true),
            ("tokenizer", false),
            ("max_token", false),
            ("token_type", false),
            ("secret_name", false),
            ("key", false),
            ("sort_key", false),
            ("passwords", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(is_secret(name), secret, "{name}");
        }
    }
}
