//! Keys of `with:` that belong to the Flow itself.

use super::macros::keys;
use crate::values::{Anything, Environment, Inspect, Text, Toggle};

keys! {
    /// What a Flow says about itself in `with:`.
    struct FlowSettings;
    /// A key of `with:` that belongs to the Flow itself; entries inherit the rest.
    enum FlowKey;
    builder FlowBuilder;

    /// The Flow's name; on Kubernetes also its namespace, unless one is given.
    Name name: Text = "none", since "3.0";
    /// Environment variables of the **gateway**; Executors never inherit them.
    Env env: Environment = "none", since "3.0";
    /// The identity of the workspace. Jina's `export` writes it nowhere.
    WorkspaceId workspace_id: Text = "random", since "3.0";
    /// Silences the process that builds the Flow, not its containers.
    Quiet quiet: Toggle = "`false`", since "3.0";
    /// Silences errors of the process that builds the Flow, not of its containers.
    QuietError quiet_error: Toggle = "`false`", since "3.0";
    /// What becomes of Executors that only look on (`method: inspect`): `COLLECT` waits for them,
    /// `HANG` lets them run beside, `REMOVE` leaves them out.
    Inspect inspect: Inspect = "`COLLECT`", since "3.0";
    /// Starts Executors anew when their files change, under Jina's own launcher.
    Reload reload: Toggle = "`false`", since "3.10";
    /// Silences logs of the process that builds the Flow.
    SuppressRootLogging suppress_root_logging: Toggle = "`false`", since "3.12";
    /// Makes the Flow an object for `asyncio`.
    Asyncio asyncio: Toggle = "`false`", since "3.0";
    /// Says nothing: Executors and the gateway have `uses` of their own.
    Uses uses: Anything = "none", since "3.0";
    /// Says nothing: Executors and the gateway have `uses_with` of their own.
    UsesWith uses_with: Anything = "none", since "3.0";
}
