//! Options of an apply.

use std::time::Duration;

use crate::FlowId;

/// Options of [`Deployer::apply`](super::Deployer::apply).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct ApplyOptions {
    /// Delete objects that are no longer part of the Flow.
    pub prune: bool,
    /// Wait until everything is up.
    pub wait: bool,
    /// The time for all steps together; `None` for no limit.
    pub timeout: Option<Duration>,
    /// Change nothing.
    pub dry_run: bool,
    /// Take over objects that belong to another Flow, or to nobody.
    pub adopt: bool,
    /// Take over fields that another program set.
    pub force: bool,
    /// Delete and create objects again whose fields cannot be changed.
    pub recreate: bool,
    /// The Flow that this one replaces, because it got another name or namespace. Its objects are
    /// taken over or, in the end, deleted. Without a namespace it is in that of the new Flow.
    pub moved_from: Option<FlowId>,
}

impl ApplyOptions {
    /// The Flow that a Flow replaces, with its namespace.
    pub fn replaced_by(&self, flow: &FlowId) -> Option<FlowId> {
        let mut moved = self.moved_from.clone()?;
        if moved.namespace.is_none() {
            moved.namespace.clone_from(&flow.namespace);
        }
        Some(moved)
    }
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            prune: true,
            wait: true,
            timeout: None,
            dry_run: false,
            adopt: false,
            force: false,
            recreate: false,
            moved_from: None,
        }
    }
}
