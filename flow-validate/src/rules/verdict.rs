//! Decides what is wrong with an unknown key.

use std::borrow::Cow;

use flow_model::flow::DOCUMENT_KEYS;
use flow_model::keys::{
    ExecutorKey, FlowKey, GatewayKey, KeyInfo, MappingKind, Scope, Suggestion, UnknownKey, nearest,
    suggest,
};
use flow_model::values::{KeyValues, Part};
use flow_model::{Flow, launcher};

use super::kwargs::arguments;

/// What is wrong with it: one thing, so that one rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// An older release had it.
    Legacy(Today),
    /// It is a key of another place, which is named.
    Misplaced(&'static str),
    /// It is nearly this key.
    Misspelled(&'static str),
    /// It has no effect; the words say why.
    Unknown(&'static str),
    /// It has no effect, and nobody expects one.
    Harmless,
}

/// The replacement of a key of an older release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Today {
    /// The same under another name.
    Renamed(&'static str),
    /// Something else; the words say what to write.
    Changed(&'static str),
    /// Nothing, for the reason that is given.
    Gone(&'static str),
}

/// Keys of Jina 0 to 2, and what they are today.
const LEGACY: &[(&str, Today)] = &[
    ("yaml_path", Today::Renamed("uses")),
    ("override_with", Today::Renamed("uses_with")),
    ("override_metas", Today::Renamed("uses_metas")),
    ("override_meta", Today::Renamed("uses_metas")),
    ("override_requests", Today::Renamed("uses_requests")),
    ("https", Today::Renamed("tls")),
    ("port_in", Today::Renamed("port")),
    (
        "port_expose",
        Today::Changed(
            "`port` for an external Executor; the port for clients belongs under `gateway`",
        ),
    ),
    ("separated_workspace", Today::Gone("each shard and replica has its own workspace")),
    ("seperated_workspace", Today::Gone("each shard and replica has its own workspace")),
    ("parallel", Today::Changed("`replicas` to share the work, or `shards` to split the data")),
    ("rest_api", Today::Changed("`protocol: http` under `gateway`")),
    ("restful", Today::Changed("`protocol: http` under `gateway`")),
];

pub(super) fn verdict(key: &UnknownKey) -> Verdict {
    let name = key.name.value.as_str();
    let today = match key.kind {
        MappingKind::Document => (name == "pods").then_some(Today::Renamed("executors")),
        // The gateway still reads these.
        MappingKind::Scope(Scope::Gateway | Scope::Flow) if GatewayKey::named(name).is_some() => {
            None
        }
        MappingKind::Scope(_) => {
            LEGACY.iter().find(|(old, _)| *old == name).map(|(_, today)| *today)
        }
        _ => None,
    };
    if let Some(today) = today {
        return Verdict::Legacy(today);
    }
    if matches!(key.kind, MappingKind::Scope(Scope::Executor | Scope::Gateway))
        && HARMLESS.contains(&name)
    {
        return Verdict::Harmless;
    }
    // `empty-deployment` speaks of these.
    if key.kind == MappingKind::Deployment && ["executors", "deployments"].contains(&name) {
        return Verdict::Harmless;
    }
    if name == "jcloud" && !matches!(key.kind, MappingKind::Scope(_)) {
        return Verdict::Unknown("used only by Jina's cloud, which was shut down");
    }
    if let Some(place) = home(key.kind, name) {
        return Verdict::Misplaced(place);
    }
    let suggestion = match key.kind {
        MappingKind::Document => suggest(name, DOCUMENT_KEYS.iter().copied()),
        MappingKind::Deployment => suggest(name, ["jtype", "version", "with"]),
        MappingKind::Configuration | MappingKind::ConfigurationFile => suggest(name, CONFIGURATION),
        MappingKind::Batching => suggest(name, BATCHING),
        MappingKind::Metas => {
            // What else stands there is the Executor's own.
            let near = nearest(name, METAS).filter(|_| !METAS.contains(&name));
            return near.map_or(Verdict::Harmless, Verdict::Misspelled);
        }
        MappingKind::DockerKwargs | MappingKind::UvicornKwargs => {
            let known = arguments(key.kind).unwrap_or_default();
            return match suggest(name, known.iter().copied()) {
                Some(near) => Verdict::Misspelled(near.word),
                None if key.kind == MappingKind::DockerKwargs => {
                    Verdict::Unknown("Docker's Python library has no such argument")
                }
                None => Verdict::Unknown("uvicorn has no such setting, and does not start"),
            };
        }
        MappingKind::Scope(scope) => {
            let foreign = foreign(scope).iter().flat_map(|words| words.iter());
            if let Some((_, word)) = foreign.copied().find(|(word, _)| *word == name) {
                return Verdict::Misspelled(word);
            }
            suggest(name, scope.accepted().into_iter().flat_map(KeyInfo::spellings))
        }
    };
    match suggestion {
        Some(Suggestion { word, .. }) if launcher::KEYS.contains(&word) => {
            Verdict::Unknown("similar to a key that has no effect in a container")
        }
        Some(Suggestion { word, .. }) => Verdict::Misspelled(word),
        None => Verdict::Unknown("unknown key"),
    }
}

/// Keys that Jina's own `save_config` has written, whatever the Flow said.
const HARMLESS: &[&str] = &["upload_files"];

/// Keys of the configuration of an Executor.
const CONFIGURATION: [&str; 6] =
    ["jtype", "with", "metas", "requests", "dynamic_batching", "py_modules"];

/// What Jina reads of an endpoint that batches requests.
const BATCHING: [&str; 5] =
    ["preferred_batch_size", "timeout", "flush_all", "use_custom_metric", "use_dynamic_batching"];

/// What Jina itself reads of the metas of an Executor.
const METAS: [&str; 4] = ["name", "description", "workspace", "py_modules"];

/// Every key without effect: those that the table does not hold where they stand, and those in
/// mappings of an Executor whose keys Jina knows.
pub(super) fn unknown_keys(flow: &Flow) -> impl Iterator<Item = Cow<'_, UnknownKey>> {
    let gateway = flow.gateway.iter().filter_map(|one| one.settings.uvicorn_kwargs.as_ref());
    let gateway = gateway.flat_map(|map| parts_unknown(map, MappingKind::UvicornKwargs));
    let within =
        flow.executors.iter().filter(|executor| !executor.is_external()).flat_map(|executor| {
            let settings = &executor.settings;
            let batching = settings.uses_dynamic_batching.iter().flat_map(|map| map.parts());
            let fields = batching.flat_map(Part::parts);
            let fields = fields
                .filter(|field| field.name.is_some_and(|name| !BATCHING.contains(&name.value)));
            let metas = settings.uses_metas.iter().flat_map(|map| map.parts());
            let docker = settings.docker_kwargs.iter();
            let docker = docker.flat_map(|map| parts_unknown(map, MappingKind::DockerKwargs));
            let uvicorn = settings.uvicorn_kwargs.iter();
            let uvicorn = uvicorn.flat_map(|map| parts_unknown(map, MappingKind::UvicornKwargs));
            fields
                .map(|part| (part, MappingKind::Batching))
                .chain(metas.map(|part| (part, MappingKind::Metas)))
                .chain(docker)
                .chain(uvicorn)
        });
    let within = within.chain(gateway).filter_map(|(part, kind)| {
        let name = part.name?.map(str::to_owned);
        Some(Cow::Owned(UnknownKey { name, kind, holds_entries: false }))
    });
    flow.unknown_keys.iter().map(Cow::Borrowed).chain(within)
}

/// The entries of a mapping that the function which takes it does not know.
fn parts_unknown(
    map: &KeyValues,
    kind: MappingKind,
) -> impl Iterator<Item = (Part<'_>, MappingKind)> {
    let known = arguments(kind).unwrap_or_default();
    let is_unknown = |part: &Part<'_>| part.name.is_some_and(|name| !known.contains(&name.value));
    map.parts().filter(move |part| is_unknown(part)).map(move |part| (part, kind))
}

/// Words that mean nothing in a scope, and the key that is meant.
fn foreign(scope: Scope) -> &'static [&'static [(&'static str, &'static str)]] {
    match scope {
        Scope::Executor => &[OF_CONFIGURATIONS, FOREIGN],
        Scope::Gateway => &[OF_CONFIGURATIONS],
        Scope::Flow => &[],
    }
}

/// Keys of the configuration of an Executor, and those of its entry that do the same.
const OF_CONFIGURATIONS: &[(&str, &str)] = &[
    ("with", "uses_with"),
    ("metas", "uses_metas"),
    ("requests", "uses_requests"),
    ("dynamic_batching", "uses_dynamic_batching"),
];

/// Words of Docker Compose and of Kubernetes, and the key that does the same.
const FOREIGN: &[(&str, &str)] = &[
    ("command", "entrypoint"),
    ("depends_on", "needs"),
    ("environment", "env"),
    ("image", "uses"),
    ("scale", "replicas"),
];

/// Where a key would mean something.
fn home(kind: MappingKind, name: &str) -> Option<&'static str> {
    let of_flow = || {
        FlowKey::named(name).is_some_and(|key| !matches!(key, FlowKey::Uses | FlowKey::UsesWith))
            || GatewayKey::named(name).is_some_and(|key| key.info().inherited)
            || ExecutorKey::named(name).is_some_and(|key| key.info().inherited)
    };
    match kind {
        MappingKind::Document if of_flow() => Some("under `with`"),
        MappingKind::Document if ExecutorKey::named(name).is_some() => {
            Some("in an entry of `executors`")
        }
        MappingKind::Configuration if ExecutorKey::named(name).is_some() => {
            Some("one level up, beside `uses`")
        }
        MappingKind::ConfigurationFile if ExecutorKey::named(name).is_some() => {
            Some("under `with` of a Deployment, beside `uses`")
        }
        MappingKind::Batching if ExecutorKey::named(name).is_some() => {
            Some("in the Executor's entry")
        }
        MappingKind::Metas if ExecutorKey::named(name).is_some() && !METAS.contains(&name) => {
            Some("in the Executor's entry, beside `uses_metas`")
        }
        MappingKind::Deployment if ExecutorKey::named(name).is_some() => Some("under `with`"),
        MappingKind::Scope(Scope::Executor) if GatewayKey::named(name).is_some() => {
            Some("under `gateway`")
        }
        _ => None,
    }
}

/// The key, unless it came out of a substitution.
pub(super) fn shown(key: &UnknownKey) -> Option<&str> {
    (!key.name.is_substituted()).then_some(key.name.value.as_str())
}

/// The place of a key, as findings name it.
pub(super) fn place(key: &UnknownKey) -> &'static str {
    match key.kind {
        MappingKind::Document => "the Flow",
        MappingKind::Deployment => "the Deployment",
        MappingKind::Configuration | MappingKind::ConfigurationFile => {
            "the configuration of an Executor"
        }
        MappingKind::Batching => "an endpoint of `uses_dynamic_batching`",
        MappingKind::Metas => "`uses_metas`",
        MappingKind::DockerKwargs => "`docker_kwargs`",
        MappingKind::UvicornKwargs => "`uvicorn_kwargs`",
        MappingKind::Scope(scope) => scope.place(),
    }
}
