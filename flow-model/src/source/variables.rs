//! The values of the variables that a Flow refers to.

use std::collections::BTreeMap;

use crate::span::Spanned;

/// Values that the caller passes in. Only names that a text uses are looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    /// Behind `${{ ENV.NAME }}`, `$NAME` and `${NAME}`.
    pub environment: BTreeMap<String, String>,
    /// Behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`.
    pub context: BTreeMap<String, String>,
}

/// The names of variables whose values a text took, each at the value that it went into.
pub type UsedVariables = Vec<Spanned<String>>;
