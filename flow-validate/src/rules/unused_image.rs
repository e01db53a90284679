//! Images that match nothing in the Flow.

use std::collections::HashSet;

use flow_model::keys::Candidates;
use flow_model::topology::GATEWAY;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;
use super::no_container::is_hidden;

/// An `--image` that matches nothing in the Flow.
pub static UNUSED_IMAGE: RuleInfo = RuleInfo {
    code: "unused-image",
    level: Level::Warning,
    summary: "an `--image` that matches nothing in the Flow",
    explanation: "\
`--image NAME=REF` takes an Executor's name, `gateway`, or a value of `uses` exactly as written. A name that matches nothing is usually a typing error. Entries of `--images FILE` may match nothing, because one file can serve many Flows.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if subject.options.images.must_fit.is_empty() {
        return;
    }
    let mut known = HashSet::from([GATEWAY.to_owned()]);
    if let Some(gateway) = &subject.flow.gateway {
        known.extend(gateway.settings.uses.as_ref().map(|uses| uses.written()));
    }
    for executor in &subject.flow.executors {
        let settings = &executor.settings;
        known.insert(executor.name.value.clone());
        for uses in [&settings.uses, &settings.uses_before, &settings.uses_after] {
            known.extend(uses.as_ref().map(|uses| uses.written()));
        }
    }
    let uses = subject.flow.executors.iter().flat_map(|executor| {
        let settings = &executor.settings;
        [&settings.uses, &settings.uses_before, &settings.uses_after].into_iter().flatten()
    });
    let gateway = subject.flow.gateway.iter().filter_map(|gateway| gateway.settings.uses.as_ref());
    let hidden: HashSet<_> =
        uses.chain(gateway).filter(|uses| is_hidden(uses)).map(|uses| uses.written()).collect();
    let shown = known.iter().filter(|name| !hidden.contains(*name));
    let mut words = Candidates::new(shown.map(String::as_str));
    for name in &subject.options.images.must_fit {
        if known.contains(name) {
            continue;
        }
        let message = format!("the image for `{name}` matches nothing in the Flow");
        let finding = Diagnostic::new(&UNUSED_IMAGE, message);
        diagnostics.push(match words.nearest(name, None) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        });
    }
}
