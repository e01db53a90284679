//! The [`Backend`] trait, which turns a Plan into files.

use crate::bundle::BundleFile;
use crate::diagnostic::{Diagnostics, RuleInfo};
use crate::facts::{Facts, FlowId};
use crate::keys::Key;
use crate::plan::Plan;
use crate::values::Provision;

/// Turns a Plan into files for a container platform.
///
/// Pure: no files, no network, no clock, no environment. The same Plan gives the same bytes.
pub trait Backend {
    /// The backend as people call it: `Kubernetes`.
    fn name(&self) -> &str;

    /// Every rule that [`Backend::render_each`] may report.
    fn rules(&self) -> Vec<&'static RuleInfo>;

    /// How the backend treats a key. Match every key, so that a new key does not compile until the
    /// backend has decided.
    fn fate(&self, key: Key) -> Fate;

    /// How the backend treats something that a Flow asks of its platform under `jcloud`; the default
    /// is that it has no effect.
    fn provision(&self, _provision: Provision) -> Fate {
        Fate::Ignored("this backend does not provide it")
    }

    /// The identity of the Flow on the platform: its namespace and name.
    fn identify(&self, plan: &Plan) -> FlowId {
        FlowId { namespace: None, name: plan.flow_name() }
    }

    /// Whether the backend writes every replica separately instead of one workload with a number of
    /// replicas. The size of the output is limited before it is rendered.
    fn writes_each_replica(&self) -> bool {
        false
    }

    /// The name by which containers reach the machine that they run on, if there is one.
    fn machine(&self) -> Option<&'static str> {
        None
    }

    /// Whether it assigns GPUs to replicas in turn, as `CUDA_VISIBLE_DEVICES: RR0:2` asks.
    fn deals_gpus(&self) -> bool {
        false
    }

    /// Passes the files of a Plan to `take`, one after the other, so that the objects of a large
    /// Flow are never in memory together. Returns facts about all files, and findings: if one of
    /// them is an error, the files must not be used.
    ///
    /// `flow_validate::compile` calls it after all checks.
    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics);
}

/// How a backend treats a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The key works as in Jina.
    Exact,
    /// The key works as in Jina, or has no effect, depending on the rest of the Flow; a separate
    /// finding reports when it has none. The text says what it depends on.
    Depends(&'static str),
    /// The key works differently; the text says how.
    Approximated(&'static str),
    /// The key has no effect; the text says why.
    Ignored(&'static str),
    /// A Flow with this key is an error; the text says why.
    Refused(&'static str),
}
