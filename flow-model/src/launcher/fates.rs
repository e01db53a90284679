//! What becomes of keys that concern Jina's own launcher, its hub and its cloud: the same on every
//! backend.

use crate::backend::Fate;

/// Of a key that Jina's launcher reads, and no container.
pub const LAUNCHER: Fate = Fate::Ignored("used only by Jina's launcher, not by containers");

/// Of a key of the process that builds the Flow.
pub const BUILDER: Fate =
    Fate::Ignored("used only by the process that builds the Flow, not by its containers");

/// Of a key that the Flow takes, and that only its entries use.
pub const ENTRIES: Fate = Fate::Ignored("set it in the entries of Executors and the gateway");

/// Of an argument that Jina's launcher chooses for a process, as a backend does.
pub const CHOSEN: Fate = Fate::Ignored("set by flowship, by the role of the workload");

/// Of an argument of the gateway that tells it of Executors.
pub const GRAPH: Fate = Fate::Ignored("set by flowship, from the Executors");

/// Of a key of Jina's hub.
pub const HUB: Fate = Fate::Ignored("used only by Jina's hub, which was shut down");

/// Of a key of Jina's cloud.
pub const CLOUD: Fate = Fate::Ignored("used only by Jina's cloud, which was shut down");

/// Of `provider`.
pub const PROVIDER: Fate =
    Fate::Depends("only `NONE`: a server for SageMaker or Azure cannot be called by a gateway");

/// Of a key of a gateway that an Executor's process refuses.
pub const GATEWAY_ONLY: Fate =
    Fate::Ignored("Jina supports it for a gateway, but not for an Executor");
