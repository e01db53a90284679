//! Executors that the gateway cannot talk to.

use flow_model::values::Protocol;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

pub(super) static EXECUTOR_PROTOCOL: RuleInfo = RuleInfo {
    code: "executor-protocol",
    level: Level::Error,
    summary: "an Executor in a Flow that does not speak gRPC",
    explanation: "\
A gateway speaks gRPC to its Executors, whatever their addresses say. With an Executor that speaks \
HTTP or WebSocket the gateway never becomes ready.

```yaml
executors:
  - name: encoder
    protocol: http    # error
```

Clients choose their protocol at the gateway: write `protocol` under `gateway:`.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let Some(protocols) = &executor.settings.protocol else { continue };
        // By itself an Executor speaks what it says; a head speaks nothing but gRPC.
        let is_dialled = subject.flow.gateway.is_some() || executor.shards() > 1;
        if protocols.list() == [Protocol::Grpc] || !is_dialled {
            continue;
        }
        let message = format!("`{}` does not speak gRPC alone", executor.name.value);
        diagnostics.push(
            Diagnostic::new(&EXECUTOR_PROTOCOL, message)
                .at(protocols.span, "a gateway speaks gRPC to its Executors")
                .help("take the key away; the protocol of clients belongs under `gateway:`"),
        );
    }
}
