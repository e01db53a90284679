//! `uses` that is not a container image.

use flow_model::plan::ImageProblem;
use flow_model::topology::GATEWAY;
use flow_model::values::{Host, Image, Uses};
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// `uses` that is not a container image.
pub static NO_CONTAINER: RuleInfo = RuleInfo {
    code: "no-container",
    level: Level::Error,
    summary: "`uses` that is not a container image",
    explanation: "\
Containers need an image: `uses: docker://IMAGE`. A Python class or a file exists only on your \
machine, and Jina's hub (`jinahub+docker://`, `jinaai+docker://`) was shut down, so its images \
cannot be found any more.

Build an image and name it, in the Flow or beside it:

```sh
flowship export kubernetes flow.yml k8s --image encoder=registry.example.com/encoder:1.0
```

`--image` takes an Executor's name, `gateway`, or a value of `uses` as written; `--images FILE` reads the same pairs from a YAML mapping.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (flow, images) = (subject.flow, &subject.options.images);
    if let Some(gateway) = &flow.gateway
        && let Some(uses) = &*gateway.settings.uses
        && let Err(problem) = images.find(GATEWAY, Some(uses))
    {
        diagnostics.push(finding(Some(GATEWAY), "`uses` of the gateway", uses, &problem));
    }
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        let (name, settings) = (&executor.name.value, &executor.settings);
        if let Some(uses) = &*settings.uses
            && let Err(problem) = images.find(name, Some(uses))
        {
            let what = format!("`uses` of `{name}`");
            diagnostics.push(finding(Some(name), &what, uses, &problem));
        }
        if executor.shards() == 1 {
            continue;
        }
        for (key, uses) in
            [("uses_before", &settings.uses_before), ("uses_after", &settings.uses_after)]
        {
            if let Some(uses) = &**uses
                && let Err(problem) = images.find_uses(Some(uses))
            {
                let what = format!("`{key}` of `{name}`");
                let written = (!is_hidden(uses)).then(|| uses.written());
                diagnostics.push(finding(written.as_deref(), &what, uses, &problem));
            }
        }
    }
}

/// `mapping` is the name for which the user can choose an image; `None` if it must not be shown.
fn finding(
    mapping: Option<&str>,
    what: &str,
    uses: &Spanned<Uses>,
    problem: &ImageProblem,
) -> Diagnostic {
    let image = Advice::Image(mapping.map(str::to_owned));
    match problem {
        ImageProblem::BadReference(_, why) => {
            Diagnostic::new(&NO_CONTAINER, format!("{what} does not name a container image"))
                .at(uses.span, why.to_string())
                .help("write `docker://NAME:TAG`, the name that a container runtime pulls")
        }
        ImageProblem::Hub(_) => Diagnostic::new(
            &NO_CONTAINER,
            format!("{what} is from Jina's hub, which was shut down"),
        )
        .at(uses.span, "this image cannot be found any more")
        .help(image),
        ImageProblem::File(_) => {
            Diagnostic::new(&NO_CONTAINER, format!("{what} is a file, not a container image"))
                .at(uses.span, "a cluster cannot run a file")
                .help("build an image that contains the file and everything that it refers to")
                .help(image)
        }
        ImageProblem::NoContainer(written) => {
            let finding =
                Diagnostic::new(&NO_CONTAINER, format!("{what} is not a container image"))
                    .at(uses.span, "expected `docker://IMAGE`");
            match meant(written).filter(|_| !is_hidden(uses)) {
                Some(help) => finding.help(help),
                None => finding.help(image),
            }
        }
    }
}

/// True if `uses`, or the class in it, must not be shown.
pub(super) fn is_hidden(uses: &Spanned<Uses>) -> bool {
    uses.is_substituted() || uses.inline().is_some_and(|inline| inline.class.is_substituted())
}

/// The replacement for text that was probably not meant to be a class.
fn meant(written: &str) -> Option<String> {
    if let Some((scheme, rest)) = written.split_once("://") {
        let scheme = match scheme {
            "grpc" | "http" | "ws" | "websocket" => "grpc",
            "grpcs" | "https" | "wss" => "grpcs",
            _ => return None,
        };
        let host: Host = format!("{scheme}://{rest}").parse().ok()?;
        let help = "for an Executor that runs elsewhere, set `external: true` and";
        return Some(match host.port() {
            Some(_) => format!("{help} `host: {host}` in place of `uses`"),
            None => format!("{help} `host: {host}:PORT` in place of `uses`"),
        });
    }
    let image = Image::parse(written).ok().filter(|_| written.contains(['/', ':']))?;
    Some(format!("write `docker://{image}` if this is an image"))
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn what_was_meant_is_said() {
        for (written, part) in [
            ("grpc://10.1.1.7:8080", Some("`host: grpc://10.1.1.7:8080`")),
            ("https://x.example.com:443", Some("`host: grpcs://x.example.com:443`")),
            ("http://x", Some("`host: grpc://x:PORT`")),
            ("example/encoder:1.0", Some("`docker://example/encoder:1.0`")),
            ("encoder:1.0", Some("`docker://encoder:1.0`")),
            ("MyExecutor", None),
            ("package.MyExecutor", None),
            ("myexecutor", None),
            ("ftp://x", None),
            ("grpc://a b", None),
        ] {
            match (meant(written), part) {
                (Some(help), Some(part)) => assert!(help.contains(part), "{written}: {help}"),
                (help, part) => assert_eq!((help, part), (None, None), "{written}"),
            }
        }
    }
}
