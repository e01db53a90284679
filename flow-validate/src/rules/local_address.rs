//! Addresses that mean something only on the author's machine.

use flow_model::launcher::{host_of, is_docker_desktop, is_own_host};
use flow_model::values::Text;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// An address that does not work inside a container.
pub static LOCAL_ADDRESS: RuleInfo = RuleInfo {
    code: "local-address",
    level: Level::Warning,
    summary: "an address that does not work inside a container",
    explanation: "\
Inside a container `localhost`, `127.0.0.1` and `0.0.0.0` are the container itself, where no \
collector of traces or metrics listens. `host.docker.internal` is the machine that containers run on; \
Docker resolves it, a cluster does not.

```yaml
with:
  tracing: true
  traces_exporter_host: localhost    # warning: write `otel-collector.monitoring`
  traces_exporter_port: 4317
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    let is_unknown =
        |host: &str| is_docker_desktop(host) && subject.machine() != Some(host_of(host));
    let gateway = flow.gateway.iter().flat_map(|gateway| {
        let settings = &gateway.settings;
        [
            ("traces_exporter_host", settings.traces_exporter_host.as_ref()),
            ("metrics_exporter_host", settings.metrics_exporter_host.as_ref()),
        ]
    });
    let here = flow.executors.iter().filter(|executor| !executor.is_external());
    let executors = here.flat_map(|executor| {
        let settings = &executor.settings;
        [
            ("traces_exporter_host", settings.traces_exporter_host.as_ref()),
            ("metrics_exporter_host", settings.metrics_exporter_host.as_ref()),
        ]
    });
    let mut said = std::collections::BTreeSet::new();
    for (key, host) in gateway.chain(executors) {
        let leads_nowhere = |host: &&Spanned<Text>| is_own_host(host) || is_unknown(host);
        let Some(host) = host.filter(leads_nowhere) else { continue };
        // A value inherited from `with` is reported once.
        if host.span.is_none_or(|span| said.insert(span)) {
            diagnostics.push(finding(key, host, subject.machine()));
        }
    }
    for executor in flow.executors.iter().filter(|executor| executor.is_external()) {
        let hosts = executor.settings.host.iter().flat_map(|hosts| &hosts.value.0);
        for host in hosts.filter(|host| is_unknown(host.name())) {
            let message =
                format!("only Docker Desktop knows the host of `{}`", executor.name.value);
            diagnostics.push(
                Diagnostic::new(&LOCAL_ADDRESS, message)
                    .at(host.span, "the author's machine")
                    .help(match subject.machine() {
                        Some(machine) => {
                            format!("write `{machine}`, or a host that containers can resolve")
                        }
                        None => {
                            "write the name of a Service, or a host that the cluster can resolve"
                                .to_owned()
                        }
                    }),
            );
        }
    }
}

/// `machine` is what containers call the machine that they run on.
fn finding(key: &str, host: &Spanned<Text>, machine: Option<&str>) -> Diagnostic {
    let (message, label) = if is_own_host(host) {
        (format!("`{key}` is the container itself"), "nothing listens there")
    } else {
        (format!("only Docker Desktop knows the host of `{key}`"), "the author's machine")
    };
    let help = match machine {
        Some(machine) => {
            format!(
                "write `{machine}` for this machine, or the name of a host that containers can resolve"
            )
        }
        None => "write the name of the collector's Service".to_owned(),
    };
    Diagnostic::new(&LOCAL_ADDRESS, message).at(host.span, label).help(help)
}
