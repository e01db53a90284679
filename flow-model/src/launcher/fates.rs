//! What becomes of keys that concern Jina's own launcher, its hub and its cloud: the same on every
//! backend.

use crate::backend::Fate;

/// Of a key that Jina's launcher reads, and no container.
pub const LAUNCHER: Fate = Fate::Ignored("concerns Jina's own launcher, not the containers");

/// Of a key of the process that builds the Flow.
pub const BUILDER: Fate =
    Fate::Ignored("concerns the process that builds the Flow, not its containers");

/// Of a key that the Flow takes, and that only its entries use.
pub const ENTRIES: Fate = Fate::Ignored("Executors and the gateway have keys of their own");

/// Of an argument that Jina's launcher chooses for a process, as a backend does.
pub const CHOSEN: Fate = Fate::Ignored("flowship says it itself, by what the workload is");

/// Of an argument of the gateway that tells it of Executors.
pub const GRAPH: Fate = Fate::Ignored("flowship says it itself, by what the Executors say");

/// Of a key of Jina's hub.
pub const HUB: Fate = Fate::Ignored("concerns Jina's hub, which is gone");

/// Of a key of Jina's cloud.
pub const CLOUD: Fate = Fate::Ignored("concerns Jina's own cloud, which is gone");

/// Of `provider`.
pub const PROVIDER: Fate =
    Fate::Depends("`NONE` alone: what serves a cloud in its own way, nothing else can call");

/// Of a key of a gateway that an Executor's process refuses.
pub const GATEWAY_ONLY: Fate =
    Fate::Ignored("Jina's process of an Executor does not take it; a gateway does");
