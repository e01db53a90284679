//! A certificate that the image does not contain.

use flow_model::topology::GATEWAY;
use flow_model::values::{BlockWord, KubernetesBlock};
use flow_model::{Advice, Backend, Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

pub(super) static MISSING_CERTIFICATE: RuleInfo = RuleInfo {
    code: "missing-certificate",
    level: Level::Denied,
    summary: "a certificate or a private key that Jina's image does not contain",
    explanation: "\
`ssl_certfile` and `ssl_keyfile` are paths inside the image of the gateway. Jina's own image \
contains no certificates, so the gateway would exit at its start. On Kubernetes, mount a Secret:

```yaml
gateway:
  ssl_certfile: /certs/tls.crt
  ssl_keyfile: /certs/tls.key
  kubernetes: {files: {/certs: {secret: gateway-tls}}}
```

Or build an image `FROM` Jina's that contains both files, and use it for the gateway:

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
    let blocks = [&subject.flow.settings.kubernetes, &settings.kubernetes];
    let only_files = subject.backend.is_some_and(Backend::writes_each_replica);
    if blocks.into_iter().flatten().any(|block| mounts(block, file, only_files)) {
        return;
    }
    diagnostics.push(
        Diagnostic::new(&MISSING_CERTIFICATE, "Jina's own image contains no certificate")
            .at(file.span, "a path inside the image of the gateway")
            .help(Advice::Image(Some(GATEWAY.to_owned()))),
    );
}

/// True if a block mounts something where a file is looked for. Docker Compose mounts only files
/// beside the Flow (`only_files`).
fn mounts(block: &KubernetesBlock, file: &str, only_files: bool) -> bool {
    let is_there = |path: &str| {
        let rest = file.strip_prefix(path.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let files = block.get(BlockWord::Files).and_then(|entry| entry.value.as_mapping());
    let mut files = files.into_iter().flatten();
    if files.any(|(path, file)| is_there(path) && (!only_files || file.value.get("from").is_some()))
    {
        return true;
    }
    let container = block.get(BlockWord::Container);
    let mounts = container.and_then(|entry| entry.value.get("volumeMounts")?.value.as_list());
    let mut paths = mounts.into_iter().flatten().filter_map(|it| it.value.get("mountPath"));
    !only_files && paths.any(|path| path.value.as_text().is_some_and(is_there))
}
