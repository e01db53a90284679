//! Ports and protocols of the gateway that do not match.

use flow_model::plan::gateway_protocols;
use flow_model::values::{JinaGateway, Protocol, Uses};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// Ports, protocols and class of the gateway that do not match.
pub static GATEWAY_PORTS: RuleInfo = RuleInfo {
    code: "gateway-ports",
    level: Level::Error,
    summary: "ports, protocols and class of the gateway that do not match",
    explanation: "\
Each protocol of a gateway has its own port. With more ports than protocols, Jina starts a gateway \
from a file that its image does not contain. If `uses` names a Jina gateway that serves another \
protocol than `protocol`, the probes never succeed.

```yaml
gateway:
  protocol: [grpc, http]
  port: [8080, 8081]
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let settings = &gateway.settings;
    let protocols = gateway_protocols(settings);
    if let Some(ports) = &*settings.port
        && ports.len() > protocols.len()
    {
        let protocols = match protocols.len() {
            1 => "1 protocol".to_owned(),
            count => format!("{count} protocols"),
        };
        let message = format!("the gateway has {} ports for {protocols}", ports.len());
        diagnostics.push(
            Diagnostic::new(&GATEWAY_PORTS, message)
                .at(ports.span, "expected at most one port for each protocol")
                .at(settings.protocol.as_ref().and_then(|p| p.span), "the protocols"),
        );
    }
    let Some(uses) = &*settings.uses else { return };
    let Uses::JinaGateway(class) = uses.value else { return };
    let expected = JinaGateway::for_protocols(&protocols);
    // The composite gateway serves a single protocol as well.
    if class != expected && class != JinaGateway::Composite {
        let words: Vec<_> = protocols.iter().copied().map(Protocol::word).collect();
        let message = format!("{} does not serve {}", class.class(), words.join(" and "));
        diagnostics.push(
            Diagnostic::new(&GATEWAY_PORTS, message)
                .at(uses.span, "this class")
                .at(settings.protocol.as_ref().and_then(|p| p.span), "this protocol")
                .help(format!("remove `uses`; Jina then runs {}", expected.class())),
        );
    }
}
