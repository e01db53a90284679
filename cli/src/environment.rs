//! The variables that a run may see.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

use anyhow::bail;

/// The variables that a run may see.
#[derive(Debug, Clone, Default)]
pub(crate) enum Environment {
    /// Those of the process.
    #[default]
    Process,
    /// Only these, whatever the process has.
    Given(Arc<BTreeMap<String, String>>),
}

impl Environment {
    /// All variables. Those that are not valid UTF-8 are left out, because output is UTF-8.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        let utf8 = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        match self {
            Self::Process => std::env::vars_os().filter_map(utf8).collect(),
            Self::Given(variables) => BTreeMap::clone(variables),
        }
    }

    /// One variable; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> anyhow::Result<Option<String>> {
        let value = match self {
            Self::Given(variables) => variables.get(name).cloned(),
            Self::Process => match std::env::var(name) {
                Ok(value) => Some(value),
                Err(std::env::VarError::NotPresent) => None,
                Err(std::env::VarError::NotUnicode(_)) => bail!("{name} is not UTF-8"),
            },
        };
        Ok(value.filter(|value| !value.is_empty()))
    }
}
