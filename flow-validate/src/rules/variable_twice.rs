//! Variables that are set both in plain text and by a Secret.

use flow_model::values::{Environment, SecretReferences};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// A variable in `env` and in `env_from_secret`.
pub static VARIABLE_TWICE: RuleInfo = RuleInfo {
    code: "variable-twice",
    level: Level::Warning,
    summary: "a variable in `env` and in `env_from_secret`",
    explanation: "\
The Secret wins, so the value in `env` has no effect, but it is still written to a manifest, where \
everybody can read it.

```yaml
env: {API_TOKEN: abc}                                  # warning: remove it
env_from_secret:
  API_TOKEN: {name: api, key: token}
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if let Some(gateway) = &subject.flow.gateway {
        let settings = &gateway.settings;
        look(settings.env.as_ref(), settings.env_from_secret.as_ref(), diagnostics);
    }
    for executor in &subject.flow.executors {
        let settings = &executor.settings;
        look(settings.env.as_ref(), settings.env_from_secret.as_ref(), diagnostics);
    }
}

fn look(
    env: Option<&Spanned<Environment>>,
    secrets: Option<&Spanned<SecretReferences>>,
    diagnostics: &mut Diagnostics,
) {
    let (Some(env), Some(secrets)) = (env, secrets) else { return };
    for (name, value) in env.iter() {
        let Some(secret) = secrets.get(name) else { continue };
        let message = format!("`{name}` is set in both `env` and `env_from_secret`");
        diagnostics.push(
            Diagnostic::new(&VARIABLE_TWICE, message)
                .at(value.span, "has no effect")
                .at(secret.span, "this one is used")
                .help(format!("remove `{name}` from `env`")),
        );
    }
}
