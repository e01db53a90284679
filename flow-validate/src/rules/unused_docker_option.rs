//! Options of `docker_kwargs` that no container gets.

use flow_model::docker::unused;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::bad_docker_option::each;

/// An option of `docker_kwargs` that no container gets.
pub static UNUSED_DOCKER_OPTION: RuleInfo = RuleInfo {
    code: "unused-docker-option",
    level: Level::Warning,
    summary: "an option of `docker_kwargs` that has no effect",
    explanation: "\
Jina passes some arguments of `docker.containers.run` itself: a second `environment` or `volumes` ends its launcher with \
`TypeError: got multiple values for keyword argument`. Others are about the call, not about the container, or a Flow has \
words of its own for them. None of them is exported; the help says what to write instead.

```yaml
executors:
  - name: encoder
    docker_kwargs: {environment: {MODEL: small}}     # warning: set `env`
    env: {MODEL: small}
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (option, span) in each(subject.flow, unused, |option| option.span) {
        let message = format!("`{}` of `docker_kwargs` has no effect", option.name);
        diagnostics.push(
            Diagnostic::new(&UNUSED_DOCKER_OPTION, message).at(span, option.why).help(option.help),
        );
    }
}
