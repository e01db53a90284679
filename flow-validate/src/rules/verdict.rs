//! Decides what is wrong with an unknown key.

use std::borrow::Cow;

use flow_model::flow::DOCUMENT_KEYS;
use flow_model::keys::{
    self, ExecutorKey, FlowKey, GatewayKey, KeyInfo, MappingKind, Reason, Scope, Suggestion,
    UnknownKey, nearest, suggest,
};
use flow_model::values::{KeyValues, Part};
use flow_model::{Applicability, Flow, launcher};

use super::kwargs::arguments;

/// The verdict on an unknown key. Each key has one verdict, so that one rule reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A key of an older release.
    Legacy(Today),
    /// A key that belongs elsewhere; the text names the place.
    Misplaced(&'static str),
    /// It is nearly this key; how sure that is.
    Misspelled(&'static str, Applicability),
    /// It has no effect; the words say why.
    Unknown(&'static str),
    /// No effect, and none is expected.
    Harmless,
}

/// The replacement of a key of an older release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Today {
    /// The same key with another name.
    Renamed(&'static str),
    /// Another form; the text says what to write.
    Changed(&'static str),
    /// No replacement; the text says why.
    Gone(&'static str),
}

/// Keys of Jina 0 to 2, with their replacements.
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
        // The gateway still supports these.
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
        && launcher::SAVED.contains(&name)
    {
        return Verdict::Harmless;
    }
    // The rule `empty-deployment` reports these.
    if key.kind == MappingKind::Deployment && ["executors", "deployments"].contains(&name) {
        return Verdict::Harmless;
    }
    if let Some(place) = home(key.kind, name) {
        return Verdict::Misplaced(place);
    }
    let mut is_clear = false;
    let suggestion = match key.kind {
        MappingKind::Document => {
            let found = suggest(name, DOCUMENT_KEYS.iter().copied());
            is_clear = found.is_some_and(|found| {
                found.reason == Reason::Close
                    && keys::is_clear(name, found.word, DOCUMENT_KEYS.iter().copied())
            });
            found
        }
        MappingKind::Deployment => suggest(name, ["jtype", "version", "with"]),
        MappingKind::Configuration | MappingKind::ConfigurationFile => suggest(name, CONFIGURATION),
        MappingKind::Batching => suggest(name, BATCHING),
        MappingKind::Metas => {
            // Other keys there belong to the Executor.
            let near = nearest(name, METAS).filter(|_| !METAS.contains(&name));
            let misspelled = |word| Verdict::Misspelled(word, Applicability::Unsafe);
            return near.map_or(Verdict::Harmless, misspelled);
        }
        MappingKind::DockerKwargs | MappingKind::UvicornKwargs => {
            let known = arguments(key.kind).unwrap_or_default();
            return match suggest(name, known.iter().copied()) {
                Some(near) => Verdict::Misspelled(near.word, Applicability::Unsafe),
                None if key.kind == MappingKind::DockerKwargs => {
                    Verdict::Unknown("Docker's Python library has no such argument")
                }
                None => Verdict::Unknown("uvicorn has no such setting, and does not start"),
            };
        }
        MappingKind::Scope(scope) => {
            let foreign = foreign(scope).iter().flat_map(|words| words.iter());
            if let Some((_, word)) = foreign.copied().find(|(word, _)| *word == name) {
                // An entry with `with` may be a Deployment whose `jtype` is misspelled.
                return Verdict::Misspelled(word, Applicability::Unsafe);
            }
            let words = || scope.accepted().into_iter().flat_map(KeyInfo::spellings);
            let found = suggest(name, words());
            is_clear = found.is_some_and(|found| {
                // Jina takes the first letters of a key for the key.
                found.reason == Reason::Prefix
                    || found.reason == Reason::Close && keys::is_clear(name, found.word, words())
            });
            found
        }
    };
    match suggestion {
        Some(Suggestion { word, .. }) if launcher::KEYS.contains(&word) => {
            Verdict::Unknown("similar to a key that has no effect in a container")
        }
        Some(Suggestion { word, .. }) => Verdict::Misspelled(
            word,
            if is_clear { Applicability::Safe } else { Applicability::Unsafe },
        ),
        None => Verdict::Unknown("unknown key"),
    }
}

/// Keys of the configuration of an Executor.
const CONFIGURATION: [&str; 6] =
    ["jtype", "with", "metas", "requests", "dynamic_batching", "py_modules"];

/// The keys that Jina reads for an endpoint that batches requests.
const BATCHING: [&str; 5] =
    ["preferred_batch_size", "timeout", "flush_all", "use_custom_metric", "use_dynamic_batching"];

/// The keys that Jina itself reads from the `metas` of an Executor.
const METAS: [&str; 4] = ["name", "description", "workspace", "py_modules"];

/// Every key without effect: keys that the table does not contain for their place, and unknown keys
/// in the mappings of an Executor that Jina reads.
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

/// Keys that do not exist in a scope, each with the key that is probably meant.
fn foreign(scope: Scope) -> &'static [&'static [(&'static str, &'static str)]] {
    match scope {
        Scope::Executor => &[OF_CONFIGURATIONS, FOREIGN],
        Scope::Gateway => &[OF_CONFIGURATIONS],
        Scope::Flow => &[],
    }
}

/// Keys of the configuration of an Executor, each with the equivalent key of its entry.
const OF_CONFIGURATIONS: &[(&str, &str)] = &[
    ("with", "uses_with"),
    ("metas", "uses_metas"),
    ("requests", "uses_requests"),
    ("dynamic_batching", "uses_dynamic_batching"),
];

/// Keys of Docker Compose and Kubernetes, each with the equivalent key of a Flow.
const FOREIGN: &[(&str, &str)] = &[
    ("command", "entrypoint"),
    ("depends_on", "needs"),
    ("environment", "env"),
    ("image", "uses"),
    ("scale", "replicas"),
];

/// The place where a key would have an effect.
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
        MappingKind::Document | MappingKind::Scope(Scope::Flow | Scope::Executor)
            if GatewayKey::named(name).is_some() =>
        {
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
