//! Variables of the Flow that Executors do not inherit.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `env` under `with`, which Executors do not inherit.
pub static FLOW_ENV: RuleInfo = RuleInfo {
    code: "flow-env",
    level: Level::Warning,
    summary: "`env` under `with`, which Executors do not inherit",
    explanation: "\
Jina's launcher sets the variables of `env` under `with` for every process that it starts, \
including Executors. In containers, as in `jina export`, only the gateway gets them, and only if \
it has no `env` of its own.

```yaml
with:
  env: {HF_HOME: /cache}    # warning: `encoder` does not get it
executors:
  - name: encoder
    env: {HF_HOME: /cache}  # this one does
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    let Some(env) = flow.settings.env.as_ref().filter(|env| !env.value.is_empty()) else { return };
    let Some(gateway) = &flow.gateway else { return };
    let own = gateway.settings.env.as_ref().filter(|own| own.span != env.span);
    let without: Vec<&str> = flow
        .executors
        .iter()
        .filter(|executor| !executor.is_external())
        .filter(|executor| {
            let own = executor.settings.env.as_ref();
            env.keys().any(|name| !own.is_some_and(|own| own.contains_key(name)))
        })
        .map(|executor| executor.name.value.as_str())
        .collect();
    let message = match (own, without.as_slice()) {
        (None, []) => return,
        (Some(_), _) => "`env` under `with` has no effect".to_owned(),
        (None, [only]) => format!("`{only}` does not get the variables of `env` under `with`"),
        (None, [first, more @ ..]) => {
            let others = if more.len() == 1 { "1 other Executor" } else { "the other Executors" };
            format!("`{first}` and {others} do not get the variables of `env` under `with`")
        }
    };
    let label = match own {
        Some(_) => "`env` of the gateway replaces it",
        None => "only the gateway gets them",
    };
    diagnostics.push(
        Diagnostic::new(&FLOW_ENV, message)
            .at(env.span, label)
            .help("set `env` in the entry of each Executor that reads them"),
    );
}
