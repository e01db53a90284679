//! Addresses of Executors whose address the backend chooses.

use flow_model::values::Hosts;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// `host` or `tls` of an Executor that runs in the Flow.
pub static NOT_EXTERNAL: RuleInfo = RuleInfo {
    code: "not-external",
    level: Level::Warning,
    summary: "`host` or `tls` of an Executor that runs in the Flow",
    explanation: "\
`host` and `tls` describe how an *external* Executor is called. An Executor of the Flow listens on \
every address of its container and serves gRPC without TLS. `jina export` passes `host` as the \
address to bind, which fails, and writes `grpcs://` for `tls` although no TLS is served.

Set `external: true`, or remove the keys; a mesh encrypts the traffic between Pods.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if let Some(gateway) = &subject.flow.gateway
        && let Some(host) = binds(gateway.settings.host.as_ref())
    {
        diagnostics.push(
            Diagnostic::new(&NOT_EXTERNAL, "`host` has no effect on the gateway")
                .at(host.span, "a container listens on every address")
                .help("take it away"),
        );
    }
    for executor in subject.flow.executors.iter().filter(|executor| !executor.is_external()) {
        let (name, settings) = (&executor.name.value, &executor.settings);
        let host = binds(settings.host.as_ref());
        let tls = settings.tls.filter(|tls| tls.0);
        for (key, span) in [("host", host.map(|host| host.span)), ("tls", tls.map(|tls| tls.span))]
        {
            let Some(span) = span else { continue };
            diagnostics.push(
                Diagnostic::new(
                    &NOT_EXTERNAL,
                    format!("`{key}` has no effect on `{name}`, which runs in the Flow"),
                )
                .at(span, "only external Executors use it")
                .help("set `external: true` if it runs somewhere else"),
            );
        }
    }
}

/// The hosts, unless they only mean all addresses of the container.
fn binds(hosts: Option<&Spanned<Hosts>>) -> Option<&Spanned<Hosts>> {
    hosts.filter(|hosts| hosts.0.iter().any(|host| host.name() != "0.0.0.0"))
}
