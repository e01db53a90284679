//! A certificate that the image does not contain.

use flow_model::topology::GATEWAY;
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

pub(super) static MISSING_CERTIFICATE: RuleInfo = RuleInfo {
    code: "missing-certificate",
    level: Level::Denied,
    summary: "a certificate or a private key that Jina's image does not contain",
    explanation: "\
`ssl_certfile` and `ssl_keyfile` are paths inside the image of the gateway. Jina's own image \
contains no certificates, and no files are mounted into a gateway, so it would exit at its start. \
Build an image `FROM` Jina's that contains both files, and use it for the gateway:

```sh
flowship export kubernetes --image gateway=registry.example.com/gateway:1.0 flow.yml k8s
```

Or terminate TLS at an Ingress or a mesh in front of the gateway.",
};

/// The repository of Jina's own images.
const JINA: &str = "jinaai/jina";

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let settings = &gateway.settings;
    let Some(file) = settings.ssl_certfile.as_ref().or(settings.ssl_keyfile.as_ref()) else {
        return;
    };
    let images = &subject.options.images;
    let uses = settings.uses.as_ref().map(|uses| &uses.value);
    let Ok(image) = images.find(GATEWAY, uses) else { return };
    let image = image.unwrap_or_else(|| images.jina());
    let name = image.as_str().trim_start_matches("docker.io/");
    let is_jinas =
        name.strip_prefix(JINA).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']));
    if !is_jinas {
        return;
    }
    diagnostics.push(
        Diagnostic::new(&MISSING_CERTIFICATE, "Jina's own image contains no certificate")
            .at(file.span, "a path inside the image of the gateway")
            .help(Advice::Image(Some(GATEWAY.to_owned()))),
    );
}
