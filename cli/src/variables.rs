//! The values of the variables that a Flow refers to.

use anyhow::bail;
use flow_model::{Levels, Variables};

use crate::args::Compile;
use crate::env_file;
use crate::findings::Report;

/// The environment, the files that the user named, and the context. If several files
/// set the same name, the last one wins.
pub(crate) fn variables(
    args: &Compile,
    levels: &Levels,
    report: &mut Report,
) -> anyhow::Result<Variables> {
    let mut variables = Variables { environment: args.environment.all(), ..Variables::default() };
    for path in &args.env_file {
        env_file::read(path, &mut variables.environment, levels, report)?;
    }
    for pair in &args.set_context {
        let Some((name, value)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            // The value may be a secret without its name.
            bail!("`--set-context` takes NAME=VALUE; what was passed is not shown");
        };
        variables.context.insert(name.to_owned(), value.to_owned());
    }
    Ok(variables)
}
