//! The fates of keys about Jina's own launcher, its hub and its cloud, which are the same on every
//! backend.

use crate::backend::Fate;

/// The fate of a key that only Jina's launcher reads.
pub const LAUNCHER: Fate = Fate::Ignored("used only by Jina's launcher, not by containers");

/// The fate of a key of the process that builds the Flow.
pub const BUILDER: Fate =
    Fate::Ignored("used only by the process that builds the Flow, not by its containers");

/// The fate of a key of the Flow that only its entries use.
pub const ENTRIES: Fate = Fate::Ignored("set it in the entries of Executors and the gateway");

/// The fate of an argument that Jina's launcher, or a backend, chooses for a process.
pub const CHOSEN: Fate = Fate::Ignored("set by flowship, by the role of the workload");

/// The fate of an argument of the gateway about Executors.
pub const GRAPH: Fate = Fate::Ignored("set by flowship, from the Executors");

/// The fate of a key of Jina's hub.
pub const HUB: Fate = Fate::Ignored("used only by Jina's hub, which was shut down");

/// The fate of `jcloud`: a backend decides on each [`Provision`](crate::values::Provision).
pub const PROVISIONS: Fate = Fate::Depends("findings name the keys under it that have no effect");

/// The fate of `provider`.
pub const PROVIDER: Fate =
    Fate::Depends("only `NONE`: a server for SageMaker or Azure cannot be called by a gateway");

/// The fate of a key of a gateway that an Executor's process rejects.
pub const GATEWAY_ONLY: Fate =
    Fate::Ignored("Jina supports it for a gateway, but not for an Executor");
