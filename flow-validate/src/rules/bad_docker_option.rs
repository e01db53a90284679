//! Values of `docker_kwargs` that Docker does not accept.

use std::collections::BTreeSet;

use flow_model::docker::mistakes;
use flow_model::values::KeyValues;
use flow_model::{Diagnostic, Diagnostics, Flow, Level, RuleInfo, Span};

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
    for (mistake, span) in each(subject.flow, mistakes, |mistake| mistake.span) {
        let message = format!("`{}` of `docker_kwargs` has a wrong value", mistake.name);
        diagnostics.push(
            Diagnostic::new(&BAD_DOCKER_OPTION, message)
                .at(span, format!("expected {}", mistake.expected)),
        );
    }
}

/// What `find` finds in each `docker_kwargs` whose container is here, with its place. A place that
/// entries share, because `with` sets it, comes once.
pub(super) fn each<T>(
    flow: &Flow,
    find: impl Fn(&KeyValues) -> Vec<T>,
    place: impl Fn(&T) -> Option<Span>,
) -> Vec<(T, Option<Span>)> {
    let gateway = flow.gateway.iter().filter_map(|one| one.settings.docker_kwargs.as_ref());
    let here = flow.executors.iter().filter(|executor| !executor.is_external());
    let here = here.filter_map(|executor| executor.settings.docker_kwargs.as_ref());
    let mut seen = BTreeSet::new();
    let found = gateway.chain(here).flat_map(|kwargs| {
        find(&kwargs.value).into_iter().map(|one| {
            let span = place(&one).or(kwargs.span);
            (one, span)
        })
    });
    found.filter(|(_, span)| span.is_none_or(|span| seen.insert(span))).collect()
}
