//! What is wrong with a key that the table does not hold where it stands.

use flow_model::flow::DOCUMENT_KEYS;
use flow_model::keys::{
    ExecutorKey, FlowKey, GatewayKey, KeyInfo, Place, Scope, Suggestion, UnknownKey, suggest,
};

/// What is wrong with it: one thing, so that one rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// An older release had it; the words say what to write today.
    Legacy(&'static str),
    /// It is a key of another place, which is named.
    Misplaced(&'static str),
    /// It is nearly this key.
    Misspelled(&'static str),
    /// It means nothing; the words say why.
    Unknown(&'static str),
}

/// Keys of Jina 0 to 2, and what they are today.
const LEGACY: &[(&str, &str)] = &[
    ("yaml_path", "`uses`"),
    ("parallel", "`replicas` to share the work, or `shards` to split the data"),
    ("override_with", "`uses_with`"),
    ("override_metas", "`uses_metas`"),
    ("override_requests", "`uses_requests`"),
    ("https", "`tls`"),
    ("rest_api", "`protocol: http` under `gateway`"),
    ("restful", "`protocol: http` under `gateway`"),
];

pub(super) fn verdict(key: &UnknownKey) -> Verdict {
    let name = key.name.value.as_str();
    let today = match key.place {
        Place::Document => (name == "pods").then_some("`executors`"),
        Place::Deployment => None,
        Place::Scope(_) => LEGACY.iter().find(|(old, _)| *old == name).map(|(_, today)| *today),
    };
    if let Some(today) = today {
        return Verdict::Legacy(today);
    }
    if name == "jcloud" && !matches!(key.place, Place::Scope(_)) {
        return Verdict::Unknown("concerns Jina's own cloud, which is gone");
    }
    if let Some(place) = home(key.place, name) {
        return Verdict::Misplaced(place);
    }
    let suggestion = match key.place {
        Place::Document => suggest(name, DOCUMENT_KEYS.iter().copied()),
        Place::Deployment => suggest(name, ["jtype", "version", "with"]),
        Place::Scope(scope) => {
            let foreign =
                FOREIGN.iter().find(|(word, _)| *word == name && scope == Scope::Executor);
            if let Some((_, word)) = foreign {
                return Verdict::Misspelled(word);
            }
            suggest(name, scope.accepted().into_iter().flat_map(KeyInfo::spellings))
        }
    };
    match suggestion {
        Some(Suggestion { word, .. }) => Verdict::Misspelled(word),
        None => Verdict::Unknown("unknown key"),
    }
}

/// Words of Docker Compose and of Kubernetes, and the key that does the same.
const FOREIGN: &[(&str, &str)] = &[
    ("command", "entrypoint"),
    ("depends_on", "needs"),
    ("environment", "env"),
    ("image", "uses"),
    ("scale", "replicas"),
];

/// Where a key would mean something.
fn home(place: Place, name: &str) -> Option<&'static str> {
    let of_flow = || {
        FlowKey::named(name).is_some_and(|key| !matches!(key, FlowKey::Uses | FlowKey::UsesWith))
            || GatewayKey::named(name).is_some_and(|key| key.info().inherited)
            || ExecutorKey::named(name).is_some_and(|key| key.info().inherited)
    };
    match place {
        Place::Document if of_flow() => Some("under `with`"),
        Place::Document if ExecutorKey::named(name).is_some() => Some("in an entry of `executors`"),
        Place::Deployment if ExecutorKey::named(name).is_some() => Some("under `with`"),
        Place::Scope(Scope::Executor) if GatewayKey::named(name).is_some() => {
            Some("under `gateway`")
        }
        _ => None,
    }
}

/// The place of a key, as findings name it.
pub(super) fn place(key: &UnknownKey) -> &'static str {
    match key.place {
        Place::Document => "the Flow",
        Place::Deployment => "the Deployment",
        Place::Scope(scope) => scope.place(),
    }
}
