//! What a backend is.

use crate::bundle::BundleFile;
use crate::diagnostic::{Diagnostics, RuleInfo};
use crate::facts::{Facts, FlowId};
use crate::keys::Key;
use crate::plan::Plan;

/// Turns a Plan into files for something that runs containers.
///
/// Pure: no files, no network, no clock, no environment. The same Plan gives the same bytes.
pub trait Backend {
    /// The backend as people call it: `Kubernetes`.
    fn name(&self) -> &str;

    /// Every rule that [`Backend::render_each`] may report.
    fn rules(&self) -> Vec<&'static RuleInfo>;

    /// What becomes of a key. Total: a new key does not compile until every backend has decided.
    fn fate(&self, key: Key) -> Fate;

    /// Whose files those of a Plan are, in the place that they are for.
    fn identify(&self, plan: &Plan) -> FlowId {
        FlowId { namespace: None, name: plan.flow_name() }
    }

    /// Whether it writes each replica by itself, all of them into one file, instead of each workload
    /// with its number of replicas: what is written is charged before it is made.
    fn writes_each_replica(&self) -> bool {
        false
    }

    /// Hands over the files of a Plan, one after the other, so that a large Flow need not be held
    /// as objects at once. Returns what is known of them all, and findings about them: where one of
    /// these is an error, the files are of no use.
    ///
    /// `flow_validate::compile` calls it after everything that comes before it; nothing else has to.
    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics);
}

/// What a backend does with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It means what it means in Jina.
    Exact,
    /// It means what it means in Jina, or nothing at all: that depends on the rest of the Flow, and
    /// a finding of its own says when it means nothing. The text says what it depends on.
    Depends(&'static str),
    /// It means something close; the text says what differs.
    Approximated(&'static str),
    /// It has no effect; the text says why.
    Ignored(&'static str),
    /// A Flow that uses it is refused; the text says why.
    Refused(&'static str),
}
