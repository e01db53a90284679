//! Jina's own image, chosen for the user.

use flow_model::plan::DEFAULT_IMAGE as IMAGE;
use flow_model::topology::GATEWAY;
use flow_model::values::Uses;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// The gateway or a head runs Jina's own image of the last release.
pub static DEFAULT_IMAGE: RuleInfo = RuleInfo {
    code: "default-image",
    level: Level::Note,
    summary: "the gateway or a head runs Jina's own image of the last release",
    explanation: "\
Gateways, heads and Executors without `uses` run Jina's own image. Set `JINA_GATEWAY_IMAGE` to \
choose it; the default is `jinaai/jina:3.34.0-py311-standard`. flowship does not look up newer \
versions. Jina recommends the same version in all images of a Flow.

```sh
JINA_GATEWAY_IMAGE=registry.example.com/jina:3.34.0 flowship export kubernetes flow.yml k8s
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (flow, images) = (subject.flow, &subject.options.images);
    // This note is about the output, so it needs one.
    if images.gateway.is_some() || diagnostics.has_errors() {
        return;
    }
    let is_jinas = |name: &str, uses: Option<&Spanned<Uses>>| {
        images.find(name, uses.map(|uses| &uses.value)) == Ok(None)
    };
    let mut users = Vec::new();
    if let Some(gateway) = &flow.gateway
        && is_jinas(GATEWAY, gateway.settings.uses.as_ref())
    {
        users.push("the gateway".to_owned());
    }
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        let name = &executor.name.value;
        if is_jinas(name, executor.settings.uses.as_ref()) {
            users.push(format!("`{name}`"));
        }
        if executor.shards() > 1 {
            users.push(format!("the head of `{name}`"));
        }
    }
    if users.is_empty() {
        return;
    }
    let listed = match users.as_slice() {
        [only] => format!("{only} runs"),
        [first, second] => format!("{first} and {second} run"),
        [first, .., last] if users.len() == 3 => format!("{first}, {} and {last} run", users[1]),
        _ => format!("{} and {} others run", users[0], users.len() - 1),
    };
    diagnostics.push(
        Diagnostic::new(&DEFAULT_IMAGE, format!("{listed} {IMAGE}"))
            .help(Advice::GatewayImage(None)),
    );
}
