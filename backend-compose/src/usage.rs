//! Findings about keys that mean less under Compose than they say.

use std::collections::BTreeSet;

use flow_model::keys::{ExecutorKey, FlowKey, GatewayKey, Key};
use flow_model::plan::{Plan, Settings};
use flow_model::{Diagnostic, Diagnostics, Fate, Span, Spanned};

use crate::fate::fate;
use crate::rules::{APPROXIMATED_KEY, IGNORED_KEY};

/// Keys that a rule of their own speaks of, where there is anything to say.
const SPOKEN_OF: &[(Key, &str)] = &[
    (Key::Flow(FlowKey::Name), "project-changed"),
    (Key::Executor(ExecutorKey::Host), "not-external"),
    (Key::Executor(ExecutorKey::Tls), "not-external"),
    (Key::Executor(ExecutorKey::Protocol), "executor-protocol"),
];

/// Reports each key that is ignored or approximated, at each place where it was written once.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeSet<(Option<Span>, &str)> = BTreeSet::new();
    for (key, owner) in used(plan) {
        if SPOKEN_OF.iter().any(|(other, _)| *other == key.value) {
            continue;
        }
        let name = key.value.info().name;
        let (rule, verb, why) = match fate(key.value) {
            Fate::Ignored(why) => (&IGNORED_KEY, "ignores", why),
            Fate::Approximated(how) => (&APPROXIMATED_KEY, "approximates", how),
            // A rule refuses these before there is a Plan.
            Fate::Exact | Fate::Refused(_) => continue,
        };
        if !seen.insert((key.span, name)) {
            continue;
        }
        let message = format!("Docker Compose {verb} `{name}` of {owner}");
        diagnostics.push(Diagnostic::new(rule, message).at(key.span, why));
    }
}

/// Every key that is set, with whose it is.
fn used(plan: &Plan) -> Vec<(Spanned<Key>, String)> {
    let flow = plan.flow_keys.iter().map(|key| (key.map(Key::Flow), "the Flow".to_owned()));
    let mut used: Vec<_> = flow.collect();
    for (_, workload) in plan.workloads() {
        match &workload.main().settings {
            Settings::Gateway(settings) => {
                let one = settings.replicas.is_some_and(|replicas| replicas.value.get() == 1);
                let keys = settings.set_keys().into_iter();
                let keys = keys.filter(|key| !(one && key.value == GatewayKey::Replicas));
                used.extend(keys.map(|key| (key.map(Key::Gateway), "the gateway".to_owned())));
            }
            Settings::Executor(settings) => {
                let owner = format!("`{}`", workload.deployment);
                // `relative-workspace` speaks of the others.
                let kept = settings.workspace.as_ref().is_some_and(|path| path.starts_with('/'));
                let keys = settings.set_keys().into_iter();
                let keys = keys.filter(|key| kept || key.value != ExecutorKey::Workspace);
                used.extend(keys.map(|key| (key.map(Key::Executor), owner.clone())));
            }
        }
    }
    used
}
