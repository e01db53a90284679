//! Keys of `with:` that belong to the Flow itself.

use super::macros::keys;
use crate::values::{Environment, Text, Toggle};

keys! {
    /// What a Flow says about itself in `with:`.
    struct FlowKeys;
    /// A key of `with:` that belongs to the Flow itself; entries inherit the rest.
    enum FlowKey;

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
}
