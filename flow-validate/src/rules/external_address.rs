//! External Executors without a valid address.

use flow_model::launcher::is_own_host;
use flow_model::plan::external_addresses;
use flow_model::values::{WRONG_TYPE, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span};

use super::Subject;

/// An external Executor without a host or a port, or with different numbers of hosts and ports.
pub static EXTERNAL_ADDRESS: RuleInfo = RuleInfo {
    code: "external-address",
    level: Level::Error,
    summary: "an external Executor without a host or a port, or with different numbers of hosts and ports",
    explanation: "\
An external Executor runs outside the Flow, so the Flow must contain its address. Without it `jina \
export` writes `0.0.0.0` and a random port, which Pods cannot reach.

```yaml
executors:
  - name: encoder
    external: true
    host: encoder.example.com
    port: 8080
```

A gateway dials gRPC: `HOST:PORT`, `grpc://HOST:PORT`, or `grpcs://HOST:PORT` for TLS. `localhost` \
is the container of the gateway itself.

Several hosts are called in turn. Set one port for each host, or one for all; a URL such as `grpcs://encoder.example.com:443` contains its own port.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let is_wrong =
        |finding: &&Diagnostic| [WRONG_TYPE.code, WRONG_VALUE.code].contains(&finding.rule.code);
    let mut misread: Vec<Span> =
        diagnostics.iter().filter(is_wrong).filter_map(Diagnostic::span).collect();
    misread.sort_unstable();
    for executor in subject.flow.executors.iter().filter(|executor| executor.is_external()) {
        let (name, settings) = (&executor.name.value, &executor.settings);
        let hosts = settings.host.as_ref().map_or(0, |hosts| hosts.0.len());
        let ports = settings.port.as_ref().map_or(0, |ports| ports.len());
        for host in settings.host.iter().flat_map(|hosts| &hosts.value.0) {
            if is_own_host(host.name()) {
                let message =
                    format!("the host of the external Executor `{name}` is the gateway itself");
                let machine = subject.machine();
                let other = machine
                    .map_or("a host that containers can reach".to_owned(), |machine| {
                        format!("`{machine}` for this machine")
                    });
                let help = format!("write {other}, or remove `external: true` to run it here");
                diagnostics.push(
                    Diagnostic::new(&EXTERNAL_ADDRESS, message)
                        .at(host.span, "this is the container itself")
                        .help(help),
                );
            }
        }
        let fits = hosts == ports || hosts == 1 || ports <= 1;
        if fits && external_addresses(executor).is_some() {
            continue;
        }
        // A span that begins in an entry also ends in it.
        let is_misread = executor.span.is_some_and(|entry| {
            let from = misread
                .partition_point(|value| (value.file, value.start) < (entry.file, entry.start));
            misread.get(from).is_some_and(|value| entry.contains(*value))
        });
        if is_misread {
            continue;
        }
        let message = if hosts == 0 {
            format!("the external Executor `{name}` has no host")
        } else if fits {
            format!("the external Executor `{name}` has no port")
        } else {
            format!("the external Executor `{name}` has {hosts} hosts and {ports} ports")
        };
        let help = "set `host: NAME` and `port: NUMBER`, or `host: grpc://NAME:NUMBER`";
        let host = settings.host.as_ref().and_then(|hosts| hosts.span);
        diagnostics.push(
            Diagnostic::new(&EXTERNAL_ADDRESS, message)
                .at(host.or(executor.name.span), "cannot be called")
                .help(help),
        );
    }
}
