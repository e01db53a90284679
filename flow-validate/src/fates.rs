//! Findings about keys that the backend does not support.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::keys::{ExecutorKey, Key};
use flow_model::values::Provision;
use flow_model::{Backend, Diagnostic, Diagnostics, Fate, Flow, Level, RuleInfo, Span, Spanned};

/// A key that the backend ignores.
pub(crate) static IGNORED_KEY: RuleInfo = RuleInfo {
    code: "ignored-key",
    level: Level::Warning,
    summary: "a key that the backend ignores",
    explanation: "\
Jina supports the key, but it has no effect on this backend. The message says why; the table of keys lists it for every key. Remove the key, or pass `--allow ignored-key`.",
};

/// A key that the backend implements differently.
pub(crate) static APPROXIMATED_KEY: RuleInfo = RuleInfo {
    code: "approximated-key",
    level: Level::Note,
    summary: "a key that works differently on the backend than in Jina",
    explanation: "\
The backend implements the key in a different way, and no setting is lost. The message says what differs; the table of keys lists it for every key.",
};

/// A key that the backend does not support.
pub(crate) static REFUSED_KEY: RuleInfo = RuleInfo {
    code: "refused-key",
    level: Level::Error,
    summary: "a key that the backend does not support",
    explanation: "\
A Flow with this key cannot be exported to this backend correctly. The message says why; the table of keys lists it for every key.",
};

/// The fate of keys about the container of an external Executor.
const ELSEWHERE: Fate =
    Fate::Ignored("an external Executor runs outside the Flow, which only dials it");

/// The keys of an Executor that its callers use.
const OF_CALLERS: &[ExecutorKey] = &[
    ExecutorKey::Name,
    ExecutorKey::Method,
    ExecutorKey::Needs,
    ExecutorKey::External,
    ExecutorKey::Host,
    ExecutorKey::Port,
    ExecutorKey::Tls,
    ExecutorKey::Protocol,
    ExecutorKey::GrpcMetadata,
    ExecutorKey::Floating,
    ExecutorKey::When,
    ExecutorKey::NoReduce,
    ExecutorKey::Jcloud,
];

/// Reports every key of a Flow that a backend ignores, approximates or refuses: once for each
/// place, and once for each key, with the number of further places.
pub(crate) fn fates(flow: &Flow, backend: &dyn Backend) -> Diagnostics {
    let mut places: BTreeMap<_, (Fate, Vec<Option<Span>>)> = BTreeMap::new();
    let keys = set_keys(flow, backend).into_iter();
    let keys = keys.map(|(key, fate)| (key.value.info().name, key.span, fate));
    let asked = provisions(flow)
        .map(|asked| (asked.value.name(), asked.span, backend.provision(asked.value)));
    for (name, span, fate) in keys.chain(asked) {
        let why = match fate {
            Fate::Exact | Fate::Depends(_) => continue,
            Fate::Approximated(why) | Fate::Ignored(why) | Fate::Refused(why) => why,
        };
        let (_, spans) = places.entry((name, why)).or_insert((fate, Vec::new()));
        spans.push(span);
    }
    let mut diagnostics = Diagnostics::new();
    for ((name, why), (fate, mut spans)) in places {
        spans.sort();
        // A value inherited from `with` has one place.
        spans.dedup_by(|a, b| a.is_some() && a == b);
        let place = backend.name();
        let (rule, message) = match fate {
            Fate::Refused(_) => (&REFUSED_KEY, format!("`{name}` is not supported on {place}")),
            Fate::Ignored(_) => (&IGNORED_KEY, format!("`{name}` has no effect on {place}")),
            Fate::Exact | Fate::Depends(_) | Fate::Approximated(_) => {
                (&APPROXIMATED_KEY, format!("`{name}` works differently on {place}"))
            }
        };
        let mut finding = Diagnostic::new(rule, message).at(spans[0], why);
        if spans.len() > 1 {
            finding = finding.note(match spans.len() - 1 {
                1 => "also used in one other place".to_owned(),
                others => format!("also used in {others} other places"),
            });
        }
        diagnostics.push(finding);
    }
    diagnostics
}

/// Every key that is set, with its fate; a key that is inherited from `with:` counts once for each
/// entry that inherits it.
fn set_keys(flow: &Flow, backend: &dyn Backend) -> Vec<(Spanned<Key>, Fate)> {
    let with_fate = |key: Spanned<Key>| (key, backend.fate(key.value));
    let of_flow = flow.settings.set_keys().into_iter().map(|key| with_fate(key.map(Key::Flow)));
    let gateway = flow.gateway.iter().flat_map(|gateway| gateway.settings.set_keys());
    let mut keys: Vec<_> =
        of_flow.chain(gateway.map(|key| with_fate(key.map(Key::Gateway)))).collect();
    let (external, here): (Vec<_>, Vec<_>) =
        flow.executors.iter().partition(|executor| executor.is_external());
    let here: Vec<_> = here.into_iter().flat_map(|executor| executor.settings.set_keys()).collect();
    // A value that `with` or an alias sets for several Executors is meant for those that run here.
    let shared: BTreeSet<_> = here.iter().filter_map(|key| Some((key.value, key.span?))).collect();
    let is_shared = |key: &Spanned<ExecutorKey>| {
        key.span.is_some_and(|span| shared.contains(&(key.value, span)))
    };
    for key in external.into_iter().flat_map(|executor| executor.settings.set_keys()) {
        if OF_CALLERS.contains(&key.value) {
            keys.push(with_fate(key.map(Key::Executor)));
        } else if !is_shared(&key) {
            keys.push((key.map(Key::Executor), ELSEWHERE));
        }
    }
    keys.extend(here.into_iter().map(|key| with_fate(key.map(Key::Executor))));
    keys
}

/// What the Flow and its entries ask of the platform, where it has an effect.
fn provisions(flow: &Flow) -> impl Iterator<Item = Spanned<Provision>> {
    let of_flow = flow.settings.jcloud.as_ref().into_iter();
    // What belongs somewhere else is reported by a rule.
    let of_flow = of_flow.flat_map(|jcloud| jcloud.provisions());
    let of_flow = of_flow.filter(|asked| asked.value == Provision::Labels);
    let gateway = flow.gateway.iter().filter_map(|gateway| gateway.settings.jcloud.as_ref());
    let gateway = gateway.flat_map(|jcloud| jcloud.provisions());
    let gateway = gateway.filter(|asked| asked.value.is_of_gateway());
    let here = flow.executors.iter().filter(|executor| !executor.is_external());
    let here = here.filter_map(|executor| executor.settings.jcloud.as_ref());
    let here = here.flat_map(|jcloud| jcloud.provisions());
    let here = here.filter(|asked| asked.value.is_of_executor());
    of_flow.chain(gateway).chain(here)
}

/// The rules that [`fates`] reports.
pub(crate) static RULES: &[&RuleInfo] = &[&APPROXIMATED_KEY, &IGNORED_KEY, &REFUSED_KEY];
