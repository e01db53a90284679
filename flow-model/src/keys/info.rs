//! The description of a key in the table.

use super::{ExecutorKey, FlowKey, GatewayKey};
use crate::span::Spanned;
use crate::values::{ArgumentValue, Form};

/// One row of the table of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// The key as it is written.
    pub name: &'static str,
    /// Other spellings that Jina takes for the same key.
    pub aliases: &'static [&'static str],
    /// What may stand there, with an article: `a positive integer`.
    pub expects: &'static str,
    /// The form of such values.
    pub form: Form,
    /// What holds when the key is absent, in words or as YAML.
    pub default: &'static str,
    /// What it becomes for Jina's own processes.
    pub flag: Option<Flag>,
    /// True for a key that `with:` of a Flow hands down to every entry of this scope.
    pub inherited: bool,
    /// The first minor release of Jina 3 whose parsers know it (read from the releases on PyPI;
    /// `3.0` also stands for what is older).
    pub since: &'static str,
    /// What the key is for, in Markdown.
    pub doc: &'static str,
}

impl KeyInfo {
    /// The name and its other spellings.
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// A command-line flag of a Jina process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flag {
    /// With its two dashes.
    pub name: &'static str,
    /// The processes that take it.
    pub roles: Roles,
}

/// A flag and the value that a Flow gives it.
pub(crate) type SetFlag = (&'static str, Spanned<ArgumentValue>);

/// The role of a container in a Flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The Flow's door: routes a request through the graph.
    Gateway,
    /// Spreads requests over the shards of one Executor.
    Head,
    /// Runs the Executor itself.
    Worker,
    /// Runs before the shards, beside the head.
    UsesBefore,
    /// Runs after the shards, beside the head.
    UsesAfter,
}

/// The processes of one Executor (or the gateway) that take a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roles {
    /// The gateway.
    Gateway,
    /// Only what runs the Executor's own code on the Executor's own requests.
    Worker,
    /// Only the head.
    Head,
    /// Workers, uses-before and uses-after: whatever runs user code.
    UserCode,
    /// Workers and the head: whatever is replicated or sharded.
    WorkerAndHead,
    /// Every process of the Executor.
    Every,
}

impl Roles {
    /// Whether a process of this role takes the flag.
    pub fn contains(self, role: Role) -> bool {
        match self {
            Self::Gateway => role == Role::Gateway,
            Self::Worker => role == Role::Worker,
            Self::Head => role == Role::Head,
            Self::UserCode => matches!(role, Role::Worker | Role::UsesBefore | Role::UsesAfter),
            Self::WorkerAndHead => matches!(role, Role::Worker | Role::Head),
            Self::Every => role != Role::Gateway,
        }
    }
}

/// Where a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `with:` of a Flow; besides its own keys it takes those that entries inherit.
    Flow,
    /// `gateway:`.
    Gateway,
    /// An entry of `executors:`.
    Executor,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Flow, Self::Gateway, Self::Executor];

    /// The rows of the scope's own keys.
    pub fn rows(self) -> Vec<&'static KeyInfo> {
        match self {
            Self::Flow => FlowKey::ALL.iter().map(|key| key.info()).collect(),
            Self::Gateway => GatewayKey::ALL.iter().map(|key| key.info()).collect(),
            Self::Executor => ExecutorKey::ALL.iter().map(|key| key.info()).collect(),
        }
    }

    /// Every row of which the key may be written in this scope: `with:` of a Flow also takes
    /// what its entries inherit.
    pub fn accepted(self) -> Vec<&'static KeyInfo> {
        let mut rows = self.rows();
        if self == Self::Flow {
            for scope in [Self::Gateway, Self::Executor] {
                rows.extend(scope.rows().into_iter().filter(|info| info.inherited));
            }
        }
        rows
    }

    /// The scope as findings name it.
    pub fn place(self) -> &'static str {
        match self {
            Self::Flow => "`with` of a Flow",
            Self::Gateway => "`gateway`",
            Self::Executor => "an Executor",
        }
    }
}

/// A key of the table, whichever scope it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Of `with:`.
    Flow(FlowKey),
    /// Of `gateway:`.
    Gateway(GatewayKey),
    /// Of an Executor.
    Executor(ExecutorKey),
}

impl Key {
    /// The whole table.
    pub fn all() -> impl Iterator<Item = Self> {
        (FlowKey::ALL.iter().map(|key| Self::Flow(*key)))
            .chain(GatewayKey::ALL.iter().map(|key| Self::Gateway(*key)))
            .chain(ExecutorKey::ALL.iter().map(|key| Self::Executor(*key)))
    }

    /// The row.
    pub fn info(self) -> &'static KeyInfo {
        match self {
            Self::Flow(key) => key.info(),
            Self::Gateway(key) => key.info(),
            Self::Executor(key) => key.info(),
        }
    }

    /// Where the key is written.
    pub fn scope(self) -> Scope {
        match self {
            Self::Flow(_) => Scope::Flow,
            Self::Gateway(_) => Scope::Gateway,
            Self::Executor(_) => Scope::Executor,
        }
    }
}
