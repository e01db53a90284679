//! The [`Deployer`] trait, which brings a Bundle to a platform.

mod change;
mod error;
mod event;
mod options;
mod outcome;
mod redact;
mod rules;
mod status;

use async_trait::async_trait;

pub use change::{Change, ChangeKind, FieldChange, ObjectName, Shown};
pub use error::DeployError;
pub use event::{Event, Observer, Step};
pub use options::ApplyOptions;
pub use outcome::{Left, Outcome};
pub use redact::Redactor;
pub use rules::{FOREIGN_OBJECT, NOT_STARTED, RULES, VARIABLE_NOT_SET};
pub use status::{State, Status};

use crate::bundle::Bundle;
use crate::facts::FlowId;

/// Applies a [`Bundle`] to a container platform, and deletes it again.
///
/// Object-safe. Implementations choose their async runtime; this crate has none. While a method
/// works, it reports to an [`Observer`]; everything wrong with the Flow, or with what the platform
/// makes of it, is a finding of the [`Outcome`]. [`DeployError`] is for a platform that cannot be
/// reached or used at all.
#[async_trait]
pub trait Deployer: Send + Sync {
    /// The name of the platform: `Docker Compose`.
    fn name(&self) -> &str;

    /// Applies exactly this Bundle, and waits until everything is up, unless the options say
    /// otherwise. Unchanged objects are not touched; objects of an earlier Bundle of the same Flow
    /// that are not in this one are deleted.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached.
    async fn apply(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError>;

    /// The changes that [`Deployer::apply`] would make with these options, sorted by object; none if
    /// everything is up to date.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached.
    async fn diff(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError>;

    /// The state of everything that belongs to the Flow, sorted by object, including objects that
    /// are not in the Bundle any more. Without files, a Bundle does not say what should exist.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached.
    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError>;

    /// Deletes everything that belongs to a Flow. It is not an error if nothing exists.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached.
    async fn delete(
        &self,
        flow: &FlowId,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError>;
}
