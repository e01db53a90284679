//! Settings of dynamic batching that Jina cannot use.

use flow_model::values::Part;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `uses_dynamic_batching` with a value that Jina does not accept.
pub static BAD_BATCHING: RuleInfo = RuleInfo {
    code: "bad-batching",
    level: Level::Error,
    summary: "`uses_dynamic_batching` with a value that Jina does not accept",
    explanation: "\
`uses_dynamic_batching` maps endpoints, or methods of the Executor, to the options of their \
batches. With any other value the Executor fails at its start or at the first request.

```yaml
executors:
  - name: encoder
    uses_dynamic_batching:
      /encode: {preferred_batch_size: 16, timeout: 200}
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in subject.flow.executors.iter().filter(|executor| !executor.is_external()) {
        let Some(batching) = &*executor.settings.uses_dynamic_batching else { continue };
        for endpoint in batching.parts() {
            if !endpoint.value.value.is_object() {
                report(endpoint, "`{preferred_batch_size: NUMBER}`", batching.span, diagnostics);
            }
            for field in endpoint.parts() {
                if let Some(expected) = expected(field) {
                    report(field, expected, batching.span, diagnostics);
                }
            }
        }
    }
}

/// The expected value of a field, if the actual one is wrong.
fn expected(field: Part<'_>) -> Option<&'static str> {
    let value = field.value.value;
    let (is_right, expected) = match field.name?.value {
        "preferred_batch_size" => {
            (value.as_u64().is_some_and(|size| size > 0), "an integer from 1 on")
        }
        "timeout" => {
            let is_time = value.as_f64().is_some_and(|timeout| timeout >= 0.0);
            (is_time, "milliseconds, from 0 on")
        }
        "flush_all" | "use_custom_metric" | "use_dynamic_batching" => {
            (value.is_boolean(), "`true` or `false`")
        }
        _ => return None,
    };
    // A null value counts as absent.
    (!is_right && !value.is_null()).then_some(expected)
}

fn report(
    part: Part<'_>,
    expected: &str,
    whole: Option<flow_model::Span>,
    diagnostics: &mut Diagnostics,
) {
    let name = part.name.filter(|name| !name.is_substituted()).map(|name| name.value);
    let what = name.map_or("a value".to_owned(), |name| format!("`{name}`"));
    let message =
        format!("{what} of `uses_dynamic_batching` has a value that Jina does not accept");
    diagnostics.push(
        Diagnostic::new(&BAD_BATCHING, message)
            .at(part.value.span.or(whole), format!("expected {expected}")),
    );
}
