//! The values of the variables that a Flow refers to.

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::bail;
use flow_model::{Level, Levels, Variables};

use crate::args::Compile;
use crate::env_file;

/// The environment of the process. Only names that are used are ever looked up, and text that is not
/// UTF-8 has no place in what is written of them.
pub(crate) fn environment() -> BTreeMap<String, String> {
    let utf8 = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(utf8).collect()
}

/// The environment of the process, the files that the user named, and the context. The last file
/// that has a name wins.
pub(crate) fn variables(
    args: &Compile,
    levels: &Levels,
    least: Level,
) -> anyhow::Result<Variables> {
    let mut variables = Variables { environment: environment(), ..Variables::default() };
    for path in &args.env_file {
        env_file::read(path, &mut variables.environment, levels, least)?;
    }
    for pair in &args.set_context {
        let Some((name, value)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            // It may be a secret whose name was forgotten.
            bail!("`--set-context` takes NAME=VALUE; what was passed is not shown");
        };
        variables.context.insert(name.to_owned(), value.to_owned());
    }
    Ok(variables)
}
