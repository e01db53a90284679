//! What stands behind the names that a Flow uses.

use anyhow::bail;
use flow_model::Variables;

use crate::args::Compile;
use crate::env_file;

/// The environment of the process, the files that the user named, and the context. The last file
/// that has a name wins.
pub(crate) fn variables(args: &Compile) -> anyhow::Result<Variables> {
    let mut variables = Variables::default();
    // Only names that the Flow uses are ever looked up; text that is no UTF-8 fits in none.
    let utf8 = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    variables.environment.extend(std::env::vars_os().filter_map(utf8));
    for path in &args.env_file {
        variables.environment.extend(env_file::read(path)?);
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
