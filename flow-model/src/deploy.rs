//! What a deployer is: it makes a place hold what a Bundle says.

use async_trait::async_trait;

use crate::bundle::Bundle;

/// Brings a [`Bundle`] to something that runs containers, and takes it away again.
///
/// Object-safe. Implementations bring a runtime of their own choice; this crate has none.
#[async_trait]
pub trait Deployer: Send + Sync {
    /// The place as people call it: `Docker Compose`.
    fn name(&self) -> &str;

    /// Makes the place hold exactly this Bundle, and waits until all of it is up. What is there
    /// already and as it should be is left alone; what an earlier Bundle of the same Flow left and
    /// this one does not have goes.
    ///
    /// # Errors
    ///
    /// When the place cannot be reached or refuses, and when something does not come up.
    async fn apply(&self, bundle: &Bundle) -> Result<(), DeployError>;

    /// What [`Deployer::apply`] would change, sorted by name; nothing where all is as it should be.
    ///
    /// # Errors
    ///
    /// When the place cannot be reached or refuses.
    async fn diff(&self, bundle: &Bundle) -> Result<Vec<Change>, DeployError>;

    /// How everything is that belongs to the Flow, sorted by name; also what the Bundle does not
    /// have any more.
    ///
    /// # Errors
    ///
    /// When the place cannot be reached or refuses.
    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError>;

    /// Takes away all that belongs to the Flow. Nothing to take away is no error.
    ///
    /// # Errors
    ///
    /// When the place cannot be reached or refuses.
    async fn delete(&self, bundle: &Bundle) -> Result<(), DeployError>;
}

/// One thing that an apply would change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// A name that is unique in the place: a service, `Deployment/encoder`.
    pub object: String,
    /// What would happen to it.
    pub kind: ChangeKind,
}

/// What would happen to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is not there yet.
    Create,
    /// It is there, and not as it should be.
    Update,
    /// It is there, and the Bundle does not have it.
    Delete,
}

/// How one thing is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status {
    /// A name that is unique in the place.
    pub object: String,
    /// How it is.
    pub state: State,
    /// The place's own words for it.
    pub detail: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not there.
    Missing,
    /// There, and not up yet.
    Starting,
    /// Up: it takes requests.
    Up,
    /// It has ended, or does not answer any more.
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

/// Why a deployer could not do its work.
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

    /// Adds what went wrong underneath.
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
