//! Keys under `jcloud` without effect.

use flow_model::keys::nearest;
use flow_model::topology::GATEWAY;
use flow_model::values::{Collector, Jcloud, Provision};
use flow_model::{Advice, Diagnostic, Diagnostics, Help, Level, RuleInfo, Span, Spanned};

use super::Subject;

/// A key under `jcloud` that has no effect where it stands.
pub static JCLOUD_KEY: RuleInfo = RuleInfo {
    code: "jcloud-key",
    level: Level::Warning,
    summary: "a key under `jcloud` that has no effect where it is",
    explanation: "\
Resources, storage, autoscaling and labels under `jcloud` are compiled for every platform. Other keys were \
about Jina's cloud itself, which was shut down, or belong somewhere else: resources to an Executor or to \
the gateway, a name to the Flow.

```yaml
jcloud:
  name: search
  custom_dns: [search.example.com]   # warning: the gateway has `exposure` for that
executors:
  - name: encoder
    jcloud: {resources: {memory: 4G}}
```",
};

/// Keys of Jina's cloud, by their last part, and what to write today.
const TODAY: &[(&str, &str)] = &[
    ("custom_dns", "set `gateway: {exposure: {host: …}}`"),
    ("custom_dns_grpc", "set `gateway: {exposure: {host: {grpc: …}}}`"),
    ("custom_dns_http", "set `gateway: {exposure: {host: {http: …}}}`"),
    ("docarray", "choose it in the images"),
    ("expose_gateway", "set `gateway: {jcloud: {expose: …}}`"),
    ("gateway", "write it under `jcloud` of `gateway`"),
    ("imagepullpolicy", "set `kubernetes: {container: {imagePullPolicy: …}}`"),
    ("ingress", "set `gateway: {exposure: {class: …}}`"),
    ("limits", "write `cpu` and `memory` under `resources` itself"),
    ("nodeGroup", "set `kubernetes: {pod: {nodeSelector: …}}`"),
    ("nodeSelector", "set `kubernetes: {pod: {nodeSelector: …}}`"),
    ("requests", "write `cpu` and `memory` under `resources` itself"),
    ("tolerations", "set `kubernetes: {pod: {tolerations: …}}`"),
];

/// Every key that has an effect.
const KEYS: &[&str] = &[
    "autoscale",
    "capacity",
    "cpu",
    "enable",
    "expose",
    "gpu",
    "host",
    "instance",
    "kind",
    "labels",
    "max",
    "maxUnavailable",
    "memory",
    "metric",
    "metrics",
    "min",
    "minAvailable",
    "monitor",
    "name",
    "port",
    "resources",
    "retain",
    "scale_down_delay",
    "size",
    "storage",
    "target",
    "timeout",
    "traces",
];

/// As many unknown keys of one `jcloud` as are reported each.
const MOST: usize = 20;

/// Where a `jcloud` stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Flow,
    Gateway,
    Executor,
    /// The only Executor, which is the document.
    Alone,
}

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    if let Some(jcloud) = &*flow.settings.jcloud {
        one(jcloud, Place::Flow, "the Flow", diagnostics);
    }
    if let Some(gateway) = &flow.gateway
        && let Some(jcloud) = &*gateway.settings.jcloud
    {
        one(jcloud, Place::Gateway, GATEWAY, diagnostics);
    }
    let place = if flow.gateway.is_some() { Place::Executor } else { Place::Alone };
    for executor in &flow.executors {
        let Some(jcloud) = &*executor.settings.jcloud else { continue };
        if executor.is_external() {
            let message = format!("`jcloud` of `{}` has no effect", executor.name.value);
            diagnostics.push(
                Diagnostic::new(&JCLOUD_KEY, message)
                    .at(jcloud.span, "an external Executor runs outside the Flow"),
            );
        } else {
            one(jcloud, place, &executor.name.value, diagnostics);
        }
    }
}

fn one(jcloud: &Jcloud, place: Place, owner: &str, diagnostics: &mut Diagnostics) {
    let mut report = |path: &str, span: Option<Span>, label: &str, help: Option<Help>| {
        let is_hidden = span.is_some_and(|span| span.substituted);
        let shown = if is_hidden { "a key of `jcloud`" } else { &format!("`jcloud.{path}`") };
        let message = format!("{shown} of {} has no effect", named(owner, place));
        let finding = Diagnostic::new(&JCLOUD_KEY, message).at(span, label);
        diagnostics.push(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    };
    for other in jcloud.others.iter().take(MOST) {
        let last = other.path.rsplit('.').next().unwrap_or_default();
        let today = TODAY.iter().find(|(name, _)| name.eq_ignore_ascii_case(last));
        let near = nearest(last, KEYS.iter().copied());
        let (label, help) = match (today, near) {
            (Some((_, today)), _) => ("only Jina's cloud read it", Some((*today).into())),
            (None, Some(near)) => ("unknown", Some(format!("write `{near}`").into())),
            (None, None) => ("only Jina's cloud read it", None),
        };
        report(&other.path, other.span, label, help);
    }
    if let Some(first) = jcloud.others.get(MOST) {
        let more = jcloud.others.len() - MOST;
        report(&first.path, first.span, &format!("one of {more} more such keys"), None);
    }
    if let Some(version) = &jcloud.version {
        let hidden = version.is_substituted();
        let release = (!hidden).then(|| version.value.clone());
        let help = Some(Advice::GatewayImage(release).into());
        report("version", version.span, "the tags of images say which Jina runs", help);
    }
    let is_entry = matches!(place, Place::Gateway | Place::Executor);
    if let Some(name) = jcloud.name.as_ref().filter(|_| is_entry) {
        let help = Some("write it under `jcloud` of the Flow".into());
        report("name", name.span, "the name of a Flow", help);
    }
    if let Some(traces) = jcloud.monitor.traces.as_ref().filter(|traces| lacks_host(traces)) {
        let help = Some("set `host` and `port` of your collector".into());
        report("monitor.traces", traces.span, "names no collector", help);
    }
    for Spanned { value: provision, span } in jcloud.provisions() {
        let path = provision.name().trim_start_matches("jcloud.");
        if place == Place::Flow && provision != Provision::Labels {
            let help = Some("write it under `jcloud` of an Executor or of `gateway`".into());
            report(path, span, "of no entry", help);
        } else if place == Place::Gateway && !provision.is_of_gateway() {
            report(path, span, "only an Executor has one", None);
        } else if place != Place::Gateway && !provision.is_of_executor() {
            report(path, span, "only a gateway has clients", None);
        }
    }
}

fn named(owner: &str, place: Place) -> String {
    match place {
        Place::Flow => owner.to_owned(),
        Place::Gateway => "the gateway".to_owned(),
        Place::Executor | Place::Alone => format!("`{owner}`"),
    }
}

fn lacks_host(collector: &Spanned<Collector>) -> bool {
    collector.enable && collector.host.is_none()
}
