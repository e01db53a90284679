//! Options of an apply.

use std::time::Duration;

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
        }
    }
}
