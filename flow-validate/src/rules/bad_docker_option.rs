//! Values of `docker_kwargs` that Docker does not accept.

use flow_model::docker::mistakes;
use flow_model::values::KeyValues;
use flow_model::{Diagnostic, Diagnostics, Flow, Level, RuleInfo, Span, Spanned};

use super::Subject;

/// `docker_kwargs` with a value that Docker does not accept.
pub static BAD_DOCKER_OPTION: RuleInfo = RuleInfo {
    code: "bad-docker-option",
    level: Level::Error,
    summary: "`docker_kwargs` with a value that Docker does not accept",
    explanation: "\
`docker_kwargs` has the arguments of `docker.containers.run` in Docker's Python library. Sizes are numbers of bytes, \
or numbers with one of the units `b`, `k`, `m`, `g`; processors are counted in billionths.

```yaml
executors:
  - name: encoder
    docker_kwargs:
      shm_size: 2g
      mem_limit: 512m
      nano_cpus: 1500000000       # one and a half
      ulimits: [{name: nofile, soft: 65536, hard: 65536}]
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut seen = Vec::new();
    for kwargs in mappings(subject.flow) {
        for mistake in mistakes(&kwargs.value) {
            let span = mistake.span.or(kwargs.span);
            if is_repeated(span, &mut seen) {
                continue;
            }
            let message = format!("`{}` of `docker_kwargs` has a wrong value", mistake.name);
            diagnostics.push(
                Diagnostic::new(&BAD_DOCKER_OPTION, message)
                    .at(span, format!("expected {}", mistake.expected)),
            );
        }
    }
}

/// Every `docker_kwargs` of a Flow whose container is here.
pub(super) fn mappings(flow: &Flow) -> impl Iterator<Item = &Spanned<KeyValues>> {
    let gateway = flow.gateway.iter().filter_map(|one| one.settings.docker_kwargs.as_ref());
    let here = flow.executors.iter().filter(|executor| !executor.is_external());
    gateway.chain(here.filter_map(|executor| executor.settings.docker_kwargs.as_ref()))
}

/// True for a place that was seen before: entries share what `with` sets.
pub(super) fn is_repeated(span: Option<Span>, seen: &mut Vec<Span>) -> bool {
    let Some(span) = span else { return false };
    let is_repeated = seen.contains(&span);
    seen.push(span);
    is_repeated
}
