//! Protocols that are exposed but not served.

use flow_model::plan::gateway_protocols;
use flow_model::values::{Entrance, ExposedHosts, Protocol};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A host for a protocol that the gateway does not serve.
pub static UNSERVED_PROTOCOL: RuleInfo = RuleInfo {
    code: "unserved-protocol",
    level: Level::Error,
    summary: "a host for a protocol that the gateway does not serve",
    explanation: "\
`host` of `exposure` may be a mapping of protocols to hosts. Each of them must be one of the gateway's own protocols; \
without `protocol`, it serves only gRPC.

```yaml
gateway:
  protocol: [grpc, http]
  exposure:
    class: nginx
    tls: search-tls
    host: {grpc: grpc.example.com, http: search.example.com}
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let settings = &gateway.settings;
    let Some(exposure) = &*settings.exposure else { return };
    let (Entrance::Ingress { hosts, .. } | Entrance::Gateway { hosts, .. }) = &exposure.entrance
    else {
        return;
    };
    let ExposedHosts::ByProtocol(hosts) = hosts else { return };
    let served = gateway_protocols(settings);
    for (protocol, _) in hosts.iter().filter(|(protocol, _)| !served.contains(protocol)) {
        let words: Vec<_> = served.iter().copied().map(Protocol::word).collect();
        let message = format!("the gateway does not serve {}", protocol.word());
        diagnostics.push(
            Diagnostic::new(&UNSERVED_PROTOCOL, message)
                .at(protocol.span, format!("expected {}", words.join(" or ")))
                .at(settings.protocol.as_ref().and_then(|p| p.span), "its protocols")
                .help("add it to `protocol`, or remove its host"),
        );
    }
}
