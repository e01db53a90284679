//! Rules that every deployer reports.

use crate::diagnostic::{Level, RuleInfo};

/// An object that belongs to somebody else.
pub static FOREIGN_OBJECT: RuleInfo = RuleInfo {
    code: "object-in-the-way",
    level: Level::Error,
    summary: "an object in the way that this Flow did not create",
    explanation: "\
On a cluster, objects of a Flow carry its name in the label `app.kubernetes.io/part-of`; on Docker \
Compose, in the label `io.flowship.flow`. An object of the same name with another label, or without \
one, belongs to another Flow or to another program, and nothing is changed. Choose another namespace \
(`--namespace`) or project (`--project-name`). If the object should become part of this Flow, for \
instance because `jina export` created it, pass `--adopt` to `flowship apply`.",
};

/// A workload that does not start.
pub static NOT_STARTED: RuleInfo = RuleInfo {
    code: "not-started",
    level: Level::Error,
    summary: "a workload that is not up",
    explanation: "\
Everything was applied, but a workload is not up, and no more specific cause is known. \
`flowship status` shows its state, and `flowship logs` its output. On a cluster, a longer `--timeout` \
helps if the Executor only needs more time to load.",
};

/// A variable that the platform needs.
pub static VARIABLE_NOT_SET: RuleInfo = RuleInfo {
    code: "variable-not-set",
    level: Level::Error,
    summary: "an environment variable that Docker Compose needs and that is not set",
    explanation: "\
On Docker Compose, `env_from_secret` takes the value from a variable of the environment, or of the \
file `.env` beside the Flow. Set it before `flowship up`.",
};

/// The rules of all deployers.
pub static RULES: &[&RuleInfo] = &[&FOREIGN_OBJECT, &NOT_STARTED, &VARIABLE_NOT_SET];
