//! The values of the variables that a Flow refers to.

use std::collections::BTreeMap;

use crate::span::Spanned;

/// Values that the caller passes in. Only names that a text uses are looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    /// The values of `${{ ENV.NAME }}`, `$NAME` and `${NAME}`.
    pub environment: BTreeMap<String, String>,
    /// The values of `${{ CONTEXT.NAME }}` and `${{ NAME }}`.
    pub context: BTreeMap<String, String>,
}

/// The names of the variables that a text uses, each with the place of the value that it was
/// substituted into.
pub type UsedVariables = Vec<Spanned<String>>;
