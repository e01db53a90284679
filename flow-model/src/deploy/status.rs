//! States of objects.

use super::change::ObjectName;

/// The state of one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Status {
    /// The object.
    pub object: ObjectName,
    /// Its state.
    pub state: State,
    /// The platform's own description, or what the object waits for.
    pub detail: String,
    /// The number of replicas that are up, and of those that should be; `None` if the platform does
    /// not count them.
    pub replicas: Option<(u32, u32)>,
    /// The image of its first container.
    pub image: Option<String>,
    /// The revision that its Pods should have.
    pub revision: Option<String>,
    /// How often its containers were restarted.
    pub restarts: Option<u32>,
    /// Whether all its Pods carry the proxy of the mesh; `None` if there is no mesh.
    pub proxy: Option<bool>,
    /// Whether the Flow no longer contains the object.
    pub is_garbage: bool,
}

impl Status {
    /// A state without details.
    pub fn new(object: ObjectName, state: State) -> Self {
        Self {
            object,
            state,
            detail: String::new(),
            replicas: None,
            image: None,
            revision: None,
            restarts: None,
            proxy: None,
            is_garbage: false,
        }
    }
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
