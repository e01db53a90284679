//! Ports that the gateway uses twice.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// A port that the gateway uses twice.
pub static PORT_CLASH: RuleInfo = RuleInfo {
    code: "port-clash",
    level: Level::Denied,
    summary: "a port that the gateway uses twice",
    explanation: "\
Each protocol of the gateway has its own port, and so have its metrics. Two servers cannot listen \
on the same port.

```yaml
gateway:
  protocol: [grpc, http]
  port: [8080, 8080]    # error
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let settings = &gateway.settings;
    let ports =
        settings.port.iter().flat_map(|ports| ports.iter()).map(|port| (port, "of clients"));
    let monitoring = settings.port_monitoring.iter().filter_map(|ports| ports.first());
    let all: Vec<_> = ports.chain(monitoring.map(|port| (port, "of metrics"))).collect();
    let mut taken = BTreeMap::new();
    for (port, use_) in all {
        let (before, other_use) = match taken.entry(port.value) {
            Entry::Vacant(free) => {
                free.insert((port, use_));
                continue;
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        let message = if port.is_substituted() || before.is_substituted() {
            "the gateway has one of its ports twice".to_owned()
        } else {
            format!("the gateway has the port {} twice", port.value)
        };
        diagnostics.push(
            Diagnostic::new(&PORT_CLASH, message)
                .at(port.span, format!("a port {use_}"))
                .at(
                    before.span.filter(|span| Some(*span) != port.span),
                    format!("a port {other_use}"),
                )
                .help("set a different port for each"),
        );
    }
}
