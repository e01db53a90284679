//! The [`Deployer`] trait, which brings a Bundle to a platform.

use async_trait::async_trait;

use crate::bundle::Bundle;

/// Applies a [`Bundle`] to a container platform, and deletes it again.
///
/// Object-safe. Implementations choose their async runtime; this crate has none.
#[async_trait]
pub trait Deployer: Send + Sync {
    /// The name of the platform: `Docker Compose`.
    fn name(&self) -> &str;

    /// Applies exactly this Bundle, and waits until everything is up. Unchanged objects are not
    /// touched; objects of an earlier Bundle of the same Flow that are not in this one are deleted.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached or rejects the Bundle, or if something does not start.
    async fn apply(&self, bundle: &Bundle) -> Result<(), DeployError>;

    /// The changes that [`Deployer::apply`] would make, sorted by name; empty if everything is up
    /// to date.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached or rejects the request.
    async fn diff(&self, bundle: &Bundle) -> Result<Vec<Change>, DeployError>;

    /// The state of everything that belongs to the Flow, sorted by name, including objects that are
    /// not in the Bundle any more.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached or rejects the request.
    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError>;

    /// Deletes everything that belongs to the Flow. It is not an error if nothing exists.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached or rejects the request.
    async fn delete(&self, bundle: &Bundle) -> Result<(), DeployError>;
}

/// One thing that an apply would change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// A name that is unique on the platform: a service, `Deployment/encoder`.
    pub object: String,
    /// The kind of the change.
    pub kind: ChangeKind,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The object does not exist yet.
    Create,
    /// The object exists and differs.
    Update,
    /// The object exists and is not in the Bundle.
    Delete,
}

/// The state of one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status {
    /// A name that is unique on the platform.
    pub object: String,
    /// Its state.
    pub state: State,
    /// The platform's own description.
    pub detail: String,
}

/// The state of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Does not exist.
    Missing,
    /// Exists, but is not up yet.
    Starting,
    /// Up, and takes requests.
    Up,
    /// Stopped, or not answering any more.
    Failed,
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Missing => "missing",
            Self::Starting => "starting",
            Self::Up => "up",
            Self::Failed => "failed",
        })
    }
}

/// An error of a deployer.
#[derive(Debug)]
pub struct DeployError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl DeployError {
    /// An error in one line that says what could not be done.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Adds the cause.
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl std::fmt::Display for DeployError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DeployError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
