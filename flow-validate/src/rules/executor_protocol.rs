//! Executors that the gateway cannot call.

use flow_model::values::{Protocol, Provider};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// An Executor that does not speak what its callers speak.
pub static EXECUTOR_PROTOCOL: RuleInfo = RuleInfo {
    code: "executor-protocol",
    level: Level::Error,
    summary: "an Executor that does not speak what its callers speak",
    explanation: "\
A gateway always calls its Executors over gRPC. If an Executor serves HTTP or WebSocket, the \
gateway never becomes ready.

```yaml
executors:
  - name: encoder
    protocol: http    # error
```

To offer another protocol to clients, set `protocol` under `gateway:`. With a `provider` an Executor only answers `/ping` and `/invocations` over HTTP on port 8080, as that cloud expects; a standalone Deployment would never become ready either.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let name = &executor.name.value;
        // A standalone Executor serves the protocol that it sets; a head serves only gRPC.
        let is_dialled = subject.flow.gateway.is_some() || executor.shards() > 1;
        let protocol = executor.settings.protocol.as_ref().filter(|_| is_dialled);
        if let Some(protocols) = protocol.filter(|list| list.list() != [Protocol::Grpc]) {
            let message = format!("`{name}` does not serve only gRPC");
            diagnostics.push(
                Diagnostic::new(&EXECUTOR_PROTOCOL, message)
                    .at(protocols.span, "a gateway calls its Executors over gRPC")
                    .help("remove the key; set the protocol for clients under `gateway:`"),
            );
        }
        let provider = executor.settings.provider.filter(|_| !executor.is_external());
        if let Some(provider) = provider.filter(|provider| provider.value != Provider::None) {
            let message = format!("`{name}` serves only the protocol of a cloud");
            diagnostics.push(
                Diagnostic::new(&EXECUTOR_PROTOCOL, message)
                    .at(provider.span, "a gateway and probes cannot call it")
                    .help("remove the key, or deploy the image on that cloud"),
            );
        }
    }
}
