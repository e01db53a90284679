//! Executors that the gateway cannot talk to.

use flow_model::values::{Protocol, Provider};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// An Executor that does not speak what its callers speak.
pub static EXECUTOR_PROTOCOL: RuleInfo = RuleInfo {
    code: "executor-protocol",
    level: Level::Error,
    summary: "an Executor that does not speak what its callers speak",
    explanation: "\
A gateway speaks gRPC to its Executors, whatever their addresses say. With an Executor that speaks \
HTTP or WebSocket the gateway never becomes ready.

```yaml
executors:
  - name: encoder
    protocol: http    # error
```

Clients choose their protocol at the gateway: write `protocol` under `gateway:`. With a `provider` \
an Executor answers `/ping` and `/invocations` by HTTP at port 8080, as that cloud wants it, and \
nothing else: a Deployment by itself would never be ready either.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let name = &executor.name.value;
        // By itself an Executor speaks what it says; a head speaks nothing but gRPC.
        let is_dialled = subject.flow.gateway.is_some() || executor.shards() > 1;
        let protocol = executor.settings.protocol.as_ref().filter(|_| is_dialled);
        if let Some(protocols) = protocol.filter(|list| list.list() != [Protocol::Grpc]) {
            let message = format!("`{name}` does not speak gRPC alone");
            diagnostics.push(
                Diagnostic::new(&EXECUTOR_PROTOCOL, message)
                    .at(protocols.span, "a gateway speaks gRPC to its Executors")
                    .help("take the key away; the protocol of clients belongs under `gateway:`"),
            );
        }
        let provider = executor.settings.provider.filter(|_| !executor.is_external());
        if let Some(provider) = provider.filter(|provider| provider.value != Provider::None) {
            let message = format!("`{name}` speaks as a cloud wants it, which nothing else does");
            diagnostics.push(
                Diagnostic::new(&EXECUTOR_PROTOCOL, message)
                    .at(provider.span, "no gateway can call it, and no probe")
                    .help("take the key away, or deploy the image on that cloud"),
            );
        }
    }
}
