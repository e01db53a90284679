//! Secrets that would be written in plain text.

mod names;
mod shapes;

use std::collections::BTreeMap;

use flow_model::keys::{ExecutorSettings, GatewaySettings};
use flow_model::values::{Command, Environment, KeyValues, Metadata};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span, Spanned};
use serde_json::Value;

use super::Subject;
use names::is_secret_name;
use shapes::{is_path, secret_shape};

/// A value that looks like a secret and would be written in plain text.
pub static PLAIN_SECRET: RuleInfo = RuleInfo {
    code: "plain-secret",
    level: Level::Warning,
    summary: "a value that looks like a secret and would be written in plain text",
    explanation: "\
Exports are kept in repositories, and everybody who can read a Pod can read its arguments and its \
ConfigMap. Move secrets to a Secret. A value looks like a secret if its name ends in \
`password`, `token`, `api_key` and the like, if it is a URL with a password \
(`postgres://user:password@host`), or if it has the form of a well-known token or a private key. A \
path to a file with a secret is not reported.

```yaml
executors:
  - name: encoder
    env_from_secret:
      HF_TOKEN: {name: encoder-secrets, key: hf-token}
```

```sh
kubectl create secret generic encoder-secrets --from-literal=hf-token=VALUE
```

If the Executor takes the value from `uses_with`, let it read the variable instead.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    let mut secret_variables = BTreeMap::new();
    for variable in flow.variables.iter().filter(|variable| is_secret_name(&variable.value)) {
        secret_variables.extend(variable.span.map(|span| (start(span), variable.value.as_str())));
    }
    let mut look = Look { secret_variables, diagnostics };
    if let Some(gateway) = &flow.gateway {
        look.gateway(&gateway.settings);
    }
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        look.executor(&executor.settings);
    }
    for executor in &flow.executors {
        look.metadata(executor.settings.grpc_metadata.as_ref());
        look.key_values("when", executor.settings.when.as_ref());
    }
}

/// The start of a value, whether it was substituted or not.
type Start = (flow_model::FileId, u32);

fn start(span: Span) -> Start {
    (span.file, span.start)
}

struct Look<'a> {
    /// Variables with names that look like secrets, by the value that they were substituted into.
    secret_variables: BTreeMap<Start, &'a str>,
    diagnostics: &'a mut Diagnostics,
}

impl Look<'_> {
    /// Checks every map of the gateway that is written to a manifest.
    fn gateway(&mut self, settings: &GatewaySettings) {
        self.environment(settings.env.as_ref());
        self.command(settings.entrypoint.as_ref());
        for (key, map) in [
            ("uses_with", &settings.uses_with),
            ("uvicorn_kwargs", &settings.uvicorn_kwargs),
            ("grpc_channel_options", &settings.grpc_channel_options),
            ("grpc_server_options", &settings.grpc_server_options),
            ("expose_endpoints", &settings.expose_endpoints),
        ] {
            self.key_values(key, map.as_ref());
        }
    }

    /// Checks every map of an Executor that is written to a manifest.
    fn executor(&mut self, settings: &ExecutorSettings) {
        self.environment(settings.env.as_ref());
        self.command(settings.entrypoint.as_ref());
        for (key, map) in [
            ("uses_with", &settings.uses_with),
            ("uses_metas", &settings.uses_metas),
            ("uses_requests", &settings.uses_requests),
            ("uses_dynamic_batching", &settings.uses_dynamic_batching),
            ("grpc_channel_options", &settings.grpc_channel_options),
            ("grpc_server_options", &settings.grpc_server_options),
            ("raft_configuration", &settings.raft_configuration),
        ] {
            self.key_values(key, map.as_ref());
        }
    }

    fn environment(&mut self, env: Option<&Spanned<Environment>>) {
        let is_hidden = env.is_some_and(Spanned::is_substituted);
        for (name, value) in env.iter().flat_map(|env| env.iter()) {
            if value.value.is_empty() {
                continue;
            }
            let secret = self.secret(Some(name), &value.value, value.span);
            let help = |_: &str| {
                format!("write `env_from_secret: {{{name}: {{name: SECRET, key: KEY}}}}`")
            };
            self.report(secret, is_hidden, value.span, help);
        }
    }

    fn key_values(&mut self, key: &str, map: Option<&Spanned<KeyValues>>) {
        for part in map.iter().flat_map(|map| map.all_parts()) {
            let (name, span) = (part.name.map(|name| name.value), part.value.span);
            let secret = match part.value.value {
                Value::String(text) if !text.is_empty() => self.secret(name, text, span),
                Value::Number(number) => self.secret(name, &number.to_string(), span),
                _ => None,
            };
            let is_hidden = part.name.is_some_and(|name| name.is_substituted())
                || part.name.is_none() && map.is_some_and(Spanned::is_substituted);
            let help = |variable: &str| match key {
                "uses_with" | "uses_metas" => format!(
                    "remove it from `{key}`, write `env_from_secret: {{{variable}: {{name: SECRET, \
                     key: KEY}}}}`, and read the variable in your code"
                ),
                _ => format!("remove it from `{key}`, which cannot be kept in a Secret"),
            };
            self.report(secret, is_hidden, span, help);
        }
    }

    fn command(&mut self, command: Option<&Spanned<Command>>) {
        let Some(command) = command else { return };
        let secret = command.words().iter().find_map(|word| self.secret(None, word, None));
        let help = |_: &str| "read it from a variable of `env_from_secret`".to_owned();
        self.report(secret, command.is_substituted(), command.span, help);
    }

    fn metadata(&mut self, metadata: Option<&Spanned<Metadata>>) {
        let Some(metadata) = metadata else { return };
        for (name, text) in &metadata.0 {
            let secret = self.secret(Some(name), text, None);
            let help = |_: &str| "let the mesh or the caller add the credentials".to_owned();
            self.report(secret, metadata.is_substituted(), metadata.span, help);
        }
    }

    /// The reason why a value looks like a secret: its variable, its name, or its form.
    fn secret(&self, name: Option<&str>, text: &str, span: Option<Span>) -> Option<Secret> {
        let from = span.and_then(|span| self.secret_variables.get(&start(span)).copied());
        let named = name.filter(|name| names::is_secret(name, text) && !is_path(text));
        if let Some(name) = from.or(named) {
            return Some(Secret {
                what: format!("the value of `{name}`"),
                variable: variable(name),
            });
        }
        let what = secret_shape(text)?.to_owned();
        Some(Secret { what, variable: variable(name.unwrap_or("NAME")) })
    }

    /// Reports a secret. If the whole mapping was substituted, not even names are shown.
    fn report(
        &mut self,
        secret: Option<Secret>,
        is_hidden: bool,
        span: Option<Span>,
        help: impl Fn(&str) -> String,
    ) {
        let Some(secret) = secret else { return };
        self.diagnostics.push(if is_hidden {
            let message = "a value that looks like a secret would be written in plain text";
            Diagnostic::new(&PLAIN_SECRET, message)
                .at(span, "a name or a value in this expression looks like a secret")
                .help("remove it, and pass it to the Executor with `env_from_secret`")
        } else {
            let message = format!("{} would be written in plain text", secret.what);
            Diagnostic::new(&PLAIN_SECRET, message)
                .at(span, "everybody who can read the export can read it")
                .help(help(&secret.variable))
        });
    }
}

/// The description of a secret, which does not show it.
struct Secret {
    /// The kind of secret, as the beginning of a sentence.
    what: String,
    /// The variable to use instead.
    variable: String,
}

/// The name of a variable for a key with this name.
fn variable(name: &str) -> String {
    name.to_ascii_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}
