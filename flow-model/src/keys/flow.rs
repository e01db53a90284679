//! Keys of `with:` that belong to the Flow itself.

use super::macros::keys;
use crate::values::{
    Anything, ComposeBlock, Environment, Inspect, Jcloud, KubernetesBlock, Text, Toggle,
};

keys! {
    /// The settings of a Flow, under `with:`.
    struct FlowSettings;
    /// A key of `with:` that belongs to the Flow itself; entries inherit the rest.
    enum FlowKey;
    builder FlowBuilder;

    /// The Flow's name; on Kubernetes also its namespace, unless one is given.
    Name name: Text = "none", since "3.0";
    /// Environment variables of the **gateway**; Executors never inherit them.
    Env env: Environment = "none", since "3.0";
    /// The identifier of the workspace. `jina export` does not write it.
    WorkspaceId workspace_id: Text = "random", since "3.0";
    /// Silences the process that builds the Flow, not its containers.
    Quiet quiet: Toggle = "`false`", since "3.0";
    /// Silences errors of the process that builds the Flow, not of its containers.
    QuietError quiet_error: Toggle = "`false`", since "3.0";
    /// How Executors with `method: inspect` run: `COLLECT` waits for them, `HANG` does not wait,
    /// `REMOVE` removes them.
    Inspect inspect: Inspect = "`COLLECT`", since "3.0";
    /// Restarts Executors when their files change, with Jina's launcher.
    Reload reload: Toggle = "`false`", since "3.10";
    /// Silences logs of the process that builds the Flow.
    SuppressRootLogging suppress_root_logging: Toggle = "`false`", since "3.12";
    /// Makes the Flow usable with `asyncio`.
    Asyncio asyncio: Toggle = "`false`", since "3.0";
    /// No effect: set `uses` of Executors and the gateway.
    Uses uses: Anything = "none", since "3.0";
    /// No effect: set `uses_with` of Executors and the gateway.
    UsesWith uses_with: Anything = "none", since "3.0";
    /// Its name, labels and traces for the platform, beside `with`.
    Jcloud jcloud: Jcloud = "none", since "3.0";
    /// Your own parts of the objects of every workload on Kubernetes, also beside `with`; Jina
    /// ignores it.
    Kubernetes kubernetes: KubernetesBlock = "none", since "–";
    /// Logging, restarts and the published address of every service on Docker Compose, also beside
    /// `with`; Jina ignores it.
    Compose compose: ComposeBlock = "none", since "–";
}
