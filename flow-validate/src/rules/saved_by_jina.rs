//! Files that Jina saved.

use flow_model::flow::Executor;
use flow_model::values::Ports;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// A file that Jina's `save_config` wrote, which does not keep the whole Flow.
pub static SAVED_BY_JINA: RuleInfo = RuleInfo {
    code: "saved-by-jina",
    level: Level::Warning,
    summary: "a file that `save_config` of Jina wrote, without Secrets and with random ports",
    explanation: "\
`flow.save_config('flow.yml')` of Jina does not write `env_from_secret`, so containers start without \
these variables. It writes random values for `port` and `port_monitoring` of every Executor, so the \
Services of an export change each time, and it splits `flow.inspect()` into two entries, one of which is \
named `_aux_…`.

```yaml
executors:
  - name: encoder
    uses: docker://example/encoder:1.0
    polling: \"ANY\"
    port: [58171]              # warning: remove it
    port_monitoring: 62062     # remove it
    env_from_secret:           # add it again, if the program sets it
      HF_TOKEN: {name: hub, key: token}
```

Write `method: inspect` in the entry before `_aux_…`, and remove `_aux_…`. Keep the cleaned file, and edit \
it from now on. Where the Python program is at hand, write the file with `flowship.yaml(flow)` of the Python \
package instead, which keeps Secrets and writes no random ports.",
};

/// The range of Jina 3's random ports (`jina.helper.random_port`).
const RANDOM_PORTS: std::ops::RangeInclusive<u16> = 49_152..=65_535;

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut inside = subject.flow.executors.iter().filter(|one| !one.is_external()).peekable();
    let Some(first) = inside.peek().and_then(|one| one.settings.port.as_ref()) else { return };
    if inside.all(has_random_ports) {
        diagnostics.push(
            Diagnostic::new(
                &SAVED_BY_JINA,
                "this file looks like one that Jina's `save_config` wrote",
            )
            .at(first.span, "a random port, as in every Executor of the file")
            .note("`save_config` does not write `env_from_secret`")
            .help("remove `port` and `port_monitoring` of every Executor")
            .help("add `env_from_secret` where the Python program sets it")
            .help("or write the file with `flowship.yaml(flow)` in Python, which keeps both"),
        );
    }
}

/// True if an Executor has both ports that `save_config` writes into every entry.
fn has_random_ports(executor: &Executor) -> bool {
    let is_random = |ports: &Option<Spanned<Ports>>| {
        let ports = ports.as_ref().map_or(&[][..], |ports| &ports.value);
        !ports.is_empty() && ports.iter().all(|port| RANDOM_PORTS.contains(&port.value))
    };
    is_random(&executor.settings.port) && is_random(&executor.settings.port_monitoring)
}
