//! A key that Jina takes for the beginning of others.

use flow_model::keys::GatewayKey;
use flow_model::{Applicability, Diagnostic, Diagnostics, Fix, Level, RuleInfo, Spanned};

use super::Subject;

/// `expose`, with which Jina cannot load the file.
pub static AMBIGUOUS_KEY: RuleInfo = RuleInfo {
    code: "ambiguous-key",
    level: Level::Warning,
    summary: "`expose`, with which Jina itself cannot load the Flow",
    explanation: "\
Jina passes each key of the gateway to its command line, where `--expose` may be short for `--expose-endpoints` or \
`--expose-graphql-endpoint`: it exits with \"ambiguous option\". It ignores `exposure`, which means the same to flowship.

```yaml
gateway:
  exposure: {host: search.example.com}
```",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let written = gateway.settings.written(GatewayKey::Exposure).and_then(|written| written.key);
    let Some(span) = written else { return };
    let Some(text) = subject.sources.slice(span) else { return };
    if text.trim_matches(['"', '\'']) != "expose" {
        return;
    }
    let name = Spanned::new("expose".to_owned(), span);
    diagnostics.push(
        Diagnostic::new(&AMBIGUOUS_KEY, "Jina cannot load a gateway with `expose`")
            .at(span, "short for several of its options")
            .help("write `exposure`")
            .fix(Fix::rename(&name, "exposure", Applicability::Safe)),
    );
}
