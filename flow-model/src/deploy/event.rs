//! What a deployer reports while it works.

use super::change::{ChangeKind, ObjectName};
use super::status::Status;
use crate::diagnostic::Diagnostic;

/// Receives what a deployer reports while it works.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);

    /// Whether these objects, which are no longer part of the Flow, may be deleted. Called once,
    /// after everything is up.
    fn confirms(&self, garbage: &[ObjectName]) -> bool {
        let _ = garbage;
        true
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step begins.
    Step(Step),
    /// A line that the platform's own tools print.
    Output(&'a str),
    /// A warning of the platform about an object.
    Warning {
        /// The object; `None` if the warning is about the whole Flow.
        object: Option<&'a ObjectName>,
        /// The text of the platform.
        text: &'a str,
    },
    /// An object was changed.
    Changed {
        /// The object.
        object: &'a ObjectName,
        /// The kind of the change.
        kind: ChangeKind,
    },
    /// The states of all workloads, each time that one of them changes.
    Waiting(&'a [Status]),
    /// The cause of a failure, as soon as it is known. The outcome contains it as well.
    Culprit(&'a Diagnostic),
}

/// A step of an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The platform checks all objects, and changes nothing.
    Check {
        /// The number of objects.
        objects: usize,
    },
    /// Objects are created and changed.
    Change {
        /// The number of objects.
        objects: usize,
    },
    /// The deployer waits until everything is up.
    Wait {
        /// The number of workloads.
        workloads: usize,
    },
    /// Objects are deleted.
    Delete {
        /// The number of objects.
        objects: usize,
    },
}
