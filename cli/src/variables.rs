//! What stands behind the names that a Flow uses.

use anyhow::Context as _;
use flow_model::Variables;

use crate::args::Compile;

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
        let shown = path.display();
        let pairs =
            dotenvy::from_path_iter(path).with_context(|| format!("cannot read {shown}"))?;
        for pair in pairs {
            let (name, value) =
                pair.with_context(|| format!("{shown} is no file of NAME=VALUE"))?;
            variables.environment.insert(name, value);
        }
    }
    variables.context.extend(args.set_context.iter().cloned());
    Ok(variables)
}
