//! Results of a deployer.

use super::change::{Change, ObjectName};
use super::status::Status;
use crate::diagnostic::Diagnostics;

/// The result of an apply, a diff or a delete.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The changes that were made, or that would be made; sorted by object.
    pub changes: Vec<Change>,
    /// The states of all workloads at the end; empty if nobody waited for them.
    pub statuses: Vec<Status>,
    /// Objects that stay although they are no longer part of the Flow.
    pub left: Vec<Left>,
    /// What is wrong. With an error, not everything was done.
    pub findings: Diagnostics,
}

/// An object that stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The object.
    pub object: ObjectName,
    /// Why it stays: `claims are never deleted`.
    pub why: String,
}
